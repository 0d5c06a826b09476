import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, type Invitee, invitee, NO_CAPS, somebody } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { HOUR_MS, RESEND } from '../../limits'
import type { MemberAct } from '../core/act'
import { accept } from './acceptance'
import { cancel } from './cancel'
import { decline } from './decline'
import { invitationOf, toInvitation } from './invitation'
import { resend } from './resend'

const LIFETIME_MS = 72 * HOUR_MS

const hashOf = (i: number) => `$scrypt$of-try-${i}`
let ada: MemberAct
let cat: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  cat = await actNamed('cat')
})

const acceptAs = ({ jti }: Pick<Invitee, 'jti'>, i = 0, now = Date.now()) =>
  accept(somebody(now), jti, { passwordHash: hashOf(i), name: null })

const passwordsOf = (emailKey: string) =>
  all('SELECT c.secret FROM credentials c JOIN users u ON u.id = c.user_id WHERE u.email_key = ?', emailKey)

/** What became of an invited person: one story, told by the activity log, and rows that agree with it. */
const storyOf = ({ memberId, email }: Invitee) =>
  one<{ member: string | null; users: number; linked: number; open: number; log: string }>(
    `SELECT (SELECT status FROM members WHERE id = ?1) AS member,
      (SELECT count(*) FROM users WHERE email_key = ?2) AS users,
      (SELECT count(*) FROM members m JOIN users u ON u.id = m.user_id WHERE m.id = ?1 AND u.email_key = ?2) AS linked,
      (SELECT count(*) FROM invitations WHERE member_id = ?1 AND state = 'open') AS open,
      (SELECT group_concat(kind, ' ') FROM (SELECT kind FROM activity WHERE member_id = ?1 ORDER BY at, id)) AS log`,
    memberId,
    email,
  )

const ACCEPTED = { member: 'active', users: 1, linked: 1, open: 0, log: 'invited accepted' }
const GONE = { member: null, users: 0, linked: 0, open: 0 }

describe('twenty acceptances of one link at once', () => {
  it('make one member and one user, whose password is that of the one that won', async () => {
    await tryOften(async () => {
      const nell = await invitee(ada)
      const won = await together((i) => acceptAs(nell, i))

      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await storyOf(nell)).toEqual(ACCEPTED)
      const hash = hashOf(won.indexOf(true))
      expect(await passwordsOf(nell.email)).toEqual([{ secret: hash }])
    })
  })

  it('of two workspaces for one address make one user, in one of them', async () => {
    await tryOften(async () => {
      const here = await invitee(ada)
      const there = await invitee(cat, here.email)
      const won = await together((i) => acceptAs(i % 2 ? here : there, i))

      expect(won.filter(Boolean)).toHaveLength(1)
      const members = await all('SELECT status FROM members WHERE email_key = ? ORDER BY status', here.email)
      expect(members).toEqual([{ status: 'active' }, { status: 'pending' }])
      const hash = hashOf(won.indexOf(true))
      expect(await passwordsOf(here.email)).toEqual([{ secret: hash }])
    }, 20)
  })
})

describe('an acceptance that meets', () => {
  const later = () => Date.now() + RESEND.cooldownMs + 1000
  const rivals = {
    'a cancellation': ({ memberId }: Invitee) => cancel({ ...ada, now: later() }, memberId),
    'a refusal': ({ jti }: Invitee) => decline(somebody(later()), jti, { never: false }),
    'a resend': async ({ memberId }: Invitee) => 'mailId' in (await resend({ ...ada, now: later() }, memberId, NO_CAPS)),
  }
  const rivalWon: Record<keyof typeof rivals, object> = {
    'a cancellation': { ...GONE, log: 'invited cancelled' },
    'a refusal': { ...GONE, log: 'invited declined' },
    'a resend': { ...GONE, member: 'pending', open: 1, log: 'invited resent' },
  }

  it.each(Object.keys(rivals) as (keyof typeof rivals)[])('%s: exactly one of the two happens', async (rival) => {
    const winners = new Set<string>()
    await tryOften(async (attempt) => {
      const nell = await invitee(ada)
      const side = (i: number) => ((i + attempt) % 2 ? 'acceptance' : rival)
      const won = await together((i) => (side(i) === rival ? rivals[rival](nell) : acceptAs(nell, i, later())))

      expect(won.filter(Boolean)).toHaveLength(1)
      const winner = side(won.indexOf(true))
      winners.add(winner)
      expect(await storyOf(nell)).toEqual(winner === rival ? rivalWon[rival] : ACCEPTED)
    })
    expect(winners, 'who comes first wins, whichever of the two it is').toEqual(new Set(['acceptance', rival]))
  })
})

