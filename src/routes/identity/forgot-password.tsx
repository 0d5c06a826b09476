import type { Context } from 'hono'
import { Hono } from 'hono'
import { ForgotPasswordPage, type ForgotPasswordProps } from '../../../views/identity/forgot-password'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { ADDRESS_FIELDS, readForm } from '../../http/forms'
import { noteAccount } from '../../http/log'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { readEmail } from '../../models/core/typed-address'
import { forgotPassword as ask } from '../../models/invitations/forgotten'

export const forgotPassword = new Hono<AppEnv>()

forgotPassword.get('/', (c) => show(c, { email: '', sent: c.req.query('sent') !== undefined }))

forgotPassword.post('/', async (c) => {
  const form = await readForm(c, ADDRESS_FIELDS)
  const read = readEmail(form)
  if ('email' in read) {
    if (read.doubt) c.status(422)
    return show(c, read)
  }
  await noteAccount(c, form.email)
  const act = unchecked(c)
  const result = await ask(act, read.address)
  if ('reason' in result) {
    tooMany(c, result.retryAt, act.now)
    return show(c, { email: form.email, refusal: result, now: act.now })
  }
  post(c.env, c.executionCtx, result.mailIds)
  return c.redirect('/forgot-password?sent', 303)
})

const show = (c: Context<AppEnv>, props: ForgotPasswordProps) =>
  c.render(<ForgotPasswordPage {...props} />, { title: 'Forgot password' })
