import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { shownAddress } from '../../../views/components/shown-address'
import { LoginPage, type LoginProps } from '../../../views/identity/login'
import { reasonOf } from '../../../views/identity/sign-in-reasons'
import { noticeOf } from '../../../views/notices'
import type { AppEnv } from '../../env'
import { keptBrowser } from '../../http/browser-cookie'
import { keepsCookies, probeCookies } from '../../http/cookie-probe'
import { unchecked } from '../../http/door'
import { flashOf, takeFlash } from '../../http/flash'
import { readForm } from '../../http/forms'
import { note, noteAccount } from '../../http/log'
import { ownPath } from '../../http/next'
import { toSecondStep } from '../../http/second-step'
import { arrivalOf, signedInTo } from '../../http/signed-in'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { readAddress } from '../../models/core/address'
import { signIn } from '../../models/identity/sign-in'
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
  const result = await signIn(act, form, await arrivalOf(c), () => keptBrowser(c))
  await noteAccount(c, form.email)
  if ('session' in result) {
    post(c.env, c.executionCtx, result.mailIds)
    return signedInTo(c, result, { next, draft: form.draft })
  }
  if ('half' in result) return toSecondStep(c, result, { next, draft: form.draft })
  note(c, { event: EVENTS[result.reason], reason: result.reason, factor: 'password' })
  if (result.reason === 'too_many_tries') tooMany(c, result.retryAt, act.now)
  else c.status(422)
  const { suggestion } = readAddress(form.email)
  return show(c, { email: form.email, suggestion, next, draft: form.draft, refusal: result, now: act.now })
})

/** Before anything is read, so that it tells nothing of the address. */
function askForCookies(c: Context<AppEnv>, { email, next, draft }: Pick<LoginProps, 'email' | 'next' | 'draft'>) {
  probeCookies(c)
  c.status(422)
  return show(c, { email, next, draft, refusal: { reason: 'no_cookies' } })
}

/** In the words of OWASP's Logging Vocabulary. */
const EVENTS = { wrong: 'authn_login_fail', too_many_tries: 'authn_login_fail_max' } as const

const show = (c: Context<AppEnv>, props: LoginProps) => c.render(<LoginPage {...props} />, { title: 'Sign in' })
