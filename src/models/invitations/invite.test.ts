import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actorFor, invitee, NO_CAPS, SOMEBODY, typed, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import type { Viewer } from '../members/viewer'
import { invitationOf, toInvitation } from './acceptance'
import { cancel, decline, type Invited, invite } from './invite'
import { changeAddress, RESEND_COOLDOWN_MS, renew, resend } from './resend'

const DAY_MS = 86_400_000

const db = connect(env.DB)
let ada: Viewer
let cat: Viewer

beforeEach(async () => {
  ada = await viewerNamed('ada')
  cat = await viewerNamed('cat')
})

type Change = { by?: Viewer; role?: 'admin' | 'user'; note?: string | null; caps?: typeof NO_CAPS; now?: number }
const inviteTo = (email: string, { by = ada, role = 'user', note = null, caps = NO_CAPS, now = Date.now() }: Change = {}) =>
  invite(db, by, actorFor(by), { address: typed(email), role, note, overrides: {}, agentMode: undefined, agentIds: [] }, caps, now)
const reasonOf = (result: Invited) => ('reason' in result ? result.reason : undefined)

const rowsAbout = (key: string) =>
  one<{ members: number; open: number; mails: number; entries: number }>(
    `SELECT (SELECT count(*) FROM members WHERE email_key = ?1) AS members,
      (SELECT count(*) FROM invitations i JOIN members m ON m.id = i.member_id WHERE m.email_key = ?1 AND i.state = 'open') AS open,
      (SELECT count(*) FROM mails WHERE to_key = ?1) AS mails,
      (SELECT count(*) FROM activity a JOIN members m ON m.id = a.member_id WHERE m.email_key = ?1) AS entries`,
    key,
  )

describe('an invitation', () => {
  it('is a pending member, an open link, a queued mail and an entry', async () => {
    const now = Date.now()
    const made = await inviteTo('  Nell@ACME.test ', { role: 'admin', note: 'Hello', now })
    const memberId = made.memberId

    expect(
      await one('SELECT id, tenant_id, email, email_key, role, status, agent_mode FROM members WHERE id = ?', memberId),
    ).toEqual({
      id: memberId,
      tenant_id: 'acme',
      email: 'Nell@ACME.test',
      email_key: 'nell@acme.test',
      role: 'admin',
      status: 'pending',
      agent_mode: 'all',
    })
    const link = await one('SELECT * FROM invitations WHERE member_id = ?', memberId)
    expect(link).toMatchObject({
      state: 'open',
      kind: 'invite',
      note: 'Hello',
      inviter_name: 'Ada Admin',
      expires_at: now + 3 * DAY_MS,
    })
    expect(await one('SELECT * FROM mails WHERE member_id = ?', memberId)).toMatchObject({
      kind: 'invitation',
      state: 'queued',
      to_email: 'Nell@ACME.test',
      invitation_id: link?.id,
    })
    expect(await one('SELECT * FROM activity WHERE member_id = ?', memberId)).toMatchObject({
      kind: 'invited',
      actor_id: 'ada',
      actor_name: 'Ada Admin',
      after: '{"role":"admin","mode":"all"}',
    })
  })

  it('lives as long as its workspace says', async () => {
    const now = Date.now()
    await run("UPDATE tenants SET invitation_lifetime_ms = 3600000 WHERE id = 'acme'")
    const { memberId } = await inviteTo('nell@acme.test', { now })

    expect(await one('SELECT expires_at FROM invitations WHERE member_id = ?', memberId)).toEqual({ expires_at: now + 3_600_000 })
  })

  it('gives the agent mode that is the default of its workspace', async () => {
    await run("UPDATE tenants SET default_agent_mode = 'list' WHERE id = 'acme'")
    const { memberId } = await inviteTo('nell@acme.test')

    expect(await one('SELECT agent_mode FROM members WHERE id = ?', memberId)).toEqual({ agent_mode: 'list' })
  })

  it.each(['members', 'invitations', 'mails', 'activity'])('that fails at its %s leaves nothing behind', async (table) => {
    await run(`CREATE TRIGGER trouble BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'trouble'); END`)
    const before = await dump()

    await expect(inviteTo('nell@acme.test')).rejects.toThrow()
    expect(await dump()).toEqual(before)
  })

  it.each([
    ['bob@acme.test', 'already_active', 'bob'],
    ['PIA@acme.TEST', 'already_pending', 'pia'],
    ['dov@acme.test', 'already_disabled', 'dov'],
  ])('of %s changes nothing and says %s', async (email, reason, memberId) => {
    const before = await dump()

    expect(await inviteTo(email)).toEqual({ reason, memberId })
    expect(await dump()).toEqual(before)
  })

  it('of an address that belongs to another workspace goes out here as well', async () => {
    expect(reasonOf(await inviteTo('cat@globex.test'))).toBeUndefined()
    expect(reasonOf(await inviteTo('bob@acme.test', { by: cat }))).toBeUndefined()
  })
})

