import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actorFor, IP, NO_CAPS, typed, viewerNamed } from '../../../test/cast'
import { all, dump, one } from '../../../test/database'
import { together } from '../../../test/race'
import { connect } from '../../db/connect'
import type { Viewer } from '../members/viewer'
import { changePassword, guessAt } from './account'
import { forgotPassword, resetPassword } from './password-reset'
import { sha256 } from './session'
import { countTry, signInByAccount } from './throttle'

const db = connect(env.DB)
let bob: Viewer

beforeEach(async () => {
  bob = await viewerNamed('bob')
})

const NEW = '$scrypt$new'
const change = async (viewer = bob, password = NEW) =>
  changePassword(db, viewer, actorFor(viewer), { password, secret: await sha256(password) }, crypto.randomUUID(), Date.now())
const passwordOfBob = async () => (await one<{ it: string }>("SELECT password_hash AS it FROM users WHERE id = 'user-bob'"))?.it

describe('a changed password', () => {
  it('ends every other session of the person, moves this one to a new secret, mails a notice and is logged', async () => {
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

  it('that a reset overtook changes nothing: whoever the reset shut out stays out', async () => {
    await forgotPassword(db, typed('bob@acme.test'), IP, NO_CAPS, Date.now())
    const reset = await one<{ jti: string }>("SELECT jti FROM password_resets WHERE state = 'open'")
    await resetPassword(db, reset?.jti ?? '', '$scrypt$reset', 'mail-reset', IP, Date.now())
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

describe('guesses at the current password', () => {
  const secretHash = async () =>
    (await one<{ it: string }>('SELECT secret_hash AS it FROM sessions WHERE id = ?', bob.sessionId))?.it ?? ''
  const guess = async (hash: string, now: number) => {
    const { allowed, blocked } = guessAt(db, hash, now)
    const [passed, [wait]] = await db.batch([allowed, blocked])
    return passed.length === 1 ? 'allowed' : (wait?.until ?? 0) - now
  }

  it('count with those at signing in, however many come at once', async () => {
    const now = Date.now()
    for (let i = 0; i < 2; i++) await countTry(db, signInByAccount('bob@acme.test'), now)
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
