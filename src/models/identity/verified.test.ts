import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { somebody } from '../../../test/cast'
import { all, run } from '../../../test/database'
import { connect } from '../../db/connect'
import { raw } from '../../db/raw'
import { spend, stillHold, type Verified } from './verified'

const db = connect(env.DB)
const NOW = Date.now()

const PASSWORD: Verified = { kind: 'password', userId: 'user-bob', secret: 'hash' }
const PASSKEY: Verified = { kind: 'passkey', userId: 'user-bob', id: 'passkey', counter: 8, backedUp: false }
const APP: Verified = { kind: 'totp', userId: 'user-bob', id: 'app', counter: 8 }
const CODE: Verified = { kind: 'recovery', userId: 'user-bob', id: 'code', left: 0 }
const SIGN_IN: Verified = { kind: 'sign_in', userId: 'user-bob', id: 'sign-in' }
const ALL = { password: PASSWORD, passkey: PASSKEY, app: APP, 'recovery code': CODE, 'sign-in': SIGN_IN }

const insert = (id: string, user: string, kind: string, secret = 'secret') =>
  run(
    `INSERT INTO credentials (id, user_id, kind, secret, counter, details, created_at, changed_at) VALUES (?, ?, ?, ?, 7, '{}', 1, 1)`,
    id,
    user,
    kind,
    secret,
  )

beforeEach(async () => {
  await run("DELETE FROM credentials WHERE user_id IN ('user-bob', 'user-ada')")
  await insert('password', 'user-bob', 'password', 'hash')
  for (const [id, kind] of [
    ['passkey', 'passkey'],
    ['app', 'totp'],
    ['code', 'recovery'],
  ] as const)
    await insert(id, 'user-bob', kind)
  await run("INSERT INTO sign_ins VALUES ('sign-in', 'user-bob', ?, 0, 1, ?)", 'b'.repeat(64), NOW + 1)
})

async function holds(...proofs: [Verified, ...Verified[]]) {
  const rows = await raw(db, sql`SELECT 1 WHERE ${stillHold(proofs, NOW)}`)
  return rows.length === 1
}

const with8 = "UPDATE credentials SET counter = 8 WHERE kind IN ('passkey', 'totp')"

describe('what was verified', () => {
  it.each(Object.entries(ALL))('holds while the %s is as it was', async (_, proof) => {
    expect(await holds(proof)).toBe(true)
  })

  it.each(Object.entries(ALL))('of somebody else, whose the %s is not, holds nothing', async (_, proof) => {
    expect(await holds({ ...proof, userId: 'user-ada' })).toBe(false)
  })

  const GONE: [string, Verified, string][] = [
    ['a password that was changed', PASSWORD, "UPDATE credentials SET secret = 'new' WHERE kind = 'password'"],
    ['a passkey in whose place they have another', PASSKEY, "UPDATE credentials SET id = 'other' WHERE kind = 'passkey'"],
    ['an app in whose place they have another', APP, "UPDATE credentials SET id = 'other' WHERE kind = 'totp'"],
    ['a recovery code that was used, while others are left', CODE, "UPDATE credentials SET id = 'other' WHERE kind = 'recovery'"],
    ['a passkey that counted as far meanwhile', PASSKEY, with8],
    ['an app whose code was used meanwhile', APP, with8],
    ['an app in whose row is something else', APP, "UPDATE credentials SET kind = 'other' WHERE kind = 'totp'"],
    ['a sign-in that was finished', SIGN_IN, 'DELETE FROM sign_ins'],
    ['a sign-in in whose place they began another', SIGN_IN, "UPDATE sign_ins SET id = 'other'"],
    ['a sign-in that is over', SIGN_IN, `UPDATE sign_ins SET expires_at = ${NOW}`],
  ]
  it.each(GONE)('by %s holds no longer', async (_, proof, change) => {
    await run(change)
    expect(await holds(proof)).toBe(false)
  })

  it('by a passkey that counts nothing holds only while it never counted', async () => {
    const uncounted = { ...PASSKEY, counter: 0 }
    expect(await holds(uncounted)).toBe(false)
    await run("UPDATE credentials SET counter = 0 WHERE kind = 'passkey'")
    expect(await holds(uncounted)).toBe(true)
  })

  it('holds with everything that it rests on, or not at all', async () => {
    await run('DELETE FROM sign_ins')
    expect([await holds(APP), await holds(SIGN_IN, APP), await holds(APP, SIGN_IN)]).toEqual([true, false, false])
  })
})

describe('what can be used once', () => {
  const left = async () => [
    await all(
      "SELECT kind, id, counter, last_used_at, secret, details ->> 'backedUp' AS synced FROM credentials WHERE user_id = 'user-bob' AND id <> 'other' ORDER BY kind",
    ),
    await all("SELECT id FROM sign_ins WHERE id <> 'other'"),
  ]
  const others = () =>
    all(
      "SELECT user_id, kind, id, counter, last_used_at FROM credentials WHERE id = 'other' OR user_id = 'user-ada' UNION ALL SELECT user_id, '', id, tries, expires_at FROM sign_ins WHERE id = 'other'",
    )
  const USED: typeof ALL = {
    ...ALL,
    passkey: { kind: 'passkey', userId: 'user-bob', id: 'passkey', counter: 8, backedUp: true },
    app: { kind: 'totp', userId: 'user-bob', id: 'app', counter: 8, sealedAnew: 'sealed anew' },
  }
  const spendAll = (rested: boolean) => {
    const { password, ...used } = USED
    const [first, ...more] = spend(somebody(NOW), [password, ...Object.values(used)], sql`${rested}`)
    return first && db.batch([first, ...more])
  }

  it('is used up, and counts on', async () => {
    await spendAll(true)
    expect(await left()).toEqual([
      [
        { kind: 'passkey', id: 'passkey', counter: 8, last_used_at: NOW, secret: 'secret', synced: 1 },
        { kind: 'password', id: 'password', counter: 7, last_used_at: null, secret: 'hash', synced: null },
        { kind: 'totp', id: 'app', counter: 8, last_used_at: NOW, secret: 'sealed anew', synced: null },
      ],
      [],
    ])
  })

  it('leaves whatever else they have, and whatever others have', async () => {
    for (const kind of ['passkey', 'recovery']) await insert('other', 'user-bob', kind)
    for (const [id, kind] of [
      ['app', 'totp'],
      ['code', 'recovery'],
    ] as const)
      await insert(id, 'user-ada', kind)
    await run("INSERT INTO sign_ins VALUES ('other', 'user-bob', ?, 0, 1, 2)", 'b'.repeat(64))
    const before = await others()
    await spendAll(true)

    expect(before).toHaveLength(5)
    expect(await others()).toEqual(before)
  })

  it('stays where nothing rested on it', async () => {
    const before = await left()
    await spendAll(false)
    expect(await left()).toEqual(before)
  })
})
