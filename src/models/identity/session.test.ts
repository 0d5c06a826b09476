import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { IP } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { insertSession } from '../../../test/session'
import { connect } from '../../db/connect'
import { viewerOf } from '../members/viewer'
import { ABSOLUTE_MS, type NewSession, newSession, pruneSessions, touchSession } from './session'

const MINUTE_MS = 60_000
const IDLE_MS = 30 * MINUTE_MS
const START = Date.UTC(2026, 10, 22)

const db = connect(env.DB)
let bob: NewSession

beforeEach(async () => {
  bob = await newSession()
  await insertSession(bob, 'user-bob', 'acme', START, IP)
})

const livesAt = async (now: number, tenantId = 'acme') =>
  (await viewerOf(db, { secretHash: bob.secretHash, tenantId }, now)).length === 1
const touchAt = (now: number) => db.batch([touchSession(db, bob.secretHash, now)])
const lastSeen = async () => (await one<{ at: number }>('SELECT last_seen_at AS at FROM sessions WHERE id = ?', bob.id))?.at

describe('a session', () => {
  it('is known by the hash of its secret, which is nowhere in the database', async () => {
    const rows = JSON.stringify(await all('SELECT * FROM sessions'))

    expect(bob.secret).toHaveLength(43)
    expect(bob.secretHash).toMatch(/^[0-9a-f]{64}$/)
    expect(rows).toContain(bob.secretHash)
    expect(rows).not.toContain(bob.secret)
  })

  it('idle for thirty minutes is over', async () => {
    expect(await livesAt(START + IDLE_MS - 1)).toBe(true)
    expect(await livesAt(START + IDLE_MS)).toBe(false)
  })

  it('in use goes on, for twelve hours and not a moment more', async () => {
    for (let now = START; now < START + ABSOLUTE_MS; now += IDLE_MS - 1) await touchAt(now)

    expect(await livesAt(START + ABSOLUTE_MS - 1)).toBe(true)
    expect(await livesAt(START + ABSOLUTE_MS)).toBe(false)
    await touchAt(START + ABSOLUTE_MS)
    expect(await livesAt(START + ABSOLUTE_MS)).toBe(false)
    expect(ABSOLUTE_MS).toBe(12 * 60 * MINUTE_MS)
  })

  it('is touched at most once a minute', async () => {
    await touchAt(START + MINUTE_MS - 1)
    expect(await lastSeen()).toBe(START)
    await touchAt(START + MINUTE_MS)
    expect(await lastSeen()).toBe(START + MINUTE_MS)
    await touchAt(START + 2 * MINUTE_MS - 1)
    expect(await lastSeen()).toBe(START + MINUTE_MS)
  })

  it('that is over does not come back by being used', async () => {
    await touchAt(START + IDLE_MS)

    expect(await lastSeen()).toBe(START)
    expect(await livesAt(START + IDLE_MS)).toBe(false)
  })

  it('opens the workspace that it entered, and no other', async () => {
    await run(
      "INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at, last_active_at) SELECT 'bob-2', 'globex', user_id, email, email_key, role, status, agent_mode, created_at, joined_at, last_active_at FROM members WHERE id = 'bob'",
    )

    expect(await livesAt(START, 'acme')).toBe(true)
    expect(await livesAt(START, 'globex')).toBe(false)
  })

  it('opens nothing for somebody who is disabled, from the very next request', async () => {
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob'")

    expect(await livesAt(START)).toBe(false)
  })

  it('is swept once it can never be used again', async () => {
    await db.batch([pruneSessions(db, START + ABSOLUTE_MS - 1)])
    expect(await all('SELECT id FROM sessions')).toHaveLength(1)
    await db.batch([pruneSessions(db, START + ABSOLUTE_MS)])
    expect(await all('SELECT id FROM sessions')).toHaveLength(0)
  })
})
