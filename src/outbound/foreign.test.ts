import { afterEach, describe, expect, it, vi } from 'vitest'
import { askForeign } from './foreign'

afterEach(() => vi.restoreAllMocks())

describe('an answer', () => {
  const told = (answer: Response | Promise<Response>) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => answer)
  const ask = (limits?: Parameters<typeof askForeign>[2]) => askForeign('https://client.example/app', {}, limits)

  it('is what came, with nothing of ours sent along', async () => {
    const fetched = told(Response.json({ ok: 'ü' }))
    expect(await ask()).toEqual({ status: 200, contentType: 'application/json', text: '{"ok":"ü"}' })
    expect(fetched.mock.calls).toEqual([
      ['https://client.example/app', { headers: {}, redirect: 'manual', signal: expect.any(AbortSignal) }],
    ])
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
