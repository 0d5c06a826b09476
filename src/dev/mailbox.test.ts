import { env as bindings } from 'cloudflare:workers'
import { Hono } from 'hono'
import { beforeEach, describe, expect, it } from 'vitest'
import { readEnv } from '../env'
import { local, mailbox } from './mailbox'

const env = readEnv(bindings)
const app = new Hono().route('/dev', mailbox)
const get = (path: string) => app.request(path, {}, env)

const letter = (id: string, subject: string) => ({
  id,
  to: 'pia@acme.test',
  from: { email: 'invitations@latchkey.test', name: 'Latchkey' },
  subject,
  html: `<!doctype html><html><head><title>${subject}</title></head><body style="margin:0">Hello</body></html>`,
  text: 'Open:\nhttp://localhost:8787/invitation?token=a.b-c_d\n\nSign in:\nhttp://localhost:8787/login',
})

beforeEach(async () => {
  const { keys } = await env.USED_TOKENS.list()
  await Promise.all(keys.map(({ name }) => env.USED_TOKENS.delete(name)))
})

describe('the mailbox of a developer', () => {
  it('lists letters newest first, with the links of their text', async () => {
    await local(env).send(letter('b', 'Older'))
    await new Promise((resolve) => setTimeout(resolve, 5))
    await local(env).send(letter('a', 'Newer'))

    expect(await (await get('/dev/mailbox.json')).json()).toMatchObject([
      { id: 'a', to: 'pia@acme.test', subject: 'Newer' },
      { id: 'b', subject: 'Older', links: ['http://localhost:8787/invitation?token=a.b-c_d', 'http://localhost:8787/login'] },
    ])
  })

  it('looks only for the letters of one address when it is asked to', async () => {
    await local(env).send(letter('a', 'To Pia'))
    await local(env).send({ ...letter('b', 'To Bob'), to: 'bob@acme.test' })
    await local(env).send({ ...letter('c', 'To somebody like Bob'), to: 'bob@acme.test.example' })

    const asked = await get(`/dev/mailbox.json?${new URLSearchParams({ to: 'bob@acme.test' })}`)
    expect(await asked.json()).toEqual([expect.objectContaining({ id: 'b' })])
  })

  it('keeps one letter for one row', async () => {
    await local(env).send(letter('a', 'First'))
    await local(env).send(letter('a', 'Again'))

    expect(await (await get('/dev/mailbox.json')).json()).toMatchObject([{ subject: 'First' }])
  })

  it('shows a letter in a frame that can run nothing and load nothing', async () => {
    await local(env).send(letter('a', 'Hello'))
    const page = await (await get('/dev/mailbox')).text()
    const frame = await get('/dev/mailbox/a')

    expect(page).toContain('<iframe src="/dev/mailbox/a"')
    expect(frame.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
    expect(frame.headers.get('Content-Security-Policy')).toContain('sandbox')
    expect(frame.headers.get('Referrer-Policy')).toBe('no-referrer')
    expect(await frame.text()).toContain('<base target="_blank">')
  })

  it('says so while it is empty, and knows no letter that was not sent', async () => {
    expect(await (await get('/dev/mailbox')).text()).toContain('No email yet')
    expect((await get('/dev/mailbox/none')).status).toBe(404)
  })
})
