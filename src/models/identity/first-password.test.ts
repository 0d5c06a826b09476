import { beforeEach, describe, expect, it } from 'vitest'
import { personActOf, viewerNamed } from '../../../test/cast'
import { all, dump, run } from '../../../test/database'
import { hasPasskey, provedFactor } from '../../../test/factors'
import { insertSession } from '../../../test/session'
import type { PersonAct } from '../core/act'
import { setFirstPassword } from './first-password'
import { newSession } from './session'

const MOVED = 'f'.repeat(64)
let bob: PersonAct

beforeEach(async () => {
  await run("DELETE FROM credentials WHERE user_id = 'user-bob'")
  await hasPasskey('bob')
  bob = personActOf(await viewerNamed('bob'))
  await provedFactor('bob')
})

const set = () => setFirstPassword(bob, { passwordHash: '$scrypt$new', mailId: 'mail', secretHash: MOVED })
const passwords = () => all("SELECT secret FROM credentials WHERE user_id = 'user-bob' AND kind = 'password'")

describe('a first password', () => {
  it('ends the other sessions, moves this one, and forgets every browser of its person', async () => {
    for (const name of ['bob', 'ada']) {
      await insertSession(await newSession(), `user-${name}`)
      await run("INSERT INTO known_browsers VALUES (?, 'old', ?, '', '', 1, 1)", `user-${name}`, 'b'.repeat(64))
    }
    expect(await set()).toBe(true)

    expect(await passwords()).toEqual([{ secret: '$scrypt$new' }])
    expect(await all("SELECT id, secret_hash FROM sessions WHERE user_id = 'user-bob'")).toEqual([
      { id: bob.sessionId, secret_hash: MOVED },
    ])
    expect(await all("SELECT user_id FROM sessions WHERE user_id <> 'user-bob'")).toEqual([{ user_id: 'user-ada' }])
    expect(await all('SELECT user_id FROM known_browsers')).toEqual([{ user_id: 'user-ada' }])
    expect(await all("SELECT id, to_key, about FROM mails WHERE kind = 'password_changed'")).toEqual([
      { id: 'mail', to_key: 'bob@acme.test', about: '{"first":true}' },
    ])
    expect(await all("SELECT tenant_id, member_id FROM activity WHERE kind = 'password_set'")).toEqual([
      { tenant_id: 'acme', member_id: 'bob' },
    ])
  })

  it.each([
    ['behind a session that ended', 'DELETE FROM sessions'],
    ['behind one that has been idle', 'UPDATE sessions SET last_seen_at = 1'],
    ['behind one that proved the passkey too long ago', 'UPDATE sessions SET factor_at = 1'],
    [
      'where there is one by now',
      "INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES ('p', 'user-bob', 'password', 'x', 1, 1)",
    ],
  ])('%s changes nothing', async (_, change) => {
    await run(change)
    await insertSession(await newSession(), 'user-bob')
    await run("INSERT INTO known_browsers VALUES ('user-bob', 'old', ?, '', '', 1, 1)", 'b'.repeat(64))
    const before = await dump()

    expect(await set()).toBe(false)
    expect(await dump()).toEqual(before)
  })
})
