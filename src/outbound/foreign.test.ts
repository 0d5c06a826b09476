import { afterEach, describe, expect, it, vi } from 'vitest'
import { askForeign, mayAsk } from './foreign'

const OURS = ['https://latchkey.example', 'https://old.example']

afterEach(() => vi.restoreAllMocks())

describe('an address that somebody gave us', () => {
  it.each([
    'https://client.example/oauth.json',
    'https://client.example:443/oauth.json?version=2',
    'https://deep.down.client.example/',
    'https://bücher.example/app',
    'https://notlatchkey.example/app',
    'https://latchkey.example.client.example/app',
  ])('%s may be asked', (address) => {
    expect(mayAsk(address, OURS)).toBe(true)
  })

  it.each([
    ['plain HTTP', 'http://client.example/app'],
    ['another scheme', 'file:///etc/passwd'],
    ['data', 'data:application/json,{}'],
    ['no URL', 'client.example/app'],
    ['another port', 'https://client.example:8443/app'],
    ['the port of plain HTTP', 'https://client.example:80/app'],
    ['a name', 'https://somebody@client.example/app'],
    ['a password', 'https://:secret@client.example/app'],
    ['a name that looks like a host', 'https://client.example@127.0.0.1/app'],
    ['a fragment', 'https://client.example/app#part'],
    ['ourselves', 'https://latchkey.example/app'],
    ['ourselves in capitals', 'https://LATCHKEY.example/app'],
    ['ourselves with the dot of the root', 'https://latchkey.example./app'],
    ['ourselves in full-width letters', 'https://ｌatchkey.example/app'],
    ['where we were before', 'https://old.example/app'],
    ['this machine', 'https://localhost/app'],
    ['this machine with the dot of the root', 'https://localhost./app'],
    ['a name of this machine', 'https://app.localhost/'],
    ['an IPv4 address', 'https://192.0.2.1/app'],
    ['the loopback address', 'https://127.0.0.1/app'],
    ['a short one', 'https://127.1/app'],
    ['a decimal one', 'https://2130706433/app'],
    ['an octal one', 'https://0177.0.0.1/app'],
    ['a hexadecimal one', 'https://0x7f000001/app'],
    ['one in full-width digits', 'https://１２７.0.0.1/app'],
    ['one with the dot of the root', 'https://127.0.0.1./app'],
    ['the address of metadata of a cloud', 'https://169.254.169.254/latest/meta-data/'],
    ['nothing', 'https://0/app'],
    ['an IPv6 address', 'https://[2001:db8::1]/app'],
    ['the loopback address of IPv6', 'https://[::1]/app'],
    ['an IPv4 address in one of IPv6', 'https://[::ffff:127.0.0.1]/app'],
    ['a name without a dot', 'https://intranet/app'],
    ['a name of a network of its own', 'https://router.local/app'],
    ['a name of a cloud of its own', 'https://metadata.google.internal/app'],
    ['a name at home', 'https://nas.home.arpa/app'],
    ['a name of Tor', 'https://client.onion/app'],
    ['a name that is too long', `https://${'a.'.repeat(127)}example/app`],
  ])('with %s may not', (_, address) => {
    expect(mayAsk(address, OURS)).toBe(false)
  })
})

describe('an answer', () => {
  const told = (answer: Response | Promise<Response>) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => answer)
  const ask = (limits?: Parameters<typeof askForeign>[2]) => askForeign('https://client.example/app', {}, limits)

  it('is what came, with nothing of ours sent along', async () => {
    const fetched = told(Response.json({ ok: 'ü' }))
    expect(await ask()).toEqual({ status: 200, contentType: 'application/json', text: '{"ok":"ü"}' })
    expect(fetched.mock.calls).toEqual([['https://client.example/app', { redirect: 'manual', signal: expect.any(AbortSignal) }]])
  })

  it.each([301, 302, 303, 307, 308])('that leads elsewhere by %i is none, and is not followed', async (status) => {
    const fetched = told(new Response(null, { status, headers: { Location: 'https://169.254.169.254/' } }))
    expect(await ask()).toBeUndefined()
    expect(fetched).toHaveBeenCalledTimes(1)
  })

  it('of five KiB is one, and a byte more is none', async () => {
    told(new Response('a'.repeat(5120)))
    expect((await ask())?.text).toHaveLength(5120)
    told(new Response('a'.repeat(5121)))
    expect(await ask()).toBeUndefined()
  })

  it('counts in bytes', async () => {
    told(new Response('ü'.repeat(2561)))
    expect(await ask()).toBeUndefined()
  })

  it('that never ends is left where it is too long', async () => {
    const cancelled = vi.fn()
    const pull = (controller: ReadableStreamDefaultController) => controller.enqueue(new Uint8Array(1024))
    told(new Response(new ReadableStream({ pull, cancel: cancelled })))
    expect(await ask()).toBeUndefined()
    expect(cancelled).toHaveBeenCalledTimes(1)
  })

  it('that does not come in time is none', async () => {
    vi.spyOn(globalThis, 'fetch').mockImplementation(
      (_, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))),
    )
    expect(await ask({ timeoutMs: 20, bytes: 10 })).toBeUndefined()
  })

  it('that fails is none', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('no route to host'))
    expect(await ask()).toBeUndefined()
  })
})
