import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { IP, personActOf, somebody, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { insertSession } from '../../../test/session'
import { connect } from '../../db/connect'
import { SESSION } from '../../limits'
import { toViewer, viewerOf } from '../members/viewer'
import {
  endSessionOf,
  isTouchDue,
  type NewSession,
  newSession,
  pruneSessions,
  signOut,
  signOutEverywhere,
  startSession,
  touchSession,
} from './session'
import type { Verified } from './verified'

const { idleMs, absoluteMs, touchMs } = SESSION
const START = Date.UTC(2026, 10, 22)

const db = connect(env.DB)
let bob: NewSession

beforeEach(async () => {
  bob = await newSession()
  await insertSession(bob, 'user-bob', START, IP)
})

const foundAt = async (now: number, tenantId = 'acme') => {
  const [row] = await viewerOf({ db, secretHash: bob.secretHash, tenantId, now })
  const found = toViewer(row)
  return 'reason' in found ? found.reason : found.memberId
}
const touchAt = (now: number) => touchSession({ db, now }, { userId: 'user-bob', sessionId: bob.id })
const lastSeen = async () => (await one<{ at: number }>('SELECT last_seen_at AS at FROM sessions WHERE id = ?', bob.id))?.at

describe('a session', () => {
  it('is known by the hash of its secret, which is nowhere in the database', async () => {
    const rows = JSON.stringify(await all('SELECT * FROM sessions'))

    expect(bob.secret).toHaveLength(43)
    expect(bob.secretHash).toMatch(/^[0-9a-f]{64}$/)
    expect(rows).toContain(bob.secretHash)
    expect(rows).not.toContain(bob.secret)
  })

  it('idle for thirty minutes is over, and still tells whose it was', async () => {
    expect(idleMs).toBe(30 * 60_000)
    expect(await foundAt(START + idleMs - 1)).toBe('bob')
    expect(await foundAt(START + idleMs)).toBe('over')
    const [row] = await viewerOf({ db, secretHash: bob.secretHash, tenantId: 'acme', now: START + idleMs })
    expect(toViewer(row)).toEqual({ reason: 'over', userId: 'user-bob', sessionId: bob.id })
  })

  it('in use goes on, for twelve hours and not a moment more', async () => {
    for (let now = START; now < START + absoluteMs; now += idleMs - 1) await touchAt(now)

    expect(await foundAt(START + absoluteMs - 1)).toBe('bob')
    expect(await foundAt(START + absoluteMs)).toBe('expired')
    await touchAt(START + absoluteMs)
    expect(await foundAt(START + absoluteMs)).toBe('expired')
    expect(absoluteMs).toBe(12 * 60 * 60_000)
  })

  it('is to be touched once a minute', () => {
    expect(isTouchDue({ lastSeenAt: START }, START + touchMs - 1)).toBe(false)
    expect(isTouchDue({ lastSeenAt: START }, START + touchMs)).toBe(true)
    expect(touchMs).toBe(60_000)
  })

  it('that is over does not come back by being used', async () => {
    await touchAt(START + idleMs)

    expect(await lastSeen()).toBe(START)
    expect(await foundAt(START + idleMs)).toBe('over')
  })

  it('opens every workspace that its person belongs to, and no other', async () => {
    expect(await foundAt(START, 'globex')).toBe('no_member')
    const columns = 'user_id, email, email_key, role, status, agent_mode, created_at, joined_at'
    await run(`INSERT INTO members (id, tenant_id, ${columns}) SELECT 'bob-2', 'globex', ${columns} FROM members WHERE id = 'bob'`)

    expect([await foundAt(START, 'acme'), await foundAt(START, 'globex')]).toEqual(['bob', 'bob-2'])
  })

  it('opens nothing for somebody who is disabled, from the very next request', async () => {
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob'")

    expect(await foundAt(START)).toBe('no_member')
  })

  it('is swept once it can never be used again', async () => {
    await pruneSessions(db, START + absoluteMs - 1)
    expect(await all('SELECT id FROM sessions')).toHaveLength(1)
    await pruneSessions(db, START + absoluteMs)
    expect(await all('SELECT id FROM sessions')).toHaveLength(0)
  })
})

describe('starting a session', () => {
  const proven: Verified = { kind: 'password', userId: 'user-bob', secret: env.TEST_PASSWORD_HASH }
  const from = { ip: IP, userAgent: 'Test' }
  const idsOf = async (user: string) =>
    (await all<{ id: string }>('SELECT id FROM sessions WHERE user_id = ?', user)).map(({ id }) => id)

  async function start(former?: NewSession, now = START, of: Verified = proven) {
    const session = await newSession()
    const act = somebody(now)
    const [begun] = await act.db.batch([...startSession(act, session, [of], from, former?.secretHash)])
    return { session, begun: begun.length === 1 }
  }

  it('ends the one that the browser had before, whosesoever it was, and no other', async () => {
    const other = await newSession()
    await insertSession(other, 'user-bob', START)
    const ada = await newSession()
    await insertSession(ada, 'user-ada', START)
    const { session } = await start(bob)
    expect((await idsOf('user-bob')).toSorted()).toEqual([other.id, session.id].toSorted())

    await start(ada)
    expect(await idsOf('user-ada')).toEqual([])
  })

  it('leaves a person ten, those used last', async () => {
    const sessions = [bob]
    for (let i = 1; i <= 11; i++) sessions.push((await start(undefined, START + i)).session)

    expect((await idsOf('user-bob')).toSorted()).toEqual(
      sessions
        .slice(-10)
        .map(({ id }) => id)
        .toSorted(),
    )
  })

  it('after the password was changed does not begin, and ends nothing', async () => {
    const before = await dump()
    const { begun } = await start(bob, START, { ...proven, secret: '$scrypt$of-yesterday' })

    expect(begun).toBe(false)
    expect(await dump()).toEqual(before)
  })
})

describe('what a person ends', () => {
  it('is said where they are active: signing out, signing out everywhere, and one session of theirs', async () => {
    const viewer = await viewerNamed('bob')
    const act = personActOf(viewer)
    expect(await endSessionOf(act, bob.id)).toBe(true)
    await signOut(somebody(), 'f'.repeat(64))
    await insertSession(bob, 'user-bob')
    await signOut(somebody(), bob.secretHash)
    await signOutEverywhere(act)

    expect(await all('SELECT id FROM sessions')).toEqual([])
    expect(await all("SELECT kind, tenant_id, member_id FROM activity WHERE member_id = 'bob' ORDER BY kind")).toEqual(
      ['session_ended', 'signed_out', 'signed_out_everywhere'].map((kind) => ({ kind, tenant_id: 'acme', member_id: 'bob' })),
    )
  })

  it('is never somebody else’s', async () => {
    const ada = await newSession()
    await insertSession(ada, 'user-ada')
    const act = personActOf(await viewerNamed('bob'))
    const before = await dump()

    expect(await endSessionOf(act, ada.id)).toBe(false)
    expect(await dump()).toEqual(before)
  })
})
