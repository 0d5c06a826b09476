import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { IP, invitee, NO_CAPS, typed, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import { RESEND_COOLDOWN_MS } from '../invitations/resend'
import { forgotPassword, passwordResetOf, RESET_LIFETIME_MS, resetPassword, toPasswordReset } from './password-reset'

const HOUR_MS = 3_600_000
const db = connect(env.DB)
const hashOf = (i: number) => `$scrypt$of-try-${i}`

const forgot = (email: string, now = Date.now(), ip = IP, caps = NO_CAPS) => forgotPassword(db, typed(email), ip, caps, now)
const resetWith = (jti: string, i = 0, now = Date.now()) => resetPassword(db, jti, hashOf(i), crypto.randomUUID(), IP, now)

const openReset = async (user = 'user-bob') =>
  (await one<{ jti: string }>("SELECT jti FROM password_resets WHERE user_id = ? AND state = 'open'", user))?.jti ?? ''
const mailsTo = (key: string) => all('SELECT kind, to_email FROM mails WHERE to_key = ? ORDER BY rowid', key)
const stateOf = async (jti: string, now = Date.now()) => {
  const [row] = await passwordResetOf(db, jti)
  return row && toPasswordReset(row, now).state
}
const passwordOf = async (user: string) =>
  (await one<{ password_hash: string }>('SELECT password_hash FROM users WHERE id = ?', user))?.password_hash

describe('a forgotten password', () => {
  it('mails a reset link to an active account, at its stored address', async () => {
    const now = Date.now()
    await run("UPDATE users SET email = 'Bob@Acme.test' WHERE id = 'user-bob'")
    await forgot('BOB@acme.TEST', now)

    expect(await mailsTo('bob@acme.test')).toEqual([{ kind: 'password_reset', to_email: 'Bob@Acme.test' }])
    expect(await one("SELECT state, expires_at FROM password_resets WHERE user_id = 'user-bob'")).toEqual({
      state: 'open',
      expires_at: now + 30 * 60_000,
    })
  })

  it('mails a fresh invitation to a pending address', async () => {
    const old = await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = 'pia'")
    await forgot('pia@acme.test')

    expect((await mailsTo('pia@acme.test')).slice(1)).toEqual([{ kind: 'fresh_invitation', to_email: 'pia@acme.test' }])
    expect(await one('SELECT state FROM invitations WHERE jti = ?', old?.jti)).toEqual({ state: 'superseded' })
    expect(await all("SELECT state FROM invitations WHERE member_id = 'pia' AND state = 'open'")).toHaveLength(1)
    expect(await all('SELECT id FROM password_resets')).toEqual([])
  })

  it('writes at most three mails an hour to an address, however many occasions one request finds', async () => {
    const cat = await viewerNamed('cat')
    await invitee(cat, 'bob@acme.test', Date.now() - 3 * RESEND_COOLDOWN_MS)
    const now = Date.now()
    for (const minute of [0, 1, 2]) await forgot('bob@acme.test', now + minute * RESEND_COOLDOWN_MS)

    const kinds = (await mailsTo('bob@acme.test')).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind !== 'invitation')).toHaveLength(3)
  })

  it('mails a reset link to an account that is only invited anew, or the invitation could not be accepted', async () => {
    await run("DELETE FROM members WHERE id = 'bob'")
    await invitee(await viewerNamed('ada'), 'bob@acme.test', Date.now() - RESEND_COOLDOWN_MS)
    await forgot('bob@acme.test')

    expect(await resetWith(await openReset())).toBe(true)
    expect(await passwordOf('user-bob')).toBe(hashOf(0))
  })

  it('mails both to somebody active here and pending there', async () => {
    const cat = await viewerNamed('cat')
    await invitee(cat, 'bob@acme.test', Date.now() - RESEND_COOLDOWN_MS)
    await forgot('bob@acme.test')

    expect((await mailsTo('bob@acme.test')).map(({ kind }) => kind).toSorted()).toEqual([
      'fresh_invitation',
      'invitation',
      'password_reset',
    ])
  })

  it.each([
    ['unknown', 'nobody@acme.test'],
    ['disabled', 'dov@acme.test'],
    ['cancelled', 'pia@acme.test'],
  ])('of somebody %s mails nothing and changes nothing but the counters', async (state, email) => {
    if (state === 'cancelled') await cancelPia()
    const { throttles: _, ...before } = await dump()
    await forgot(email)
    const { throttles: __, ...after } = await dump()

    expect(after).toEqual(before)
  })

  it('asks as many mails of the Queue for an unknown address as for a known one', async () => {
    const mailsOf = async (email: string) => {
      const result = await forgot(email)
      return 'mailIds' in result ? result.mailIds.length : 0
    }

    expect(await mailsOf('nobody@acme.test')).toBe(await mailsOf('bob@acme.test'))
    expect(await mailsOf('dov@acme.test')).toBe(await mailsOf('bob@acme.test'))
    expect(await mailsOf('pia@acme.test')).toBe(await mailsOf('bob@acme.test'))
  })

  it('asked for again kills the older link', async () => {
    await forgot('bob@acme.test')
    const first = await openReset()
    await forgot('bob@acme.test')

    expect(await stateOf(first)).toBe('superseded')
    expect(await resetWith(first)).toBe(false)
    expect(await resetWith(await openReset())).toBe(true)
  })

  it('mails an address three times an hour, and answers the fourth like the others', async () => {
    const now = Date.now()
    for (let i = 0; i < 4; i++) expect(await forgot('bob@acme.test', now + i, `192.0.2.${i}`)).toHaveProperty('mailIds')

    expect(await mailsTo('bob@acme.test')).toHaveLength(3)
    await forgot('bob@acme.test', now + HOUR_MS, '192.0.2.9')
    expect(await mailsTo('bob@acme.test')).toHaveLength(4)
  })

  it('asked for twenty times at once mails three times, and one link is open', async () => {
    await together((i) => forgot('bob@acme.test', Date.now(), `192.0.2.${i}`))

    expect(await mailsTo('bob@acme.test')).toHaveLength(3)
    expect(await all("SELECT id FROM password_resets WHERE state = 'open'")).toHaveLength(1)
  })

  it('may be asked for ten times an hour from one network, whatever the addresses', async () => {
    const now = Date.now()
    const answers = await together((i) => forgot(`nobody${i}@acme.test`, now, `2001:db8:1:2::${i}`), 12)

    expect(answers.filter((answer) => 'reason' in answer)).toEqual(
      Array.from({ length: 2 }, () => ({ reason: 'too_many_tries', retryAt: now + HOUR_MS })),
    )
  })

  it('re-issues an invitation within the limits of a resend, and says nothing of it', async () => {
    await forgot('pia@acme.test')
    expect(await forgot('pia@acme.test')).toHaveProperty('mailIds')

    expect(await mailsTo('pia@acme.test')).toHaveLength(2)
  })

  const cancelPia = async () => {
    await run("UPDATE invitations SET state = 'cancelled', closed_at = 1, claim = 'c' WHERE member_id = 'pia'")
    await run("DELETE FROM members WHERE id = 'pia'")
  }
})