describe('twenty invitations of one address at once', () => {
  const SPELLINGS = [
    (n: number) => `zoé${n}@acme.test`,
    (n: number) => `ZOÉ${n}@ACME.TEST`,
    (n: number) => `Zoe\u0301${n}@Acme.Test`,
    (n: number) => `  zOE\u0301${n}@acme.test\t`,
    (n: number) => `\u00a0zoé${n}@ＡＣＭＥ.test`,
  ]

  it('in every spelling, by two admins, yield one member, one link, one mail and one entry', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    const bob = await viewerNamed('bob')
    await tryOften(async (n) => {
      const made = await together((i) => inviteTo(SPELLINGS[i % SPELLINGS.length]?.(n) ?? '', { by: i % 3 ? ada : bob }))

      expect(made.map(reasonOf).filter((reason) => reason !== 'already_pending')).toEqual([undefined])
      expect(new Set(made.map(({ memberId }) => memberId)).size, 'all are told of the same member').toBe(1)
      expect(await rowsAbout(`zoé${n}@acme.test`)).toEqual({ members: 1, open: 1, mails: 1, entries: 1 })
    }, 20)
  })

  it('in two workspaces yield one in each', async () => {
    await tryOften(async (n) => {
      const made = await together((i) => inviteTo(`nell${n}@acme.test`, { by: i % 2 ? ada : cat }))

      expect(made.filter((one) => !reasonOf(one))).toHaveLength(2)
      expect(await rowsAbout(`nell${n}@acme.test`)).toEqual({ members: 2, open: 2, mails: 2, entries: 2 })
    }, 5)
  })
})

describe('a resend', () => {
  const resendAt = (now: number, memberId: string, by = ada) => resend(db, by, actorFor(by), memberId, NO_CAPS, now)
  const linksOf = (memberId: string) =>
    all('SELECT state, kind, note FROM invitations WHERE member_id = ? ORDER BY rowid', memberId)

  it('kills the older link and makes one with a full lifetime and the same note', async () => {
    const now = Date.now()
    const { memberId } = await invitee(ada, 'nell@acme.test', now)
    await run("UPDATE invitations SET note = 'Hello' WHERE member_id = ?", memberId)
    const later = now + 2 * DAY_MS
    const again = await resendAt(later, memberId)

    expect(again).toEqual({ mailId: expect.any(String) })
    expect(await linksOf(memberId)).toEqual([
      { state: 'superseded', kind: 'invite', note: 'Hello' },
      { state: 'open', kind: 'resend', note: 'Hello' },
    ])
    expect(await one("SELECT expires_at FROM invitations WHERE member_id = ? AND state = 'open'", memberId)).toEqual({
      expires_at: later + 3 * DAY_MS,
    })
    expect(await rowsAbout('nell@acme.test')).toEqual({ members: 1, open: 1, mails: 2, entries: 2 })
  })

  it('waits sixty seconds after the last mail', async () => {
    const now = Date.now()
    const nell = await invitee(ada, undefined, now)
    const before = await dump()

    expect(await resendAt(now + RESEND_COOLDOWN_MS - 1, nell.memberId)).toEqual({
      reason: 'too_soon',
      retryAt: now + RESEND_COOLDOWN_MS,
    })
    expect(await dump()).toEqual(before)
    expect(await resendAt(now + RESEND_COOLDOWN_MS, nell.memberId)).toHaveProperty('mailId')
  })

  it('is possible five times a day, whoever asks', async () => {
    const now = Date.now()
    const { memberId } = await invitee(ada, undefined, now)
    const at = (n: number) => now + n * RESEND_COOLDOWN_MS
    for (let n = 1; n <= 5; n++) {
      const open = await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = ? AND state = 'open'", memberId)
      const done = n % 2 ? resendAt(at(n), memberId) : renew(db, open?.jti ?? '', SOMEBODY, NO_CAPS, at(n))
      expect(await done).toHaveProperty('mailId')
    }

    expect(await resendAt(at(6), memberId)).toEqual({ reason: 'too_often', retryAt: at(1) + DAY_MS })
    expect(await resendAt(at(1) + DAY_MS, memberId)).toHaveProperty('mailId')
  })

  it('asked for twenty times at once happens once', async () => {
    const now = Date.now()
    await tryOften(async () => {
      const { memberId, email } = await invitee(ada, undefined, now)
      const sent = await together(() => resendAt(now + RESEND_COOLDOWN_MS, memberId))

      expect(sent.filter((one) => 'mailId' in one)).toHaveLength(1)
      expect(await rowsAbout(email)).toEqual({ members: 1, open: 1, mails: 2, entries: 2 })
    })
  })

  it.each(['bob', 'dov', 'cat', 'nobody'])('of %s, who is not pending here, changes nothing', async (memberId) => {
    const before = await dump()

    expect(await resendAt(Date.now() + DAY_MS, memberId)).toMatchObject({ reason: 'not_pending' })
    expect(await dump()).toEqual(before)
  })

  it('by another workspace changes nothing', async () => {
    const before = await dump()

    expect(await resendAt(Date.now() + DAY_MS, 'pia', cat)).toMatchObject({ reason: 'not_pending' })
    expect(await dump()).toEqual(before)
  })
})

