import { afterEach, describe, expect, it, vi } from 'vitest'
import { Client } from '../../../test/client'
import { all, facts, run } from '../../../test/database'

const STATES = ['bob@acme.test', 'nobody@acme.test', 'pia@acme.test', 'dov@acme.test', 'gone@acme.test']

async function ask(email: string, client = new Client()) {
  const answer = await client.post('/forgot-password', { email })
  const { status, headers } = answer
  return {
    status,
    headers: Object.fromEntries(headers),
    body: await answer.text(),
    trips: client.roundTrips,
    posted: client.posted.length,
    writes: client.bill.trips.map((rows) => rows > 0),
  }
}

afterEach(() => vi.useRealTimers())

describe('asking for a forgotten password', () => {
  it('answers the same to active, unknown, pending, disabled and cancelled, with the same work', async () => {
    await run(
      "INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at) VALUES ('gone', 'acme', 'gone@acme.test', 'gone@acme.test', 'user', 'pending', 'all', 1)",
    )
    await run("DELETE FROM members WHERE id = 'gone'")
    const [first, ...others] = await Promise.all(STATES.map((email) => ask(email)))

    expect(first).toMatchObject({ status: 303, headers: { location: '/forgot-password?sent' }, trips: 2, writes: [true, true] })
    for (const other of others) expect(other).toEqual(first)
  })

  it('then says what happens if the address is known, and shows no address', async () => {
    const page = await (await new Client().get('/forgot-password?sent')).text()

    expect(page).toContain('If that address has an account or an invitation here, we have emailed it a link.')
  })

  it('the fourth time in an hour answers like the first, and emails nobody', async () => {
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await ask('bob@acme.test'))

    expect(answers[3]).toEqual(answers[0])
    expect(await all("SELECT id FROM mails WHERE kind = 'password_reset'")).toHaveLength(3)
  })

  it('the sixty-first time in an hour from one network is refused with Retry-After and a sentence, whatever the address', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const from = { headers: { 'CF-Connecting-IP': '2001:db8:9:9::1' } }
    const client = new Client()
    for (let i = 0; i < 60; i++) await client.post('/forgot-password', { email: `nobody${i}@acme.test` }, from)
    const before = await facts()
    const answers = []
    for (const email of ['bob@acme.test', 'nobody@acme.test']) answers.push(await client.post('/forgot-password', { email }, from))

    for (const answer of answers) {
      expect(answer.status).toBe(429)
      expect(answer.headers.get('Retry-After')).toBe('3600')
      expect((await answer.text()).replaceAll(/<[^>]+>/g, '')).toContain('You can try again in 1 hour.')
    }
    expect(await facts()).toEqual(before)
  })

  it('with something that is no address is refused beside the field', async () => {
    const answer = await ask('nobody')

    expect([answer.status, answer.trips]).toEqual([422, 0])
    expect(answer.body).toContain('That does not look like an email address.')
    expect(answer.body).toContain('value="nobody"')
  })
})
