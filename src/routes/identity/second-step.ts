import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import type { AppEnv } from '../../env'
import { browserHash } from '../../http/browser-cookie'
import { unchecked } from '../../http/door'
import { readForm } from '../../http/forms'
import { note, noteAccount } from '../../http/log'
import { ownPath } from '../../http/next'
import { showSecondStep, showSignIn } from '../../http/second-step'
import { arrivalOf, signedInTo } from '../../http/signed-in'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { type CodeRefusal, giveCode, secondStepOf } from '../../models/identity/second-step'

const FIELDS = {
  sign_in: v.string(),
  code: v.string(),
  next: v.optional(v.string()),
  draft: v.optional(v.string()),
  again: v.optional(v.literal('yes')),
}

/** The second step of a sign-in with a password: what is asked of whoever has a second factor. */
export const secondStep = new Hono<AppEnv>()

secondStep.get('/', async (c) => {
  const step = await secondStepOf(unchecked(c), { id: c.req.query('in') ?? '', browser: await browserHash(c) })
  if (step.state.step !== 'half') c.status(410)
  return showSecondStep(c, step, { next: ownPath(c.env.APP_ORIGIN, c.req.query('next')), draft: undefined })
})

secondStep.post('/', async (c) => {
  const form = await readForm(c, FIELDS)
  const way = { next: ownPath(c.env.APP_ORIGIN, form.next), draft: form.draft }
  if (form.again) return showSignIn(c, way)
  const act = unchecked(c)
  const result = await giveCode(act, form.sign_in, { code: form.code, keys: c.env.TOTP_KEYS }, await arrivalOf(c))
  if ('session' in result) {
    post(c.env, c.executionCtx, result.mailIds)
    return signedInTo(c, result, way)
  }
  await noteRefusal(c, form.code, result)
  if (result.reason === 'too_many_tries') tooMany(c, result.retryAt, act.now)
  else c.status(result.reason === 'wrong' ? 422 : 410)
  return showSecondStep(c, result, way, result.reason === 'over' ? undefined : result)
})

/** In the words of OWASP's Logging Vocabulary. */
const EVENTS = { wrong: 'authn_login_fail', over: 'authn_login_fail', too_many_tries: 'authn_login_fail_max' } as const

async function noteRefusal(c: Context<AppEnv>, code: string, { reason, half }: CodeRefusal) {
  if (half) await noteAccount(c, half.email)
  note(c, { event: EVENTS[reason], reason, factor: MERE_DIGITS.test(code) ? 'totp' : 'recovery' })
}

const MERE_DIGITS = /^[\d\s-]*$/
