import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { ConfirmPage, type ConfirmProblem } from '../../../views/identity/confirm'
import { ResumePage, resumeTitle } from '../../../views/identity/resume'
import type { AppEnv } from '../../env'
import { enterToProve } from '../../http/door'
import { enteredIn, openDraft } from '../../http/draft'
import { readForm } from '../../http/forms'
import { note } from '../../http/log'
import { ownPath } from '../../http/next'
import { setSessionCookie } from '../../http/session-cookie'
import { tooMany } from '../../http/throttle'
import { confirmation, confirm as prove } from '../../models/identity/confirm'
import { hashQueue } from '../../models/identity/hash-queue'
import { verifyPassword } from '../../models/identity/password'
import { newSession } from '../../models/identity/session'

/** Proves anew who somebody is who has been signed in for a while, and goes on to what asked for it. */
export const confirm = new Hono<AppEnv>()

confirm.get('/', async (c) => {
  const { person } = await enterToProve(c)
  const next = ownPath(c.env.APP_ORIGIN, c.req.query('next'))
  return person.fresh ? c.redirect(next ?? '/', 303) : show(c, { email: person.email, next })
})

confirm.post('/', async (c) => {
  // Before it is counted as a guess.
  hashQueue.expectRoom()
  const { act, person, hash, allowed, blocked, now } = await enterToProve(c, confirmation)
  const form = await readForm(c, { password: v.string(), next: v.optional(v.string()), draft: v.optional(v.string()) })
  const asked = { email: person.email, next: ownPath(c.env.APP_ORIGIN, form.next), draft: form.draft, now }
  if (allowed.length === 0) {
    const retryAt = blocked[0]?.until ?? now
    tooMany(c, retryAt, now)
    return refuse(c, asked, { problem: 'too_many_tries', retryAt })
  }
  const passwordHash = hash[0]?.passwordHash
  if (!passwordHash || !(await verifyPassword(passwordHash, form.password)).ok) {
    c.status(422)
    return refuse(c, asked, { problem: 'wrong' })
  }

  const { secret, secretHash } = await newSession()
  if (!(await prove(act, { passwordHash, secretHash }))) throw new HTTPException(401)
  await setSessionCookie(c, secret)
  note(c, { event: 'authn_login_success' })
  const draft = form.draft && (await openDraft(c.env, { userId: person.userId, sealed: form.draft }, now))
  if (!draft) return c.redirect(asked.next ?? '/', 303)
  return c.render(<ResumePage draft={draft} shown={enteredIn(draft)} confirmed />, { title: resumeTitle(true) })
})

type Asked = Pick<Parameters<typeof ConfirmPage>[0], 'email' | 'next' | 'draft' | 'now' | 'problem'>

const show = (c: Context<AppEnv>, asked: Asked) => c.render(<ConfirmPage {...asked} />, { title: 'Confirm it’s you' })

function refuse(c: Context<AppEnv>, asked: Asked, problem: ConfirmProblem) {
  note(c, { event: 'authn_login_fail', reason: problem.problem })
  return show(c, { ...asked, problem })
}
