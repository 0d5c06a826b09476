import { beforeEach, describe, expect, it } from 'vitest'
import { somebody, typed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { leaseMail } from '../../../test/outbox'
import { HOUR_MS, MINUTE_MS, OUTBOX } from '../../limits'
import { passwordResetOf, RESET_WAITS_MS, resetPassword, toPasswordReset } from '../identity/password-reset'
import { forgotPassword } from '../invitations/forgotten'

const ASKED = Date.now()
const HALF_HOUR_MS = 30 * MINUTE_MS

async function ask(email = 'bob@acme.test', now = ASKED) {
  await forgotPassword(somebody(now), typed(email))
  const row = await one<{ id: string; jti: string }>(
    'SELECT x.id, r.jti FROM mails x JOIN password_resets r ON r.id = x.password_reset_id WHERE x.to_key = ? ORDER BY x.created_at DESC',
    email,
  )
  if (!row) throw new Error('no reset')
  return row
}

async function stateAt(now: number, jti: string) {
  const [row] = await passwordResetOf(somebody(now), jti)
  return row && toPasswordReset(row, now).state
}

const leaseAt = (now: number, mailId: string) => leaseMail(somebody(now), mailId)
const endOf = (jti: string) => one('SELECT expires_at FROM password_resets WHERE jti = ?', jti)

describe('the half hour of a reset link', () => {
  it.each([
    ['at once', 0],
    ['twenty minutes later', 20 * MINUTE_MS],
    ['two hours later', 2 * HOUR_MS],
    ['nearly six hours later', RESET_WAITS_MS - 1],
  ])('counts from when its email goes out: %s', async (_, waited) => {
    const { id, jti } = await ask()
    const sent = ASKED + waited
    const mail = await leaseAt(sent, id)

    expect(mail?.letter).toMatchObject({ kind: 'password_reset', link: { jti, exp: sent + HALF_HOUR_MS } })
    expect([await stateAt(sent + HALF_HOUR_MS - 1, jti), await stateAt(sent + HALF_HOUR_MS, jti)]).toEqual(['open', 'expired'])
    const password = { passwordHash: '$scrypt$', mailId: 'mail-changed' }
    expect(await resetPassword(somebody(sent + HALF_HOUR_MS), jti, password)).toBe(false)
    expect(await resetPassword(somebody(sent + HALF_HOUR_MS - 1), jti, password)).toBe(true)
  })

  it('begins again with each attempt, since the one before may have sent nothing', async () => {
    const { id, jti } = await ask()
    await leaseAt(ASKED, id)
    await leaseAt(ASKED + HOUR_MS, id)

    expect(await endOf(jti)).toEqual({ expires_at: ASKED + HOUR_MS + HALF_HOUR_MS })
  })

  it('does not begin for somebody who finds the email taken or sent', async () => {
    const { id, jti } = await ask()
    await leaseAt(ASKED, id)
    const before = await dump()
    expect(await leaseAt(ASKED + OUTBOX.leaseMs - 1, id)).toBeUndefined()
    expect(await dump()).toEqual(before)

    await run("UPDATE mails SET state = 'sent' WHERE id = ?", id)
    expect(await leaseAt(ASKED + HOUR_MS, id)).toBeUndefined()
    expect(await endOf(jti)).toEqual({ expires_at: ASKED + HALF_HOUR_MS })
  })
})

describe('the email of a reset', () => {
  it('is given up six hours after it was asked for', async () => {
    const { id, jti } = await ask()

    expect(await leaseAt(ASKED + RESET_WAITS_MS, id)).toMatchObject({ letter: undefined, suppressed: false })
    expect(await endOf(jti)).toEqual({ expires_at: ASKED + HALF_HOUR_MS })
  })

  it('is not sent, and its link not revived, once a newer one was asked for', async () => {
    const { id, jti } = await ask()
    await ask('bob@acme.test', ASKED + MINUTE_MS)

    expect((await leaseAt(ASKED + HOUR_MS, id))?.letter).toBeUndefined()
    expect(await all("SELECT state, expires_at FROM password_resets WHERE state = 'superseded'")).toEqual([
      { state: 'superseded', expires_at: ASKED + HALF_HOUR_MS },
    ])
    expect(await stateAt(ASKED + HOUR_MS, jti)).toBe('superseded')
  })

  it('leaves the link of an invitation as it is', async () => {
    const mail = await one<{ id: string }>("SELECT id FROM mails WHERE kind = 'invitation'")
    await run("UPDATE mails SET state = 'queued', leased_until = 0 WHERE id = ?", mail?.id ?? '')
    const before = [await all('SELECT * FROM invitations'), await all('SELECT * FROM password_resets')]
    await leaseAt(ASKED, mail?.id ?? '')

    expect([await all('SELECT * FROM invitations'), await all('SELECT * FROM password_resets')]).toEqual(before)
  })
})

beforeEach(() => run('DELETE FROM password_resets'))
