import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { ForgotPasswordPage, type ForgotPasswordProps } from '../../../views/identity/forgot-password'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { readForm } from '../../http/forms'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { addressOf } from '../../models/core/address'
import { forgotPassword as ask } from '../../models/invitations/forgotten'

export const forgotPassword = new Hono<AppEnv>()

forgotPassword.get('/', (c) => show(c, { email: '', sent: c.req.query('sent') !== undefined }))

forgotPassword.post('/', async (c) => {
  const { email } = await readForm(c, { email: v.string() })
  const address = addressOf(email)
  if (!address) {
    c.status(422)
    return show(c, { email, refusal: { reason: 'not_an_address' } })
  }
  const act = unchecked(c)
  const result = await ask(act, address, c.env.CAPS)
  if ('reason' in result) {
    tooMany(c, result.retryAt, act.now)
    return show(c, { email, refusal: result, now: act.now })
  }
  post(c.env, c.executionCtx, result.mailIds)
  return c.redirect('/forgot-password?sent', 303)
})

const show = (c: Context<AppEnv>, props: ForgotPasswordProps) =>
  c.render(<ForgotPasswordPage {...props} />, { title: 'Forgot password' })
