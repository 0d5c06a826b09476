import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import type { AppEnv } from '../../env'
import { showAccount } from '../../http/account-page'
import { enterAsPerson, SignedOut } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { note } from '../../http/log'
import { passwordProblemOf } from '../../http/new-password'
import { setSessionCookie } from '../../http/session-cookie'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { changePassword, passwordChange } from '../../models/identity/account'
import { hashQueue } from '../../models/identity/hash-queue'
import { hashPassword, verifyPassword } from '../../models/identity/password'
import { newSession } from '../../models/identity/session'
import { failInSession, returnSessionTry } from '../../models/identity/session-tries'

export const ownPassword = new Hono<AppEnv>()

ownPassword.post('/', async (c) => {
  // Before it is counted as a guess.
  hashQueue.expectRoom()
  const entered = await enterAsPerson(c, passwordChange)
  const { act, person, hash, ownWords, allowed } = entered
  const [guess] = allowed
  const { current, password } = await readForm(c, { current: v.string(), password: v.string() })
  const waits = waitOf(entered)
  if (waits) {
    note(c, { event: 'authn_password_change_fail', reason: waits.problem })
    tooMany(c, waits.retryAt, act.now)
    return showAccount(c, entered, waits)
  }
  const problem = await passwordProblemOf(c, password, [...ownWords.map(({ name }) => name), person.email, person.name ?? ''])
  if (problem) {
    if (guess) await returnSessionTry(act, guess.hits)
    return showAccount(c, entered, { field: 'password', problem })
  }
  if (!(await verifyPassword(hash[0]?.passwordHash, current)).ok) {
    note(c, { event: 'authn_password_change_fail', reason: 'wrong' })
    if (await failInSession(act)) throw new SignedOut({ reason: 'tries' })
    return showAccount(c, entered, { field: 'current', problem: 'wrong' })
  }

  const [session, mailId] = [await newSession(), crypto.randomUUID()]
  const passwordHash = await hashPassword(password)
  if (!(await changePassword(act, { passwordHash, mailId, secretHash: session.secretHash }))) throw new HTTPException(401)
  await setSessionCookie(c, session.secret)
  note(c, { event: 'authn_password_change' })
  post(c.env, c.executionCtx, [mailId])
  return redirectWith(c, '/account', { notice: 'password_changed' })
})

type Guess = { allowed: { hits: number }[]; blocked: { until: number | null }[]; now: number }

function waitOf({ allowed, blocked, now }: Guess) {
  if (allowed.length > 0) return undefined
  return { field: 'current', problem: 'too_many_tries', retryAt: blocked[0]?.until ?? now } as const
}