describe('a link', () => {
  it('of a suspended workspace lets nobody join, and works again afterwards', async () => {
    const nell = await invitee(ada)
    await run("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'")
    const before = await dump()
    expect(await acceptAs(nell)).toBe(false)
    expect(await dump()).toEqual(before)

    await run("UPDATE tenants SET suspended_at = NULL WHERE id = 'acme'")
    expect(await acceptAs(nell)).toBe(true)
  })

  it.each([
    ['its last millisecond', -1, true],
    ['the moment it expires', 0, false],
  ])('at %s', async (_, from, works) => {
    const now = Date.now()
    const nell = await invitee({ ...ada, now })

    expect(await acceptAs(nell, 0, now + LIFETIME_MS + from)).toBe(works)
  })

  it('that nobody issued changes nothing', async () => {
    const before = await dump()

    expect(await acceptAs({ jti: 'x'.repeat(43) })).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('gives the role and access that the database holds at that moment', async () => {
    const nell = await invitee(ada)
    await run("UPDATE members SET role = 'admin', agent_mode = 'list' WHERE id = ?", nell.memberId)
    await acceptAs(nell)

    expect(await one('SELECT role, agent_mode, status FROM members WHERE id = ?', nell.memberId)).toEqual({
      role: 'admin',
      agent_mode: 'list',
      status: 'active',
    })
  })

  it('whose acceptance fails half-way is as it was', async () => {
    const nell = await invitee(ada)
    await run("CREATE TRIGGER trouble BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'trouble'); END")
    const before = await dump()

    await expect(acceptAs(nell)).rejects.toThrow()
    expect(await dump()).toEqual(before)
  })
})

describe('an address that has an account', () => {
  const bob = { userId: 'user-bob' }
  const invited = () => invitee(cat, 'bob@acme.test')

  it('joins with it; password and name stay', async () => {
    const [users, passwords] = [await all('SELECT * FROM users ORDER BY id'), await all('SELECT * FROM credentials ORDER BY id')]
    const { jti, memberId } = await invited()

    expect(await accept(somebody(), jti, bob)).toBe(true)
    expect(await all('SELECT * FROM users ORDER BY id')).toEqual(users)
    expect(await all('SELECT * FROM credentials ORDER BY id')).toEqual(passwords)
    expect(await one('SELECT user_id, status, valid_from FROM members WHERE id = ?', memberId)).toEqual({
      user_id: 'user-bob',
      status: 'active',
      valid_from: 0,
    })
  })

  it('and was here before comes in only by a session from after it left', async () => {
    await run("INSERT INTO departures (user_id, tenant_id, at) VALUES ('user-bob', 'globex', 7000), ('user-bob', 'acme', 9000)")
    const { jti, memberId } = await invited()
    await accept(somebody(), jti, bob)

    expect(await one('SELECT valid_from FROM members WHERE id = ?', memberId)).toEqual({ valid_from: 7001 })
  })

  it('cannot be given a password by a link', async () => {
    const { jti } = await invited()
    const before = await dump()

    expect(await acceptAs({ jti })).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('cannot be joined by somebody else', async () => {
    const { jti } = await invited()
    const before = await dump()

    expect(await accept(somebody(), jti, { userId: 'user-ada' })).toBe(false)
    expect(await dump()).toEqual(before)
  })
})

describe('an invitation that was emailed, and copied to be handed over,', () => {
  const COPIED = 'c'.repeat(43)
  const both = async (by = ada, email?: string) => {
    const nell = await invitee(by, email)
    await run('UPDATE invitations SET copied_jti = ? WHERE jti = ?', COPIED, nell.jti)
    return nell
  }
  const provedAt = async (emailKey: string) =>
    (await one<{ proved_at: number | null }>('SELECT proved_at FROM users WHERE email_key = ?', emailKey))?.proved_at

  it('shows the same by either link', async () => {
    const { jti } = await both()
    const [[emailed], [copied]] = [await invitationOf(ada.db, jti), await invitationOf(ada.db, COPIED)]

    expect(copied).toEqual({ ...emailed, isEmailed: false })
    expect(emailed?.isEmailed).toBe(true)
  })

  it('is accepted by the emailed link, which proves the address, and the other is closed', async () => {
    const nell = await both()
    const now = Date.now()

    expect(await acceptAs(nell, 0, now)).toBe(true)
    expect(await provedAt(nell.email)).toBe(now)
    expect(await acceptAs({ jti: COPIED }, 1)).toBe(false)
    expect(await storyOf(nell)).toEqual(ACCEPTED)
  })

  it('is accepted by the copied link, which proves nothing, and the other is closed', async () => {
    const nell = await both()

    expect(await acceptAs({ jti: COPIED })).toBe(true)
    expect(await provedAt(nell.email)).toBeNull()
    expect(await acceptAs(nell, 1)).toBe(false)
    expect(await storyOf(nell)).toEqual(ACCEPTED)
  })

  it('is accepted by the emailed one alone once only some domains are allowed, where it would make an account', async () => {
    const nell = await both()
    await run("INSERT INTO allowed_domains VALUES ('acme', 'acme.test')")

    expect([await acceptAs({ jti: COPIED }), await acceptAs(nell, 1)]).toEqual([false, true])
  })

  it('lets a proven account in by the copied link, too, which changes nothing of it', async () => {
    await both(cat, 'bob@acme.test')
    const before = await one("SELECT * FROM users WHERE id = 'user-bob'")

    expect(await accept(somebody(), COPIED, { userId: 'user-bob' })).toBe(true)
    expect(await one("SELECT * FROM users WHERE id = 'user-bob'")).toEqual(before)
  })

  it('accepted twenty times at once by both makes one member, proven if it was by the emailed one', async () => {
    await tryOften(async () => {
      await run('UPDATE invitations SET copied_jti = NULL')
      const nell = await both()
      const won = await together((i) => acceptAs(i % 2 ? nell : { jti: COPIED }, i))

      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await storyOf(nell)).toEqual(ACCEPTED)
      expect((await provedAt(nell.email)) !== null, 'proven by the link that won').toBe(won.indexOf(true) % 2 === 1)
    })
  })
})

describe('a superseded link says what became of the newest one', () => {
  const stateOf = async (jti: string) => {
    const [row] = await invitationOf(ada.db, jti)
    return row && toInvitation(row, Date.now()).state
  }
  const resent = async () => {
    const now = Date.now()
    const nell = await invitee({ ...ada, now: now - RESEND.cooldownMs })
    await resend({ ...ada, now }, nell.memberId, NO_CAPS)
    const newest = await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = ? AND state = 'open'", nell.memberId)
    return { ...nell, newest: { ...nell, jti: newest?.jti ?? '' } }
  }

  it('while it is open', async () => {
    expect(await stateOf((await resent()).jti)).toBe('superseded')
  })

  it('once it is accepted', async () => {
    const { jti, newest } = await resent()
    await acceptAs(newest)
    expect(await stateOf(jti)).toBe('accepted')
  })

  it('once it is cancelled', async () => {
    const { jti, memberId } = await resent()
    await cancel(ada, memberId)
    expect(await stateOf(jti)).toBe('cancelled')
  })
})
