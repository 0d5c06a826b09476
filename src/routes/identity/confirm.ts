import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import type { ConfirmProblem } from '../../../views/identity/confirm'
import type { Resumed } from '../../../views/identity/resume'
import type { AppEnv } from '../../env'
import { enterToProve, SignedOut } from '../../http/door'
import { type Draft, openDraft } from '../../http/draft'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { note } from '../../http/log'
import { isForApp, ownPath } from '../../http/next'
import { originOf } from '../../http/origin'
import { resume } from '../../http/resume'
import { setSessionCookie } from '../../http/session-cookie'
import { showConfirm } from '../../http/show-confirm'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import {
  askForPasskey,
  confirmation,
  type GivenProof,
  ownKindsOf,
  ownPasskeysOf,
  confirm as prove,
  verifyGiven,
} from '../../models/identity/confirm'
import { hashQueue } from '../../models/identity/hash-queue'
import type { PasskeyRefusal } from '../../models/identity/passkey'
import { readAssertion } from '../../models/identity/passkey-response'
import { newSession, type Person } from '../../models/identity/session'
import { failInSession } from '../../models/identity/session-tries'
import type { Verified } from '../../models/identity/verified'

/** Proves anew who somebody is who has been signed in for a while, and goes on to what asked for it. */
export const confirm = new Hono<AppEnv>()

confirm.get('/', async (c) => {
  const { person, kinds, now } = await enterToProve(c, (at) => ({ kinds: ownKindsOf(at) }))
  const next = ownPath(c.env.APP_ORIGIN, c.req.query('next'))
  if (person.fresh && !isForApp(next)) return c.redirect(next ?? '/', 303)
  return showConfirm(c, { person, kinds, now, next })
})

const TEXT = v.optional(v.string())
const FORM = v.object({ password: TEXT, code: TEXT, response: TEXT, next: TEXT, draft: TEXT })
type Form = v.InferOutput<typeof FORM>

confirm.post('/', async (c) => {
  const form = await readForm(c, FORM.entries)
  const given = givenIn(form)
  return given ? take(c, form, given) : ask(c, form)
})

/** What a passkey is to sign, for the script of the page. */
confirm.post('/options', async (c) => {
  const { act, passkeys } = await enterToProve(c, (at) => ({ passkeys: ownPasskeysOf(at) }))
  await readForm(c, {})
  return c.json(await askForPasskey(act, c.env, passkeys))
})

function givenIn({ password, code, response }: Form): GivenProof | undefined {
  if (response !== undefined) return { kind: 'passkey', assertion: readAssertion(response) }
  if (code !== undefined) return { kind: 'code', typed: code }
  return password === undefined ? undefined : { kind: 'password', typed: password }
}

/** A page stays no longer whose form has to wait for a proof; what was sent from it comes along. */
async function ask(c: Context<AppEnv>, form: Form) {
  const { person, kinds, now } = await enterToProve(c, (at) => ({ kinds: ownKindsOf(at) }))
  if (person.fresh) return goOn(c, person, form, now)
  return showConfirm(c, { person, kinds, now, ...waitingIn(c, form), sent: form.draft ? 'kept' : undefined })
}

async function take(c: Context<AppEnv>, form: Form, given: GivenProof) {
  // Before it is counted as a try.
  if (given.kind === 'password') hashQueue.expectRoom()
  const { act, person, now, ...read } = await enterToProve(c, (at) => confirmation(at, given))
  const [blocked] = read.blocked
  if (read.allowed.length === 0) {
    const retryAt = blocked?.until ?? now
    tooMany(c, retryAt, now)
    return refuse(c, { person, kinds: read.kinds, now, ...waitingIn(c, form) }, { problem: 'too_many_tries', retryAt })
  }
  const proof = await verifyGiven(person, given, read, c.env, now)
  const session = await newSession()
  const confirmed = 'reason' in proof ? undefined : await prove(act, [proof], { secretHash: session.secretHash, from: originOf(c) })
  if ('reason' in proof || !confirmed) {
    if (await failInSession(act)) throw new SignedOut({ reason: 'tries' })
    c.status(422)
    return refuse(c, { person, kinds: read.kinds, now, ...waitingIn(c, form) }, { problem: problemOf(proof), of: given.kind })
  }
  await setSessionCookie(c, session.secret)
  post(c.env, c.executionCtx, confirmed.mailIds)
  note(c, { event: 'authn_login_success', factor: proof.kind })
  return goOn(c, person, form, now)
}

const problemOf = (proof: Verified | PasskeyRefusal) => ('reason' in proof ? proof.reason : 'wrong')

const waitingIn = (c: Context<AppEnv>, { next, draft }: Form) => ({ next: ownPath(c.env.APP_ORIGIN, next), draft })

function refuse(c: Context<AppEnv>, shown: Parameters<typeof showConfirm>[1], problem: ConfirmProblem) {
  note(c, { event: problem.problem === 'cloned' ? 'authn_token_reuse' : 'authn_login_fail', reason: problem.problem })
  return showConfirm(c, { ...shown, problem })
}

/** To the form that waited, or to the page that asked. A file is no page: the one that it was asked for on downloads it. */
async function goOn(c: Context<AppEnv>, person: Person, form: Form, now: number) {
  const { next, draft: sealed } = waitingIn(c, form)
  const draft = sealed && (await openDraft(c.env, { userId: person.userId, sealed }, now))
  if (draft) return resume(c, draft, draft.asked ? whyOf(person, draft.asked) : 'signed_out')
  if (sealed) return redirectWith(c, next ?? '/', { notice: 'not_kept' })
  const file = next?.match(/^(.+)\/[^/]+\.csv$/)
  return next && file ? resume(c, { action: next, page: `${file[1]}`, fields: [] }, 'confirmed') : c.redirect(next ?? '/', 303)
}

/**
 * A form goes on once, in the session that it was sent in: whoever has proven themself there since it was sent has been given it back before, or
 * has another tab open.
 */
function whyOf({ sessionId, confirmedAt }: Person, asked: NonNullable<Draft['asked']>): Resumed {
  if (asked.session !== sessionId) return 'signed_out'
  return confirmedAt < asked.at ? 'confirmed' : 'before'
}
