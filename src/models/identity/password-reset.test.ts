import { beforeEach, describe, expect, it } from 'vitest'
import { hasAuthenticatorApp } from '../../../test/authenticator-apps'
import { actNamed, invitee, somebody, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { randomSecret } from '../core/random'
import { passwordResetOf, RESET_LIFETIME_MS, resetPassword, toPasswordReset } from './password-reset'

const START = Date.now()
const hashOf = (i: number) => `$scrypt$of-try-${i}`

const resetWith = (jti: string, i = 0, now = Date.now()) =>
  resetPassword(somebody(now), jti, { passwordHash: hashOf(i), mailId: crypto.randomUUID() })

async function openReset(user = 'user-bob', now = START) {
  const jti = randomSecret()
  await run(
    `INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at) VALUES (?, ?, ?, 'open', ?, ?)`,
    crypto.randomUUID(),
    user,
    jti,
    now,
    now + RESET_LIFETIME_MS,
  )
  return jti
}

async function resetOf(jti: string, now = Date.now()) {
  const [row] = await passwordResetOf(somebody(now), jti)
  return row && toPasswordReset(row, now)
}

const passwordOf = async (user: string) =>
  (await one<{ secret: string }>('SELECT secret FROM credentials WHERE user_id = ?', user))?.secret

describe('a reset link', () => {
  let jti = ''
  beforeEach(async () => {
    jti = await openReset()
  })

  it('used twenty times at once sets one password, that of the one that won', async () => {
    await run('DELETE FROM password_resets')
    await tryOften(async () => {
      const jti = await openReset()
      await run("DELETE FROM mails WHERE to_key = 'bob@acme.test'")
      const won = await together((i) => resetWith(jti, i))

      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await passwordOf('user-bob')).toBe(hashOf(won.indexOf(true)))
      expect((await resetOf(jti))?.state).toBe('used')
      expect(await all("SELECT kind FROM mails WHERE to_key = 'bob@acme.test'")).toEqual([{ kind: 'password_changed' }])
    })
    expect(await all("SELECT id FROM activity WHERE kind = 'password_reset'")).toHaveLength(50)
  })

  it('ends every session of the person, nobody else’s, and frees the account from its throttle', async () => {
    for (const name of ['bob', 'bob', 'ada'] as const) await viewerNamed(name)
    await run("INSERT INTO throttles VALUES ('sign-in:account:bob@acme.test', 9, ?, ?)", START + 900_000, START + 900_000)
    await resetWith(jti)

    expect(await all('SELECT user_id FROM sessions')).toEqual([{ user_id: 'user-ada' }])
    expect(await all("SELECT key FROM throttles WHERE key GLOB 'sign-in:*'")).toEqual([])
  })

  it('leaves the tries as they were where a second factor can be guessed at', async () => {
    await hasAuthenticatorApp('bob')
    await run("INSERT INTO throttles VALUES ('sign-in:account:bob@acme.test', 9, ?, ?)", START + 900_000, START + 900_000)
    await resetWith(jti)

    expect(await all("SELECT hits FROM throttles WHERE key GLOB 'sign-in:*'")).toEqual([{ hits: 9 }])
  })

  it('works for thirty minutes', async () => {
    const end = START + RESET_LIFETIME_MS

    expect(RESET_LIFETIME_MS).toBe(30 * 60_000)
    expect((await resetOf(jti, end - 1))?.state).toBe('open')
    expect((await resetOf(jti, end))?.state).toBe('expired')
    expect(await resetWith(jti, 0, end)).toBe(false)
    expect(await resetWith(jti, 0, end - 1)).toBe(true)
  })

  it.each([
    ['is disabled', "UPDATE members SET status = 'disabled' WHERE id = 'bob'"],
    ['belongs nowhere', "DELETE FROM members WHERE id = 'bob'"],
  ])('works for somebody who %s, and changes the password and nothing of their membership', async (_, change) => {
    await run(change)
    const before = await all('SELECT * FROM members ORDER BY id')

    expect(await resetWith(jti)).toBe(true)
    expect(await passwordOf('user-bob')).toBe(hashOf(0))
    expect(await all('SELECT * FROM members ORDER BY id')).toEqual(before)
    expect(await all("SELECT id FROM activity WHERE kind = 'password_reset'")).toEqual([])
  })

  it('gives somebody without a password one', async () => {
    await run("DELETE FROM credentials WHERE user_id = 'user-bob'")

    expect(await resetWith(jti)).toBe(true)
    expect(await passwordOf('user-bob')).toBe(hashOf(0))
  })

  it('proves the address, since it was only ever emailed; the first proof is kept', async () => {
    const provedAt = async () => (await one<{ at: number | null }>("SELECT proved_at AS at FROM users WHERE id = 'user-bob'"))?.at
    await run("UPDATE users SET proved_at = NULL WHERE id = 'user-bob'")
    await resetWith(jti, 0, START + 1)
    expect(await provedAt()).toBe(START + 1)

    await resetWith(await openReset(), 0, START + 2)
    expect(await provedAt()).toBe(START + 1)
  })

  it('names the invitations that wait for the address, and touches none', async () => {
    const { jti: invited } = await invitee(await actNamed('cat'), 'bob@acme.test')
    expect((await resetOf(jti))?.invited).toEqual([invited])
    await run('UPDATE invitations SET copied_jti = ? WHERE jti = ?', 'c'.repeat(43), invited)
    expect((await resetOf(jti))?.invited, 'by the link that was handed over, too').toEqual([invited, 'c'.repeat(43)])
    await resetWith(jti)

    expect(await one('SELECT state FROM invitations WHERE jti = ?', invited)).toEqual({ state: 'open' })
  })

  it('whose use fails half-way is as it was', async () => {
    await run("CREATE TRIGGER trouble BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'trouble'); END")
    const before = await dump()

    await expect(resetWith(jti)).rejects.toThrow()
    expect(await dump()).toEqual(before)
  })
})
