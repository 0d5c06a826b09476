import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { LoginPage, type LoginProps } from '../../../views/identity/login'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { flashOf } from '../../http/flash'
import { readForm } from '../../http/forms'
import { landingOf } from '../../http/frame'
import { linkJti } from '../../http/link'
import { ownPath } from '../../http/next'
import { originOf } from '../../http/origin'
import { setSessionCookie } from '../../http/session-cookie'
import { tooMany } from '../../http/throttle'
import { signIn } from '../../models/identity/sign-in'

export const login = new Hono<AppEnv>()

login.get('/', (c) => show(c, { email: flashOf(c)?.email ?? '', next: ownPath(c.env.APP_ORIGIN, c.req.query('next')) }))

login.post('/', async (c) => {
  const form = await readForm(c, { email: v.string(), password: v.string(), next: v.optional(v.string()) })
  const next = ownPath(c.env.APP_ORIGIN, form.next)
  const { db, now } = unchecked(c)
  const result = await signIn(db, form, originOf(c), await linkJti(c, 'invitation'), now)
  if ('reason' in result) {
    if (result.reason === 'too_many_tries') tooMany(c, result.retryAt, now)
    else c.status(422)
    return show(c, { email: form.email, next, refusal: result, now })
  }
  await setSessionCookie(c, result.session.secret, result.viewer?.tenantId ?? null)
  return c.redirect(next ?? (result.viewer ? landingOf(result.viewer) : '/invitation'), 303)
})

const show = (c: Context<AppEnv>, props: LoginProps) => c.render(<LoginPage {...props} />, { title: 'Sign in' })
