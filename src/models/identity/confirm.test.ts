import { beforeEach, describe, expect, it } from 'vitest'
import { IP, personActOf, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { alsoInGlobex, hasPasskey } from '../../../test/factors'
import { hasRecoveryCode } from '../../../test/half-sign-in'
import type { PersonAct } from '../core/act'
import { confirm } from './confirm'
import { signInBySession } from './throttle'
import type { Verified } from './verified'

const MOVED = 'f'.repeat(64)
const HERE = { ip: IP, userAgent: 'Test' }
let bob: PersonAct
let password: Verified

beforeEach(async () => {
  bob = personActOf(await viewerNamed('bob'))
  const row = await one<{ secret: string }>("SELECT secret FROM credentials WHERE user_id = 'user-bob' AND kind = 'password'")
  password = { kind: 'password', userId: 'user-bob', secret: row?.secret ?? '' }
  await run('UPDATE sessions SET proved_at = 0')
  await run('INSERT INTO throttles VALUES (?, 4, 0, ?)', signInBySession(bob.sessionId).key, bob.now * 2)
})

const prove = (proof = password) => confirm(bob, [proof], { secretHash: MOVED, from: HERE })

describe('a proof in a session', () => {
  it('is noted in it and in no other, moves it, and forgets what was tried in it', async () => {
    const others = [await viewerNamed('bob'), await viewerNamed('ada')].map(({ sessionId }) => sessionId)
    const sessions =
      'SELECT id, secret_hash, proved_at, factor, factor_at FROM sessions WHERE id IN (SELECT value FROM json_each(?))'
    const before = await all(sessions, JSON.stringify(others))
    expect(await prove()).toEqual({ mailIds: [] })
    expect(await all(sessions, JSON.stringify(others))).toEqual(before)
    expect(await all(sessions, JSON.stringify([bob.sessionId]))).toEqual([
      { id: bob.sessionId, secret_hash: MOVED, proved_at: bob.now, factor: null, factor_at: 0 },
    ])
    expect(await all('SELECT key FROM throttles')).toEqual([])
  })

  it.each([
    ['the session has been idle', 'UPDATE sessions SET last_seen_at = 1'],
    ['the session is too old', 'UPDATE sessions SET created_at = 1, expires_at = 2'],
    ['the password was changed', "UPDATE credentials SET secret = 'new' WHERE user_id = 'user-bob'"],
  ])('changes nothing where %s meanwhile', async (_, change) => {
    await run(change)
    const before = await dump()
    expect(await prove()).toBeUndefined()
    expect(await dump()).toEqual(before)
  })

  it('by the password alone changes nothing where there is a second factor meanwhile', async () => {
    await hasPasskey('bob')
    const before = await dump()
    expect(await prove()).toBeUndefined()
    expect(await dump()).toEqual(before)

    expect(await prove({ kind: 'passkey', userId: 'user-bob', id: 'passkey-bob', counter: 1, backedUp: false })).toBeDefined()
    expect(await one('SELECT factor, factor_at FROM sessions')).toEqual({ factor: 'passkey', factor_at: bob.now })
  })

  it('by a recovery code that was used meanwhile changes nothing, and is told to nobody', async () => {
    await hasPasskey('bob')
    const before = await dump()
    expect(await prove({ kind: 'recovery', userId: 'user-bob', id: 'gone', left: 0 })).toBeUndefined()
    expect(await dump()).toEqual(before)
  })

  it('by a recovery code is told by an email, which says where, and in the log of each of their workspaces', async () => {
    await hasPasskey('bob')
    await hasRecoveryCode('bob')
    await alsoInGlobex()
    const id = (await one<{ id: string }>("SELECT id FROM credentials WHERE kind = 'recovery'"))?.id ?? ''
    const confirmed = await prove({ kind: 'recovery', userId: 'user-bob', id, left: 0 })

    expect(await all("SELECT id, about FROM mails WHERE kind = 'recovery_code_used'")).toEqual([
      { id: confirmed?.mailIds[0], about: JSON.stringify({ userAgent: 'Test', ip: HERE.ip }) },
    ])
    expect(await all("SELECT member_id FROM activity WHERE kind = 'recovery_code_used' ORDER BY tenant_id")).toEqual([
      { member_id: 'bob' },
      { member_id: 'bob-globex' },
    ])
  })
})