describe('a cancelled or declined invitation', () => {
  const ends = {
    cancelled: ({ memberId }: { memberId: string; jti: string }) => cancel(db, ada, actorFor(ada), memberId, Date.now()),
    declined: ({ jti }: { memberId: string; jti: string }) => decline(db, jti, SOMEBODY, Date.now()),
  }

  it.each(['cancelled', 'declined'] as const)(
    '%s: the member is gone, the link is dead, the log says so, and it can be sent again',
    async (end) => {
      const nell = await invitee(ada)
      expect(await ends[end](nell)).toBe(true)

      expect(await one('SELECT id FROM members WHERE id = ?', nell.memberId)).toBeUndefined()
      expect(await one('SELECT state, member_id FROM invitations WHERE jti = ?', nell.jti)).toEqual({ state: end, member_id: null })
      expect(await all('SELECT kind, member_email FROM activity WHERE member_id = ? ORDER BY rowid', nell.memberId)).toEqual([
        { kind: 'invited', member_email: nell.email },
        { kind: end, member_email: nell.email },
      ])
      expect(await ends[end](nell)).toBe(false)
      expect(reasonOf(await inviteTo(nell.email))).toBeUndefined()
    },
  )

  it('cannot be cancelled by another workspace', async () => {
    const nell = await invitee(ada)
    const before = await dump()

    expect(await cancel(db, cat, actorFor(cat), nell.memberId, Date.now())).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('cannot be declined after it lapsed', async () => {
    const nell = await invitee(ada)
    const before = await dump()

    expect(await decline(db, nell.jti, SOMEBODY, Date.now() + 3 * DAY_MS + 1000)).toBe(false)
    expect(await dump()).toEqual(before)
  })
})

it('whoever held a mistyped address cannot ask for the link of the right one', async () => {
  const now = Date.now()
  const wrong = await invitee(ada, 'nell.wrong@acme.test', now)
  await changeAddress(db, ada, actorFor(ada), wrong.memberId, typed('nell.right@acme.test'), NO_CAPS, now + 1)
  const before = await dump()
  const later = now + 2 * RESEND_COOLDOWN_MS

  expect(await renew(db, wrong.jti, SOMEBODY, NO_CAPS, later)).toMatchObject({ reason: 'not_pending' })
  expect(await dump()).toEqual(before)
  const [row] = await invitationOf(db, wrong.jti)
  expect(row && toInvitation(row, later).state).toBe('cancelled')
})

it('a renewal goes to the stored address, from any link that the member ever had', async () => {
  const now = Date.now()
  const nell = await invitee(ada, 'Nell@Acme.test', now)
  await resend(db, ada, actorFor(ada), nell.memberId, NO_CAPS, now + RESEND_COOLDOWN_MS)

  expect(await renew(db, nell.jti, SOMEBODY, NO_CAPS, now + 2 * RESEND_COOLDOWN_MS)).toHaveProperty('mailId')
  expect(await all('SELECT to_email, kind FROM mails WHERE member_id = ? ORDER BY rowid', nell.memberId)).toEqual([
    { to_email: 'Nell@Acme.test', kind: 'invitation' },
    { to_email: 'Nell@Acme.test', kind: 'invitation' },
    { to_email: 'Nell@Acme.test', kind: 'fresh_invitation' },
  ])
})
