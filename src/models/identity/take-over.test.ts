import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, type Invitee, IP, invitee, somebody } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { insertSession } from '../../../test/session'
import { connected } from '../../../test/tool'
import { copied, OLD_HASH, unprovenAccount } from '../../../test/unproven'
import type { MemberAct } from '../core/act'
import { randomSecret } from '../core/random'
import { accept } from '../invitations/acceptance'
import { invitationOf, toInvitation } from '../invitations/invitation'
import { changePassword } from './account'
import { confirm } from './confirm'
import { passwordResetOf, resetPassword } from './password-reset'
import { newSession } from './session'
import { KEEP_ALL, type Kept } from './take-over'

const NEW_HASH = '$scrypt$of-whoever-reads-the-address'
let cat: MemberAct

beforeEach(async () => {
  cat = await actNamed('cat')
  await connected()
})

type Account = Awaited<ReturnType<typeof unprovenAccount>>

const takeOverBy = ({ jti }: Pick<Invitee, 'jti'>, { userId }: Account, kept: Kept = KEEP_ALL, now = Date.now()) =>
  accept(somebody(now), jti, { userId, passwordHash: NEW_HASH, name: 'Nell Ito', ...kept })

async function openReset({ userId }: Pick<Account, 'userId'>) {
  const [jti, now] = [randomSecret(), Date.now()]
  await run(
    `INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at) VALUES (?1, ?2, ?1, 'open', ?3, ?4)`,
    jti,
    userId,
    now,
    now + 60_000,
  )
  return jti
}

async function signedInAs({ userId }: Pick<Account, 'userId'>) {
  const session = await newSession()
  await insertSession(session, userId)
  return session
}

/** Whatever somebody could do with the account. */
const powersOf = async ({ userId, email }: Account) => ({
  ...(await one(
    `SELECT u.name, u.proved_at IS NOT NULL AS proven,
      (SELECT group_concat(c.secret) FROM credentials c WHERE c.user_id = u.id AND c.kind = 'password') AS passwords, factors,
      (SELECT count(*) FROM credentials c WHERE c.user_id = u.id AND c.kind = 'recovery') AS codes,
      (SELECT count(*) FROM factor_links f WHERE f.user_id = u.id AND f.state = 'open') AS links,
      (SELECT count(*) FROM sign_ins h WHERE h.user_id = u.id) AS halves,
      (SELECT count(*) FROM known_browsers b WHERE b.user_id = u.id) AS browsers,
      (SELECT count(*) FROM sessions s WHERE s.user_id = u.id) AS sessions,
      (SELECT count(*) FROM password_resets r WHERE r.user_id = u.id AND r.state = 'open') AS resets,
      (SELECT count(*) FROM app_grants g WHERE g.user_id = u.id AND g.ended_at IS NULL) AS grants,
      (SELECT count(*) FROM app_consents c JOIN members m ON m.id = c.member_id WHERE m.user_id = u.id) AS consents,
      (SELECT count(*) FROM subjects x WHERE x.user_id = u.id) AS subjects
    FROM users u WHERE u.id = ?`,
    userId,
  )),
  ...(await one(
    `SELECT count(*) AS copies FROM invitations i JOIN members m ON m.id = i.member_id
     WHERE m.email_key = ? AND i.state = 'open' AND i.copied_jti IS NOT NULL`,
    email,
  )),
})

const membershipsOf = ({ email }: Account) =>
  all('SELECT tenant_id AS tenant, status FROM members WHERE email_key = ? ORDER BY tenant_id', email)

const kindsIn = async (tenantId: string, { email }: Account) =>
  (
    await all<{ kind: string }>(
      'SELECT kind FROM activity WHERE tenant_id = ? AND member_email = ? ORDER BY at, id',
      tenantId,
      email,
    )
  ).map(({ kind }) => kind)

/** For as long as they like, also without their session. */
async function signedInToTraces({ userId, memberId }: Account) {
  await run("INSERT INTO subjects (tenant_id, user_id, sub) VALUES ('acme', ?, 'whoever')", userId)
  await run("INSERT INTO app_consents (member_id, app_id, scope, at) VALUES (?, 'traces', 'openid', 1)", memberId)
  await run(
    `INSERT INTO app_grants (id, tenant_id, app_id, member_id, user_id, session_id, offline, session_at, sid, sub, scope, created_at, used_at)
     VALUES (?1, 'acme', 'traces', ?1, ?2, 'gone', 1, ?3, 'sid', 'whoever', 'openid', ?3, ?3)`,
    memberId,
    userId,
    Date.now(),
  )
}

