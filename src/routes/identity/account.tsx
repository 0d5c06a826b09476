import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { AccountPage, type AccountProblem, type AccountProps } from '../../../views/identity/account'
import type { AppEnv } from '../../env'
import { enterAsPerson } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { note } from '../../http/log'
import { passwordProblemOf } from '../../http/new-password'
import { backTo } from '../../http/page-before'
import { clearSessionCookie, setSessionCookie } from '../../http/session-cookie'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { nameOf } from '../../models/core/name'
import { accountPage, changePassword, notGuessed, passwordChange, rename } from '../../models/identity/account'
import { addressConfirmation, confirmAddress } from '../../models/identity/confirm-address'
import { hashQueue } from '../../models/identity/hash-queue'
import { hashPassword, verifyPassword } from '../../models/identity/password'
import { endSessionOf, newSession, signOutEverywhere } from '../../models/identity/session'

export const account = new Hono<AppEnv>()

account.get('/', async (c) => {
  return show(c, await enterAsPerson(c, accountPage))
})

account.post('/name', async (c) => {
  const { act } = await enterAsPerson(c)
  const { name } = await readForm(c, { name: v.string() })
  await rename(act, nameOf(name) ?? null)
  return redirectWith(c, '/account', { notice: 'name_saved' })
})

account.post('/password', async (c) => {
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
    return show(c, entered, waits)
  }
  const problem = await passwordProblemOf(c, password, [...ownWords.map(({ name }) => name), person.email, person.name ?? ''])
  if (problem) {
    if (guess) await notGuessed(act, guess.hits)
    return show(c, entered, { field: 'password', problem })
  }
  if (!(await verifyPassword(hash[0]?.passwordHash, current)).ok) {
    note(c, { event: 'authn_password_change_fail', reason: 'wrong' })
    return show(c, entered, { field: 'current', problem: 'wrong' })
  }

  const [session, mailId] = [await newSession(), crypto.randomUUID()]
  const passwordHash = await hashPassword(password)
  if (!(await changePassword(act, { passwordHash, mailId, secretHash: session.secretHash }))) throw new HTTPException(401)
  await setSessionCookie(c, session.secret)
  note(c, { event: 'authn_password_change' })
  post(c.env, c.executionCtx, [mailId])
  return redirectWith(c, '/account', { notice: 'password_changed' })
})

account.post('/confirm', async (c) => {
  const { act, allowed, blocked, person, sessions, now } = await enterAsPerson(c, addressConfirmation)
  await readForm(c, {})
  if (person.provedAt) return redirectWith(c, '/account', { notice: 'address_is_proved' })
  const retryAt = blocked[0]?.until ?? now
  if (allowed.length === 0) {
    tooMany(c, retryAt, now)
    return show(c, { person, sessions, now }, { field: 'address', problem: 'too_many_tries', retryAt })
  }
  const mailId = await confirmAddress(act)
  if (mailId) post(c.env, c.executionCtx, [mailId])
  return redirectWith(c, backTo(c, '/account', '/workspaces'), { notice: 'confirmation_sent', who: person.email })
})

account.post('/sign-out', async (c) => {
  const { act } = await enterAsPerson(c)
  await readForm(c, {})
  await signOutEverywhere(act)
  clearSessionCookie(c)
  return redirectWith(c, '/login', { notice: 'signed_out_everywhere' })
})

account.post('/sessions/:id/end', async (c) => {
  const { act } = await enterAsPerson(c)
  await readForm(c, {})
  if (!(await endSessionOf(act, c.req.param('id')))) throw new HTTPException(404)
  return redirectWith(c, '/account', { notice: 'session_ended' })
})

type Guess = { allowed: { hits: number }[]; blocked: { until: number | null }[]; now: number }

function waitOf({ allowed, blocked, now }: Guess) {
  if (allowed.length > 0) return undefined
  return { field: 'current', problem: 'too_many_tries', retryAt: blocked[0]?.until ?? now } as const
}

function show(c: Context<AppEnv>, { person, sessions, now }: Omit<AccountProps, 'problem'>, problem?: AccountProblem) {
  if (problem && problem.problem !== 'too_many_tries') c.status(422)
  return c.render(<AccountPage {...{ person, sessions, now, problem }} />, { title: 'Account' })
}
