import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actorFor, type Invitee, IP, invitee, NO_CAPS, SOMEBODY, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { insertSession } from '../../../test/session'
import { connect } from '../../db/connect'
import { newSession } from '../identity/session'
import type { Viewer } from '../members/viewer'
import { accept, invitationOf, toInvitation } from './acceptance'
import { cancel, decline } from './invite'
import { RESEND_COOLDOWN_MS, resend } from './resend'

const HOUR_MS = 3_600_000
const LIFETIME_MS = 72 * HOUR_MS

const db = connect(env.DB)
const hashOf = (i: number) => `$scrypt$of-try-${i}`
let ada: Viewer

beforeEach(async () => {
  ada = await viewerNamed('ada')
})

const acceptAs = ({ jti }: Pick<Invitee, 'jti'>, i = 0, now = Date.now()) =>
  accept(db, jti, { passwordHash: hashOf(i), name: null }, IP, now)

/** What became of an invited person: one story, told by the activity log, and rows that agree with it. */
const storyOf = ({ memberId, email }: Invitee) =>
  one<{ member: string | null; users: number; linked: number; open: number; log: string }>(
    `SELECT (SELECT status FROM members WHERE id = ?1) AS member,
      (SELECT count(*) FROM users WHERE email_key = ?2) AS users,
      (SELECT count(*) FROM members m JOIN users u ON u.id = m.user_id WHERE m.id = ?1 AND u.email_key = ?2) AS linked,
      (SELECT count(*) FROM invitations WHERE member_id = ?1 AND state = 'open') AS open,
      (SELECT group_concat(kind, ' ') FROM (SELECT kind FROM activity WHERE member_id = ?1 ORDER BY rowid)) AS log`,
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
      expect(await all('SELECT password_hash FROM users WHERE email_key = ?', nell.email)).toEqual([{ password_hash: hash }])
    })
  })

  it('of two workspaces for one address make one user, in one of them', async () => {
    const cat = await viewerNamed('cat')
    await tryOften(async () => {
      const here = await invitee(ada)
      const there = await invitee(cat, here.email)
      const won = await together((i) => acceptAs(i % 2 ? here : there, i))

      expect(won.filter(Boolean)).toHaveLength(1)
      const members = await all('SELECT status FROM members WHERE email_key = ? ORDER BY status', here.email)
      expect(members).toEqual([{ status: 'active' }, { status: 'pending' }])
      const hash = hashOf(won.indexOf(true))
      expect(await all('SELECT password_hash FROM users WHERE email_key = ?', here.email)).toEqual([{ password_hash: hash }])
    }, 20)
  })
})

describe('an acceptance that meets', () => {
  const later = () => Date.now() + RESEND_COOLDOWN_MS + 1000
  const rivals = {
    'a cancellation': ({ memberId }: Invitee) => cancel(db, ada, actorFor(ada), memberId, later()),
    'a refusal': ({ jti }: Invitee) => decline(db, jti, SOMEBODY, later()),
    'a resend': async ({ memberId }: Invitee) => 'mailId' in (await resend(db, ada, actorFor(ada), memberId, NO_CAPS, later())),
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
  it.each([
    ['its last millisecond', -1, true],
    ['the moment it lapses', 0, false],
  ])('at %s', async (_, from, works) => {
    const now = Date.now()
    const nell = await invitee(ada, undefined, now)

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
  const bobIn = async (tenant: string | null) => {
    const session = await newSession()
    await insertSession(session, 'user-bob', tenant, Date.now(), IP)
    return { userId: 'user-bob', secretHash: session.secretHash }
  }
  const invited = async () => invitee(await viewerNamed('cat'), 'bob@acme.test')

  it('joins with it; password and name stay, and the session moves in', async () => {
    const before = await all('SELECT * FROM users ORDER BY id')
    const bob = await bobIn('acme')
    const { jti, memberId } = await invited()

    expect(await accept(db, jti, bob, IP, Date.now())).toBe(true)
    expect(await all('SELECT * FROM users ORDER BY id')).toEqual(before)
    expect(await one('SELECT user_id, status FROM members WHERE id = ?', memberId)).toEqual({
      user_id: 'user-bob',
      status: 'active',
    })
    expect(await one('SELECT tenant_id FROM sessions WHERE secret_hash = ?', bob.secretHash)).toEqual({ tenant_id: 'globex' })
  })

  it('cannot be given a password by a link', async () => {
    const { jti } = await invited()
    const before = await dump()

    expect(await acceptAs({ jti })).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('cannot be joined by somebody else', async () => {
    const { jti } = await invited()
    const ada = { ...(await bobIn('acme')), userId: 'user-ada' }
    const before = await dump()

    expect(await accept(db, jti, ada, IP, Date.now())).toBe(false)
    expect(await dump()).toEqual(before)
  })
})

describe('a superseded link says what became of the newest one', () => {
  const stateOf = async (jti: string) => {
    const [row] = await invitationOf(db, jti)
    return row && toInvitation(row, Date.now()).state
  }
  const resent = async () => {
    const now = Date.now()
    const nell = await invitee(ada, undefined, now - RESEND_COOLDOWN_MS)
    await resend(db, ada, actorFor(ada), nell.memberId, NO_CAPS, now)
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
    await cancel(db, ada, actorFor(ada), memberId, Date.now())
    expect(await stateOf(jti)).toBe('cancelled')
  })
})