describe('a reset link', () => {
  beforeEach(async () => {
    await forgot('bob@acme.test')
  })

  it('used twenty times at once sets one password, that of the one that won', async () => {
    await tryOften(async () => {
      await run('DELETE FROM throttles')
      await forgot('bob@acme.test')
      const jti = await openReset()
      await run("DELETE FROM mails WHERE to_key = 'bob@acme.test'")
      const won = await together((i) => resetWith(jti, i))

      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await passwordOf('user-bob')).toBe(hashOf(won.indexOf(true)))
      expect(await stateOf(jti)).toBe('used')
      expect((await mailsTo('bob@acme.test')).filter(({ kind }) => kind === 'password_changed')).toHaveLength(1)
    })
    expect(await all("SELECT id FROM activity WHERE kind = 'password_reset'")).toHaveLength(50)
  })

  it('ends every session of the person, nobody else’s, and frees the account from its throttle', async () => {
    for (const name of ['bob', 'bob', 'ada'] as const) await viewerNamed(name)
    await run("INSERT INTO throttles VALUES ('sign-in:account:bob@acme.test', 9, ?, ?)", Date.now() + 900_000, Date.now() + 900_000)
    await resetWith(await openReset())

    expect(await all('SELECT user_id FROM sessions')).toEqual([{ user_id: 'user-ada' }])
    expect(await all("SELECT key FROM throttles WHERE key GLOB 'sign-in:*'")).toEqual([])
  })

  it('works for thirty minutes', async () => {
    const jti = await openReset()
    const made = await one<{ at: number }>('SELECT created_at AS at FROM password_resets WHERE jti = ?', jti)
    const end = (made?.at ?? 0) + RESET_LIFETIME_MS

    expect(await stateOf(jti, end - 1)).toBe('open')
    expect(await stateOf(jti, end)).toBe('expired')
    expect(await resetWith(jti, 0, end)).toBe(false)
    expect(await resetWith(jti, 0, end - 1)).toBe(true)
  })

  it('does nothing for somebody who was disabled meanwhile', async () => {
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob'")
    const before = await dump()

    expect(await resetWith(await openReset())).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('whose use fails half-way is as it was', async () => {
    const jti = await openReset()
    await run("CREATE TRIGGER trouble BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'trouble'); END")
    const before = await dump()

    await expect(resetWith(jti)).rejects.toThrow()
    expect(await dump()).toEqual(before)
  })
})
