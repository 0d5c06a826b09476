import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { again } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { keptBrowser } from '../../http/browser-cookie'
import { unchecked } from '../../http/door'
import { readForm } from '../../http/forms'
import { note, noteAccount } from '../../http/log'
import { ownPath } from '../../http/next'
import { originOf } from '../../http/origin'
import { showSecondStep, showSignIn } from '../../http/second-step'
import { arrivalOf, signedInTo, type WayOn } from '../../http/signed-in'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { stateOf } from '../../models/identity/half-sign-in'
import { readAssertion } from '../../models/identity/passkey-response'
import { askForPasskey, type PasskeySignInRefusal, signInByPasskey } from '../../models/identity/passkey-sign-in'
import { asOf } from '../../models/identity/sign-in-state'

const OPTIONAL = v.optional(v.string())

/** Signing in with a passkey: alone, or after a right password. */
export const passkeySignIn = new Hono<AppEnv>()

/** What it is to sign, for the page's script. */
passkeySignIn.post('/options', async (c) => {
  const { sign_in } = await readForm(c, { sign_in: OPTIONAL })
  const act = unchecked(c)
  const asked = await askForPasskey(act, c.env, { id: sign_in ?? '', browser: await keptBrowser(c) }, originOf(c).ip)
  if (!('retryAt' in asked)) return c.json(asked)
  tooMany(c, asked.retryAt, act.now)
  return c.json({ problem: `Too many attempts. ${again(asked.retryAt, act.now)}` })
})

passkeySignIn.post('/', async (c) => {
  const form = await readForm(c, { response: v.optional(v.string(), ''), sign_in: OPTIONAL, next: OPTIONAL, draft: OPTIONAL })
  const way = { next: ownPath(c.env.APP_ORIGIN, form.next), draft: form.draft }
  const act = unchecked(c)
  const result = await signInByPasskey(act, c.env, readAssertion(form.response), form.sign_in, await arrivalOf(c))
  if ('session' in result) {
    post(c.env, c.executionCtx, result.mailIds)
    return signedInTo(c, result, way)
  }
  await noteRefusal(c, result)
  if (result.reason === 'too_many_tries') tooMany(c, result.retryAt, act.now)
  else c.status(422)
  return refuse(c, result, way, act.now)
})

/** On the page that it came from. */
function refuse(c: Context<AppEnv>, refusal: PasskeySignInRefusal, way: WayOn, now: number) {
  const { half } = refusal
  const state = half && asOf(stateOf(half), now)
  if (half && state?.step === 'half') return showSecondStep(c, { half, state }, way, refusal)
  return showSignIn(c, way, { email: '', refusal, now })
}

/** In the words of OWASP's Logging Vocabulary. */
const EVENTS = {
  passkey_wrong: 'authn_login_fail',
  passkey_cloned: 'authn_token_reuse',
  too_many_tries: 'authn_login_fail_max',
} as const

async function noteRefusal(c: Context<AppEnv>, refusal: PasskeySignInRefusal) {
  if ('email' in refusal && refusal.email) await noteAccount(c, refusal.email)
  note(c, { event: EVENTS[refusal.reason], reason: refusal.reason, factor: 'passkey' })
}