/** Signed in somewhere, with a reset under way and another link in hand. */
async function powerful() {
  const nell = await unprovenAccount()
  await signedInAs(nell)
  await run(`INSERT INTO known_browsers VALUES (?, 'theirs', ?, 'Test', '203.0.113.7', 1, 1)`, nell.userId, 'b'.repeat(64))
  for (const kind of ['passkey', 'totp', 'recovery'])
    await run(
      'INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES (?3, ?1, ?2, ?2, 1, 1)',
      nell.userId,
      kind,
      randomSecret(),
    )
  await run(
    `INSERT INTO factor_links (id, user_id, purpose, jti, state, created_at, expires_at) VALUES (?2, ?1, 'lost', ?2, 'open', 1, 9e12)`,
    nell.userId,
    randomSecret(),
  )
  await run('INSERT INTO sign_ins VALUES (?2, ?1, ?3, 0, 1, 9e12)', nell.userId, randomSecret(), 'b'.repeat(64))
  await signedInToTraces(nell)
  const reset = await openReset(nell)
  const globex = await invitee(cat, nell.email)
  await copied(globex)
  return { nell, globex, reset }
}

describe('the first use of an emailed link', () => {
  const TAKEN = {
    name: 'Nell Ito',
    proven: 1,
    passwords: NEW_HASH,
    factors: 0,
    codes: 0,
    links: 0,
    halves: 0,
    browsers: 0,
    sessions: 0,
    resets: 0,
    grants: 0,
    consents: 0,
    subjects: 0,
    copies: 0,
  }

  it('makes an unproven account the reader’s: every credential and power from before is gone', async () => {
    const { nell, globex } = await powerful()
    expect(await powersOf(nell)).toEqual({
      name: 'Whoever',
      proven: 0,
      passwords: OLD_HASH,
      factors: 2,
      codes: 1,
      links: 1,
      halves: 1,
      browsers: 1,
      sessions: 1,
      resets: 1,
      grants: 1,
      consents: 1,
      subjects: 1,
      copies: 1,
    })
    expect(await takeOverBy(globex, nell)).toBe(true)

    expect(await powersOf(nell)).toEqual(TAKEN)
    expect(await membershipsOf(nell)).toEqual([
      { tenant: 'acme', status: 'active' },
      { tenant: 'globex', status: 'active' },
    ])
    expect(await kindsIn('acme', nell)).toEqual(['invited', 'accepted', 'address_proved'])
    expect(await kindsIn('globex', nell)).toEqual(['invited', 'accepted'])
    expect(await one('SELECT last_tenant_id FROM users WHERE id = ?', nell.userId)).toEqual({ last_tenant_id: 'globex' })
  })

  it('of a reset does the same', async () => {
    const { nell, reset } = await powerful()
    await resetPassword(somebody(), reset, { passwordHash: NEW_HASH, mailId: crypto.randomUUID() })

    expect(await powersOf(nell)).toEqual({ ...TAKEN, name: 'Whoever' })
    expect(await kindsIn('acme', nell)).toEqual(['invited', 'accepted', 'address_proved', 'password_reset'])
  })

  it('keeps the memberships that are chosen, and leaves the others that were shown', async () => {
    const { nell, globex } = await powerful()
    await takeOverBy(globex, nell, { shown: [nell.memberId], keep: [] })

    expect(await membershipsOf(nell)).toEqual([{ tenant: 'globex', status: 'active' }])
    expect(await kindsIn('acme', nell)).toEqual(['invited', 'accepted', 'left'])
    expect(await one('SELECT tenant_id FROM departures WHERE user_id = ?', nell.userId)).toEqual({ tenant_id: 'acme' })
    expect(await one('SELECT alone_since FROM users WHERE id = ?', nell.userId)).toEqual({ alone_since: null })
  })

  it('leaves no membership of anybody else, and none that was kept', async () => {
    const { nell, globex } = await powerful()
    await takeOverBy(globex, nell, { shown: [nell.memberId, 'bob', 'cat'], keep: [nell.memberId] })

    expect(await membershipsOf(nell)).toHaveLength(2)
    expect(await all("SELECT id FROM members WHERE id IN ('bob', 'cat') ORDER BY id")).toEqual([{ id: 'bob' }, { id: 'cat' }])
  })

  it('leaves no workspace without an admin', async () => {
    const { nell, globex } = await powerful()
    await run("UPDATE members SET role = 'admin' WHERE id = ?", nell.memberId)
    await run("UPDATE members SET role = 'user' WHERE id = 'ada'")
    const [row] = await invitationOf(cat.db, globex.jti)
    expect(row && toInvitation(row, Date.now()).memberships).toEqual([{ id: nell.memberId, tenantName: 'Acme', mustStay: 1 }])
    await takeOverBy(globex, nell, { shown: [nell.memberId], keep: [] })

    expect(await membershipsOf(nell)).toHaveLength(2)
  })

  it('that loses the race for its invitation changes nothing', async () => {
    const { nell, globex } = await powerful()
    await run('UPDATE invitations SET expires_at = 1, created_at = 0 WHERE jti = ?', globex.jti)
    const before = await dump()

    expect(await takeOverBy(globex, nell)).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('that fails half-way changes nothing', async () => {
    const { nell, globex } = await powerful()
    await run("CREATE TRIGGER trouble BEFORE INSERT ON notices BEGIN SELECT RAISE(ABORT, 'trouble'); END")
    const before = await dump()

    await expect(takeOverBy(globex, nell)).rejects.toThrow()
    expect(await dump()).toEqual(before)
  })
})

describe('a proven account', () => {
  it('is nobody else’s: no link takes it over, and a reset leaves its memberships', async () => {
    const bob = { ...(await invitee(cat, 'bob@acme.test')), userId: 'user-bob' }
    const before = await dump()
    expect(await takeOverBy(bob, bob)).toBe(false)
    expect(await dump()).toEqual(before)

    const kept = { shown: ['bob'], keep: [] }
    await resetPassword(somebody(), await openReset(bob), { passwordHash: NEW_HASH, mailId: crypto.randomUUID() }, kept)
    expect(await one("SELECT status FROM members WHERE id = 'bob'")).toEqual({ status: 'active' })
    expect(await kindsIn('acme', bob)).not.toContain('address_proved')
  })

  it('has no memberships to choose from on the page of a link', async () => {
    const { jti } = await invitee(cat, 'bob@acme.test')
    const [row] = await invitationOf(cat.db, jti)
    const [reset] = await passwordResetOf(somebody(), await openReset({ userId: 'user-bob' }))

    expect([row?.account, row?.memberships]).toEqual(['proven', []])
    expect([reset?.isProven, reset?.memberships]).toEqual([true, []])
  })
})

describe('an unproven account', () => {
  it('is let into no other workspace by a copied link, however it is asked for', async () => {
    const { nell, globex } = await powerful()
    const jti = await copied(globex)
    const before = await dump()

    expect(await accept(somebody(), jti, { userId: nell.userId })).toBe(false)
    expect(await accept(somebody(), jti, { passwordHash: NEW_HASH, name: null })).toBe(false)
    expect(await takeOverBy({ jti }, nell)).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('is let in by an emailed link only as its reader’s, and not by whoever is signed in to it', async () => {
    const { nell, globex } = await powerful()
    const before = await dump()

    expect(await accept(somebody(), globex.jti, { userId: nell.userId })).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('shows what it belongs to where it is taken over', async () => {
    const { nell, globex, ...link } = await powerful()
    const [row] = await invitationOf(cat.db, globex.jti)
    const [reset] = await passwordResetOf(somebody(), link.reset)
    const shown = [{ id: nell.memberId, tenantName: 'Acme', mustStay: 0 }]

    expect([row?.account, row?.accountId, row?.memberships]).toEqual(['unproven', nell.userId, shown])
    expect([reset?.isProven, reset?.memberships]).toEqual([false, shown])
  })
})

describe('a take-over that meets what is done in the old session', () => {
  it('leaves nothing of it: no password, no session, no power', async () => {
    await tryOften(async () => {
      const { nell, globex } = await powerful()
      const session = await signedInAs(nell)
      const act = { ...somebody(), userId: nell.userId, sessionId: session.id }
      const old = { passwordHash: '$scrypt$chosen-in-the-old-session', mailId: crypto.randomUUID() }
      const done = await together(async (i) => {
        if (i === 10) return takeOverBy(globex, nell)
        const { secretHash } = await newSession()
        return i % 2
          ? changePassword(act, { ...old, mailId: crypto.randomUUID(), secretHash })
          : confirm(act, [{ kind: 'password', userId: nell.userId, secret: OLD_HASH }], {
              secretHash,
              from: { ip: IP, userAgent: 'Test' },
            })
      })

      expect(done[10]).toBe(true)
      expect(await powersOf(nell)).toMatchObject({ passwords: NEW_HASH, sessions: 0, resets: 0, copies: 0, proven: 1 })
    })
  })
})
