import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { invitee, viewerNamed } from '../../../test/cast'
import { Client } from '../../../test/client'
import { all, dump, linkIn, one, resetLinkIn, run } from '../../../test/database'
import { AT_ONCE, TRIES, tryOften } from '../../../test/race'
import { emptyKv, LYING, STALE, usedTokens } from '../../../test/used-tokens'
import * as password from '../../models/identity/password'

const hashOf = (typed: string) => `$scrypt$of ${typed}`
const passwordOf = (i: number) => `plum teapot orbit canyon ${i}`

/** scrypt would take five minutes here; what counts is whose hash is stored. */
const hash = vi.spyOn(password, 'hashPassword')

afterAll(() => vi.restoreAllMocks())

beforeEach(() => {
  hash.mockReset().mockImplementation(async (typed) => hashOf(typed))
})

const holding = (client: Client, cookie: string, link: string) => {
  client.cookies.set(cookie, new URL(link, 'https://latchkey.test').searchParams.get('token') ?? '')
  return client
}

/** All post the same form at once with a password of their own. @returns the one whom it led to sign in, by number */
async function race(clients: Client[], cookie: string, link: string, path: string) {
  const posts = clients.map((client, i) => holding(client, cookie, link).post(path, { password: passwordOf(i) }))
  const answers = await Promise.all(posts)
  const leads = answers.map((answer) => answer.headers.get('Location') ?? answer.status)
  const winners = leads.flatMap((lead, i) => (lead === '/login' ? [i] : []))

  expect(winners).toHaveLength(1)
  for (const lead of leads) expect(['/login', path.replace('/accept', ''), 410]).toContain(lead)
  return winners[0] ?? -1
}

const KVS = [
  { kv: 'working', bindings: {}, before: async () => {}, lateTrips: 0 },
  { kv: 'emptied', bindings: {}, before: emptyKv, lateTrips: 1 },
  { kv: 'answering stale', bindings: { USED_TOKENS: STALE }, before: async () => {}, lateTrips: 1 },
]

describe.each(KVS)('with a KV $kv, twenty who use one link at once', ({ bindings, before, lateTrips }) => {
  const clients = Array.from({ length: AT_ONCE }, () => new Client(bindings))
  const late = new Client(bindings)
  const isTooLate = async (cookie: string, link: string, path: string) => {
    await before()
    const answer = await holding(late, cookie, link).post(path, { password: passwordOf(AT_ONCE) })
    expect([answer.status, late.roundTrips]).toEqual([410, lateTrips])
  }

  it('of an invitation make one member, one user and one password, and who comes later is told', async () => {
    const ada = await viewerNamed('ada')
    await tryOften(async () => {
      const nell = await invitee(ada)
      const link = await linkIn(nell.email)
      const winner = await race(clients, '__Host-invitation', link, '/invitation/accept')
      await isTooLate('__Host-invitation', link, '/invitation/accept')

      const users = await all('SELECT password_hash FROM users WHERE email_key = ?', nell.email)
      expect(users).toEqual([{ password_hash: hashOf(passwordOf(winner)) }])
      expect(await one('SELECT status FROM members WHERE id = ?', nell.memberId)).toEqual({ status: 'active' })
    }, TRIES)
  })

  it('of a reset set one password, and who comes later is told', async () => {
    await tryOften(async () => {
      await run('DELETE FROM throttles')
      await run("DELETE FROM mails WHERE to_key = 'bob@acme.test'")
      await new Client().post('/forgot-password', { email: 'bob@acme.test' })
      const link = await resetLinkIn('bob@acme.test')
      const winner = await race(clients, '__Host-password_reset', link, '/reset-password')
      await isTooLate('__Host-password_reset', link, '/reset-password')

      const stored = await one("SELECT password_hash FROM users WHERE id = 'user-bob'")
      expect(stored).toEqual({ password_hash: hashOf(passwordOf(winner)) })
    }, 10)
  })
})

describe('a KV that calls a fresh link used', () => {
  it.each([
    ['invitation', '/invitation', '/invitation/accept', () => linkIn('pia@acme.test')],
    [
      'password_reset',
      '/reset-password',
      '/reset-password',
      async () => {
        await new Client().post('/forgot-password', { email: 'bob@acme.test' })
        return resetLinkIn('bob@acme.test')
      },
    ],
  ] as const)('lets nobody in by an %s, and uses nothing up', async (purpose, page, path, linkOf) => {
    const link = await linkOf()
    const before = await dump()
    const fooled = holding(new Client({ USED_TOKENS: LYING }), `__Host-${purpose}`, link)
    const answers = [await fooled.get(page), await fooled.post(path, { password: passwordOf(0) })]

    expect(answers.map(({ status }) => status)).toEqual([410, 410])
    expect(fooled.roundTrips).toBe(0)
    expect(await dump()).toEqual(before)
    const again = await holding(new Client(), `__Host-${purpose}`, link).post(path, { password: passwordOf(0) })
    expect(again.headers.get('Location')).toBe('/login')
    expect(await usedTokens()).toEqual([expect.stringMatching(new RegExp(`^used:${purpose}:[\\w-]{43}$`))])
  })
})
