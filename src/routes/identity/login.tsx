import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { shownAddress } from '../../../views/components/shown-address'
import { LoginPage, type LoginProps } from '../../../views/identity/login'
import { ResumePage, resumeTitle } from '../../../views/identity/resume'
import { reasonOf } from '../../../views/identity/sign-in-reasons'
import { noticeOf } from '../../../views/notices'
import type { AppEnv } from '../../env'
import { keepsCookies, probeCookies } from '../../http/cookie-probe'
import { unchecked } from '../../http/door'
import { type Draft, enteredIn, openDraft } from '../../http/draft'
import { flashOf, takeFlash } from '../../http/flash'
import { readForm } from '../../http/forms'
import { landingOf } from '../../http/frame'
import { note, noteAccount } from '../../http/log'
import { ownPath } from '../../http/next'
import { originOf } from '../../http/origin'
import { sessionCookie, setSessionCookie } from '../../http/session-cookie'
import { tooMany } from '../../http/throttle'
import { readAddress } from '../../models/core/address'
import { type SignedIn, type SignInRefusal, signIn } from '../../models/identity/sign-in'
import { nobodyYet } from '../../models/workspace/setup'

const FIELDS = {
  email: v.string(),
  password: v.string(),
  next: v.optional(v.string()),
  draft: v.optional(v.string()),
  probe: v.optional(v.literal('sent')),
}

export const login = new Hono<AppEnv>()

login.get('/', async (c) => {
  const reason = reasonOf(c.req.query('reason'))
  const next = ownPath(c.env.APP_ORIGIN, c.req.query('next'))
  probeCookies(c)
  const flash = flashOf(c)?.email ? takeFlash(c) : undefined
  const nobody = (await nobodyYet(unchecked(c))).length > 0
  const done = flash && noticeOf(flash)
  return show(c, { email: shownAddress(flash?.email ?? ''), next, needed: reason && { reason }, done, nobody })
})

login.post('/', async (c) => {
  const form = await readForm(c, FIELDS)
  const next = ownPath(c.env.APP_ORIGIN, form.next)
  if (form.probe && !keepsCookies(c)) return askForCookies(c, { ...form, next })
  const act = unchecked(c)
  const result = await signIn(act, form, originOf(c), await sessionCookie(c))
  await noteOutcome(c, form.email, result)
  if ('reason' in result) {
    if (result.reason === 'too_many_tries') tooMany(c, result.retryAt, act.now)
    else c.status(422)
    const { suggestion } = readAddress(form.email)
    return show(c, { email: form.email, suggestion, next, draft: form.draft, refusal: result, now: act.now })
  }
  await setSessionCookie(c, result.session.secret)
  c.set('signedIn', result.userId)
  const draft = form.draft && (await openDraft(c.env, { userId: result.userId, sealed: form.draft }, act.now))
  return draft ? resume(c, draft) : c.redirect(next ?? landingAfter(result), 303)
})

/** Before anything is read, so that it tells nothing of the address. */
function askForCookies(c: Context<AppEnv>, { email, next, draft }: Pick<LoginProps, 'email' | 'next' | 'draft'>) {
  probeCookies(c)
  c.status(422)
  return show(c, { email, next, draft, refusal: { reason: 'no_cookies' } })
}

/** In the words of OWASP's Logging Vocabulary. */
const EVENTS = { wrong: 'authn_login_fail', too_many_tries: 'authn_login_fail_max' } as const

async function noteOutcome(c: Context<AppEnv>, email: string, result: SignedIn | SignInRefusal) {
  await noteAccount(c, email)
  if ('reason' in result) note(c, { event: EVENTS[result.reason], reason: result.reason })
  else note(c, { event: 'authn_login_success', user: result.userId })
}

/** Where somebody starts who asked for no page: in the workspace they used last, or where they see why none is open. */
const landingAfter = ({ viewer }: SignedIn) => (viewer ? landingOf(viewer) : '/workspaces')

const show = (c: Context<AppEnv>, props: LoginProps) => c.render(<LoginPage {...props} />, { title: 'Sign in' })

/** In the place of a redirect: only this request has what was typed. */
const resume = (c: Context<AppEnv>, draft: Draft) =>
  c.render(<ResumePage draft={draft} shown={enteredIn(draft)} why="signed_out" />, { title: resumeTitle(draft, 'signed_out') })
