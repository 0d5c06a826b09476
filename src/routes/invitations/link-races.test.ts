import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { actNamed, invitee } from '../../../test/cast'
import { Client } from '../../../test/client'
import { all, dump, linkIn, one, resetLinkIn, run } from '../../../test/database'
import { tokenIn } from '../../../test/opened-link'
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

/** Where the page of a link is, and its token. */
async function pageOf(link: string) {
  const answer = await new Client().get(link)
  return { page: answer.headers.get('Location') ?? '', token: tokenIn(link) }
}

type Page = Awaited<ReturnType<typeof pageOf>>

const loginAfter = ({ page }: Page) => `/login?from=${page.split('/')[2]}`

/** All post the same form at once with a password of their own. @returns the one whom it led to sign in, by number */
async function race(clients: Client[], link: Page, action: string) {
  const answers = await Promise.all(
    clients.map((client, i) => client.post(link.page + action, { token: link.token, password: passwordOf(i) })),
  )
  const leads = answers.map((answer) => answer.headers.get('Location') ?? answer.status)
  const winners = leads.flatMap((lead, i) => (lead === loginAfter(link) ? [i] : []))

  expect(winners).toHaveLength(1)
  for (const lead of leads) expect([loginAfter(link), link.page, 410]).toContain(lead)
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
  const isTooLate = async (link: Page, action: string) => {
    await before()
    const answer = await late.post(link.page + action, { token: link.token, password: passwordOf(AT_ONCE) })
    expect([answer.status, late.roundTrips]).toEqual([410, lateTrips])
  }

  it('of an invitation make one member, one user and one password, and who comes later is told', async () => {
    const ada = await actNamed('ada')
    await tryOften(async () => {
      const nell = await invitee(ada)
      const link = await pageOf(await linkIn(nell.email))
      const winner = await race(clients, link, '/accept')
      await isTooLate(link, '/accept')

      const passwords = await all(
        'SELECT c.secret FROM credentials c JOIN users u ON u.id = c.user_id WHERE u.email_key = ?',
        nell.email,
      )
      expect(passwords).toEqual([{ secret: hashOf(passwordOf(winner)) }])
      expect(await one('SELECT status FROM members WHERE id = ?', nell.memberId)).toEqual({ status: 'active' })
    }, TRIES)
  })

  it('of a reset set one password, and who comes later is told', async () => {
    await tryOften(async () => {
      await run('DELETE FROM throttles')
      await run("DELETE FROM mails WHERE to_key = 'bob@acme.test'")
      await new Client().post('/forgot-password', { email: 'bob@acme.test' })
      const link = await pageOf(await resetLinkIn('bob@acme.test'))
      const winner = await race(clients, link, '')
      await isTooLate(link, '')

      const stored = await one("SELECT secret FROM credentials WHERE user_id = 'user-bob'")
      expect(stored).toEqual({ secret: hashOf(passwordOf(winner)) })
    }, 10)
  })
})

describe('a KV that calls a fresh link used', () => {
  it.each([
    ['invitation', '/accept', () => linkIn('pia@acme.test')],
    [
      'password_reset',
      '',
      async () => {
        await new Client().post('/forgot-password', { email: 'bob@acme.test' })
        return resetLinkIn('bob@acme.test')
      },
    ],
  ] as const)('lets nobody in by an %s, and uses nothing up', async (purpose, action, linkOf) => {
    const link = await linkOf()
    const { page, token } = await pageOf(link)
    const before = await dump()
    const fooled = new Client({ USED_TOKENS: LYING })
    await fooled.get(link)
    const answers = [await fooled.get(page), await fooled.post(page + action, { token, password: passwordOf(0) })]

    expect(answers.map(({ status }) => status)).toEqual([410, 410])
    expect(fooled.roundTrips).toBe(0)
    expect(await dump()).toEqual(before)
    const again = await new Client().post(page + action, { token, password: passwordOf(0) })
    expect(again.headers.get('Location')).toBe(loginAfter({ page, token }))
    expect(await usedTokens()).toEqual([expect.stringMatching(new RegExp(`^used:${purpose}:[\\w-]{43}$`))])
  })
})
