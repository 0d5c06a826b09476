import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { personActOf, somebody, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together } from '../../../test/race'
import { connect } from '../../db/connect'
import { randomSecret, sha256 } from '../core/random'
import type { Viewer } from '../members/viewer'
import { changePassword, rename } from './account'
import { resetPassword } from './password-reset'
import { sessionTry } from './session-tries'
import { countTry, signInByAccount, signInBySession } from './throttle'

const db = connect(env.DB)
let bob: Viewer

beforeEach(async () => {
  bob = await viewerNamed('bob')
})

const NEW = '$scrypt$new'
const change = async (viewer = bob, passwordHash = NEW) =>
  changePassword(personActOf(viewer), { passwordHash, secretHash: await sha256(passwordHash), mailId: crypto.randomUUID() })
const passwordOfBob = async () => (await one<{ it: string }>("SELECT secret AS it FROM credentials WHERE user_id = 'user-bob'"))?.it

async function openReset() {
  const jti = randomSecret()
  const now = Date.now()
  await run(
    "INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at) VALUES ('r', 'user-bob', ?, 'open', ?, ?)",
    jti,
    now,
    now + 60_000,
  )
  return jti
}

describe('a changed password', () => {
  it('ends every other session of the person, moves this one to a new secret, emails a notice and is logged', async () => {
    await viewerNamed('bob')
    await viewerNamed('ada')

    expect(await change()).toBe(true)
    expect(await passwordOfBob()).toBe(NEW)
    expect(await all('SELECT id, user_id, secret_hash FROM sessions ORDER BY user_id DESC')).toEqual([
      { id: bob.sessionId, user_id: 'user-bob', secret_hash: await sha256(NEW) },
      { id: expect.any(String), user_id: 'user-ada', secret_hash: expect.any(String) },
    ])
    expect(await all("SELECT kind FROM mails WHERE to_key = 'bob@acme.test'")).toEqual([{ kind: 'password_changed' }])
    expect(await all("SELECT kind FROM activity WHERE member_id = 'bob'")).toEqual([{ kind: 'password_changed' }])
  })

  it('kills every open reset link', async () => {
    const jti = await openReset()
    await change()

    expect(await all('SELECT state FROM password_resets')).toEqual([{ state: 'superseded' }])
    expect(await resetPassword(somebody(), jti, { passwordHash: '$scrypt$reset', mailId: 'mail-reset' })).toBe(false)
    expect(await passwordOfBob()).toBe(NEW)
  })

  it('that a reset overtook changes nothing: whoever the reset shut out stays out', async () => {
    await resetPassword(somebody(), await openReset(), { passwordHash: '$scrypt$reset', mailId: 'mail-reset' })
    const before = await dump()

    expect(await change()).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('is changed by one of two sessions at once, and the other is over', async () => {
    const other = await viewerNamed('bob')
    const won = await together((i) => change(i ? other : bob, `$scrypt$${i}`), 2)

    expect(won).toEqual([true, false])
    expect(await passwordOfBob()).toBe('$scrypt$0')
  })
})

describe('a new name', () => {
  const entries = () =>
    all("SELECT tenant_id, actor_name, actor_email, before, after FROM activity WHERE kind = 'renamed' ORDER BY tenant_id")

  it('is an entry with what it was and is, in every workspace that shows it', async () => {
    const columns = 'user_id, email, email_key, role, agent_mode, created_at, joined_at'
    await run(
      `INSERT INTO members (id, tenant_id, status, ${columns}) SELECT 'bob-2', 'globex', 'disabled', ${columns} FROM members WHERE id = 'bob'`,
    )
    expect(await rename(personActOf(bob), 'Robert')).toBe(true)

    const entry = {
      actor_name: 'Bob Okafor',
      actor_email: 'bob@acme.test',
      before: '{"name":"Bob Okafor"}',
      after: '{"name":"Robert"}',
    }
    expect(await entries()).toEqual([
      { tenant_id: 'acme', ...entry },
      { tenant_id: 'globex', ...entry },
    ])
    expect(await rename(personActOf(bob), null)).toBe(true)
    expect(await one("SELECT name FROM users WHERE id = 'user-bob'")).toEqual({ name: null })
  })

  it('that is the old one is none', async () => {
    const before = await dump()

    expect(await rename(personActOf(bob), 'Bob Okafor')).toBe(false)
    expect(await dump()).toEqual(before)
  })
})

describe('guesses at the current password', () => {
  const secretHash = async () =>
    (await one<{ it: string }>('SELECT secret_hash AS it FROM sessions WHERE id = ?', bob.sessionId))?.it ?? ''
  const guess = async (hash: string, now: number) => {
    const { allowed, blocked } = sessionTry({ db, secretHash: hash, now })
    const [passed, [wait]] = await db.batch([allowed, blocked])
    return passed.length === 1 ? 'allowed' : (wait?.until ?? 0) - now
  }

  it('count for their session alone, however many come at once and whatever is tried at signing in', async () => {
    const now = Date.now()
    for (let i = 0; i < 20; i++) await countTry({ db, now }, signInByAccount('bob@acme.test'))
    for (let i = 0; i < 2; i++) await countTry({ db, now }, signInBySession(bob.sessionId))
    const hash = await secretHash()
    const guesses = await together(() => guess(hash, now))

    expect(guesses.filter((one) => one === 'allowed')).toHaveLength(3)
    expect(guesses.at(-1)).toBe(1000)
  })

  it('of nobody are not counted', async () => {
    expect(await guess('nobody', Date.now())).not.toBe('allowed')
    expect(await all('SELECT key FROM throttles')).toEqual([])
  })
})
