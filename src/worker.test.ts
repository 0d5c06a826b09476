import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { env as bindings } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { all } from '../test/database'
import { listen } from '../test/logged'
import { app } from './app'
import { worker } from './worker'

const { fetch, scheduled } = worker(app, {})
const WRONG = { ...bindings, APP_ORIGIN: undefined, MAX_PENDING: 'nell@acme.test' } as unknown as typeof bindings

const LINES = [
  'APP_ORIGIN is missing: set it to the address people use, such as https://access.example.com.',
  'MAX_PENDING must be a whole number from 1 to 999999999.',
].map((setting) => expect.objectContaining({ action: 'start', outcome: 'misconfigured', setting }))

async function heard(act: () => unknown) {
  const ear = listen()
  const answer = await act()
  return { answer, lines: ear.stop().map((line) => JSON.parse(line)) }
}

it('a Worker with a wrong setting answers 503 in words, and its log says which settings, without what they hold', async () => {
  const request = new Request('https://latchkey.test/login') as Parameters<NonNullable<typeof fetch>>[0]
  const { answer, lines } = await heard(() => fetch?.(request, WRONG, createExecutionContext()))

  expect(lines).toEqual(LINES)
  const response = answer as Response
  expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '60'])
  expect(await response.text()).toBe('Latchkey is not configured correctly. Its log says which setting to correct.\n')
})

it('a Cron with a wrong setting says so and does nothing', async () => {
  const before = await all('SELECT * FROM mails')
  const run = async () => scheduled?.(createScheduledController({ cron: '* * * * *' }), WRONG, createExecutionContext())
  const { lines } = await heard(() => expect(run()).rejects.toThrow('Waiting for a setting'))

  expect(lines).toEqual(LINES)
  expect(await all('SELECT * FROM mails')).toEqual(before)
})
