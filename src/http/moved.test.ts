import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { Client } from '../../test/client'
import { linkFor } from '../../test/links'
import { app } from '../app'
import { readEnv } from '../env'

const OLD = 'https://old.latchkey.test'
const bindings = readEnv({ ...env, OLD_ORIGINS: `https://older.latchkey.test,${OLD}` } as typeof env)
const ask = (url: string, init?: RequestInit) => app.request(url, init, bindings, createExecutionContext())

it.each(['/login?next=%2Faccount', '/w/acme/access/users?q=pia', '/nowhere'])(
  '%s leads from an older address to the one of now',
  async (path) => {
    const answer = await ask(OLD + path)
    expect([answer.status, answer.headers.get('Location')]).toEqual([308, `${env.APP_ORIGIN}${path}`])
  },
)

it.each([OLD, env.APP_ORIGIN])('plain HTTP at the host of %s leads to HTTPS at the address of now', async (origin) => {
  const answer = await ask(`${origin.replace('https:', 'http:')}/login?next=%2Faccount`)
  expect([answer.status, answer.headers.get('Location')]).toEqual([308, `${env.APP_ORIGIN}/login?next=%2Faccount`])
})

it('a machine that speaks plain HTTP is led nowhere', async () => {
  const answer = await ask(`${env.APP_ORIGIN.replace('https:', 'http:')}/webhooks/mail/mailchannels`, {
    method: 'POST',
    body: '[]',
  })
  expect(answer.status).toBe(401)
})

it('a link that was emailed before the move opens its page at the new address', async () => {
  const path = await linkFor('pia')
  const { pathname, search } = new URL(path, OLD)
  const moved = await ask(`${OLD}${pathname}${search}`)
  const answer = await new Client().get((moved.headers.get('Location') ?? '').replace(env.APP_ORIGIN, ''))

  expect([answer.status, answer.headers.get('Location')]).toEqual([303, expect.stringMatching(/^\/invitation\/[\w-]{16}$/)])
})

it('a form from a page of the older address changes nothing there', async () => {
  const answer = await ask(`${OLD}/logout`, { method: 'POST', headers: { Origin: OLD } })
  expect([answer.status, answer.headers.get('Location')]).toEqual([308, `${env.APP_ORIGIN}/logout`])
})

it('a webhook that is still sent to the older address is answered there', async () => {
  expect((await ask(`${OLD}/webhooks/mail/mailchannels`, { method: 'POST', body: '[]' })).status).toBe(401)
})

it('no other address leads anywhere', async () => {
  expect((await ask('https://latchkey.example/login')).status).toBe(200)
})
