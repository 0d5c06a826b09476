import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { NoLinkPage } from '../../../views/identity/no-link'
import { ResetPasswordPage, ResetSpentPage } from '../../../views/identity/reset-password'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { setFlash } from '../../http/flash'
import { readForm } from '../../http/forms'
import { exchangeToken, forgetLink, linkJti } from '../../http/link'
import { originOf } from '../../http/origin'
import { clearSessionCookie } from '../../http/session-cookie'
import { isUsed, noteUsed } from '../../http/used-tokens'
import { post } from '../../mail/queue'
import { hashPassword } from '../../models/identity/password'
import {
  type PasswordReset,
  passwordResetOf,
  type ResetState,
  resetPassword as reset,
  toPasswordReset,
} from '../../models/identity/password-reset'
import { type PasswordProblem, passwordProblem } from '../../models/identity/password-rules'

const PURPOSE = 'password_reset'

export const resetPassword = new Hono<AppEnv>()

resetPassword.get('/', async (c) => {
  const token = c.req.query('token')
  if (token !== undefined) return (await exchangeToken(c, PURPOSE, token, '/reset-password')) ?? noLink(c)
  const found = await find(c)
  if (found.state !== 'open') return spent(c, found.state)
  return show(c, found.reset)
})

resetPassword.post('/', async (c) => {
  const { password } = await readForm(c, { password: v.string() })
  const found = await find(c)
  if (found.state !== 'open') return spent(c, found.state)

  const { jti, email, name, tenantNames, expiresAt } = found.reset
  const problem = await passwordProblem(password, [...tenantNames, email, name ?? ''], c.env.PASSWORD_RANGE_URL)
  if (problem) return show(c, found.reset, problem)

  const { db, now } = unchecked(c)
  const mailId = crypto.randomUUID()
  const won = await reset(db, jti, await hashPassword(password), mailId, originOf(c).ip, now)
  if (!won) return c.redirect('/reset-password', 303)

  post(c.env, c.executionCtx, [mailId])
  noteUsed(c, PURPOSE, jti, expiresAt, now)
  forgetLink(c, PURPOSE)
  clearSessionCookie(c)
  setFlash(c, { notice: 'password_reset', email })
  return c.redirect('/login', 303)
})

type Found = { state: 'open'; reset: PasswordReset } | { state: Exclude<ResetState, 'open'> | 'unknown' }

/** The KV list only saves D1 a question: it can call a link used, never usable. */
async function find(c: Context<AppEnv>): Promise<Found> {
  const jti = await linkJti(c, PURPOSE)
  if (!jti) return { state: 'unknown' }
  if (await isUsed(c, PURPOSE, jti)) return { state: 'used' }
  const { db, now } = unchecked(c)
  const [row] = await passwordResetOf(db, jti)
  if (!row) return { state: 'unknown' }
  const found = toPasswordReset(row, now)
  return found.state === 'open' ? { state: 'open', reset: found } : { state: found.state }
}

function show(c: Context<AppEnv>, found: PasswordReset, problem?: PasswordProblem) {
  if (problem) c.status(422)
  return c.render(<ResetPasswordPage reset={found} problem={problem} />, { title: 'Set a new password' })
}

function spent(c: Context<AppEnv>, state: Exclude<ResetState, 'open'> | 'unknown') {
  if (state === 'unknown') return noLink(c)
  c.status(410)
  return c.render(<ResetSpentPage state={state} />, { title: 'This link cannot be used' })
}

function noLink(c: Context<AppEnv>) {
  c.status(410)
  return c.render(<NoLinkPage />, { title: 'This link cannot be used' })
}
