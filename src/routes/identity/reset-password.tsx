import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { ResetPasswordPage, ResetSpentPage, resetTitle } from '../../../views/identity/reset-password'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { KEPT, readForm } from '../../http/forms'
import { forgetLink, type Link, linkInForm, openLinks, openPage } from '../../http/link'
import { linkPage } from '../../http/link-page'
import { note, noteAccount } from '../../http/log'
import { passwordProblemOf } from '../../http/new-password'
import { noLink } from '../../http/no-link'
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
import type { PasswordProblem } from '../../models/identity/password-rules'
import { invitationPaths, resetPath, withQuery } from '../../paths'

const PURPOSE = 'password_reset'

export const resetPassword = new Hono<AppEnv>()

const opened = linkPage(PURPOSE, async (c, link) => answer(c, await find(c, link)))
resetPassword.get('/', opened)
resetPassword.get('/:link', opened)

resetPassword.post('/:link', async (c) => {
  const { password, token, ...kept } = await readForm(c, { password: v.string(), token: v.optional(v.string()), ...KEPT })
  const found = await find(c, await linkInForm(c, PURPOSE, token))
  if (found.state !== 'open') return answer(c, found)

  const { link, reset: open } = found
  await noteAccount(c, open.email)
  const problem = await passwordProblemOf(c, password, [...open.tenantNames, open.email, open.name ?? ''])
  if (problem) return answer(c, found, { problem, keep: kept.keep })

  const [act, mailId] = [unchecked(c), crypto.randomUUID()]
  const won = await reset(act, link.jti, { passwordHash: await hashPassword(password), mailId }, kept)
  if (!won) return openPage(c, PURPOSE, link)
  note(c, { event: 'authn_password_change' })
  post(c.env, c.executionCtx, [mailId])
  noteUsed(c, PURPOSE, link.jti, open.expiresAt, act.now)
  forgetLink(c, link)
  clearSessionCookie(c)
  const next = await pageOfInvitation(c, open)
  return redirectWith(c, withQuery('/login', { from: link.name, next }), { notice: 'password_reset', email: open.email })
})

resetPassword.all('/:link/*', (c) => noLink(c))

/** An invitation that waits for the address: its page where this browser has it open, else where the person reads of it. */
async function pageOfInvitation(c: Context<AppEnv>, { invited }: PasswordReset) {
  if (invited.length === 0) return undefined
  const link = (await openLinks(c, 'invitation')).find(({ jti }) => invited.includes(jti))
  return link ? invitationPaths(link.name).page : '/workspaces'
}

type Found = { state: 'open'; reset: PasswordReset; link: Link } | { state: Exclude<ResetState, 'open'> | 'unknown' | 'gone' }

/** The KV list only saves D1 a question: it can call a link used, never usable. */
async function find(c: Context<AppEnv>, link: Link | undefined): Promise<Found> {
  if (!link) return { state: 'unknown' }
  if (await isUsed(c, PURPOSE, link.jti)) return { state: 'used' }
  const act = unchecked(c)
  const [row] = await passwordResetOf(act, link.jti)
  if (!row) return { state: 'gone' }
  const found = toPasswordReset(row, act.now)
  return found.state === 'open' ? { state: 'open', reset: found, link } : { state: found.state }
}

type Refused = { problem: PasswordProblem; keep: string[] }

function answer(c: Context<AppEnv>, found: Found, refused?: Refused) {
  if (found.state === 'unknown' || found.state === 'gone') return noLink(c, { gone: found.state === 'gone' })
  if (found.state !== 'open') return spent(c, found.state)
  if (refused) c.status(422)
  const { link, reset } = found
  const form = { action: resetPath(link.name), token: link.token }
  return c.render(<ResetPasswordPage {...{ reset, form, ...refused }} />, { title: resetTitle(reset) })
}

function spent(c: Context<AppEnv>, state: Exclude<ResetState, 'open'>) {
  c.status(410)
  return c.render(<ResetSpentPage state={state} />, { title: 'This link cannot be used' })
}
