import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { browserOf } from '../../../views/identity/browser'
import type { PasskeyProblem } from '../../../views/identity/passkeys-panel'
import type { AppEnv } from '../../env'
import { showAccount } from '../../http/account-page'
import { enterAsPerson, expectOwnProof, ProofNeeded } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { originOf } from '../../http/origin'
import { leadToLink, needsLink, refuseAdding, showAdded } from '../../http/own-factors'
import { PASSKEYS } from '../../limits'
import { post } from '../../mail/queue'
import { nameOf } from '../../models/core/name'
import { accountPage } from '../../models/identity/account'
import { type AddRefusal, addFactor } from '../../models/identity/add-factor'
import { makeChallenge } from '../../models/identity/challenge'
import { sorted } from '../../models/identity/own-credentials'
import { addingPasskey, namePasskey } from '../../models/identity/own-passkey'
import { registrationOptions, verifyRegistration } from '../../models/identity/passkey'
import { type Attestation, readAttestation } from '../../models/identity/passkey-response'
import { removeFactor } from '../../models/identity/remove-factor'

/** The passkeys of whoever is signed in, on their account page. */
export const ownPasskeys = new Hono<AppEnv>()

/** What a new one is to sign, for the script of the page. Where there can be none, the answer to the form says why. */
ownPasskeys.post('/options', async (c) => {
  const entered = await enterAsPerson(c, accountPage)
  await readForm(c, {})
  const { act, person } = entered
  expectOwnProof(person)
  const { passkeys } = sorted(entered.credentials)
  if (needsLink(entered) || passkeys.length >= PASSKEYS) return c.body(null, 409)
  const challenge = await makeChallenge(act, { purpose: 'register', holder: act.sessionId })
  return c.json(await registrationOptions(c.env, challenge, { ...person, id: person.userId }, passkeys))
})

ownPasskeys.post('/', async (c) => {
  const { response } = await readForm(c, { response: v.optional(v.string(), '') })
  const made = readAttestation(response)
  const entered = await enterAsPerson(c, addingPasskey(made))
  const { act, person, credentials, taken } = entered
  if (needsLink(entered)) return leadToLink(c)
  expectOwnProof(person)
  // Sent on once a proof was given, without a script that could have asked for a passkey.
  if (response === '') return redirectWith(c, '/account', { notice: 'passkey_next' })
  const passkey = made && (await verifyRegistration(c.env, made, taken[0]))
  if (!passkey) return showAccount(c, entered, { field: 'passkeys', problem: 'not_made' })
  const from = originOf(c)
  const name = nameFor(made, from.userAgent, credentials)
  const added = await addFactor(act, { factor: { ...passkey, name }, from })
  if ('reason' in added) {
    const problem = REFUSED[added.reason]
    return problem ? showAccount(c, entered, { field: 'passkeys', problem }) : refuseAdding(c, entered, added.reason)
  }
  post(c.env, c.executionCtx, added.mailIds)
  return showAdded(c, entered, added, 'passkey_added')
})

const REFUSED: Partial<Record<AddRefusal, PasskeyProblem>> = { changed: 'taken', too_many: 'too_many' }

ownPasskeys.post('/:id/name', async (c) => {
  const entered = await enterAsPerson(c, accountPage)
  const form = await readForm(c, { name: v.string() })
  const name = nameOf(form.name)
  if (!name) return showAccount(c, entered, { field: 'passkeys', problem: 'unnamed' })
  if (!(await namePasskey(entered.act, c.req.param('id'), name))) throw new HTTPException(404)
  return redirectWith(c, '/account', { notice: 'passkey_named', who: name })
})

ownPasskeys.post('/:id/remove', async (c) => {
  const entered = await enterAsPerson(c, accountPage)
  await readForm(c, {})
  expectOwnProof(entered.person)
  const passkey = sorted(entered.credentials).passkeys.find(({ id }) => id === c.req.param('id'))
  if (!passkey) throw new HTTPException(404)
  const factor = { kind: 'passkey', id: passkey.id, name: passkey.name ?? '' } as const
  const removed = await removeFactor(entered.act, { factor, from: originOf(c) })
  if ('mailIds' in removed) {
    post(c.env, c.executionCtx, removed.mailIds)
    return redirectWith(c, '/account', { notice: 'passkey_removed', who: factor.name })
  }
  if (removed.reason === 'not_proven') throw new ProofNeeded(entered.person)
  return showAccount(c, entered, { ...removed, field: 'factors', problem: removed.reason })
})

/** By where it was made: what else tells passkeys apart, their person knows best. */
function nameFor({ response }: Attestation, userAgent: string, others: { name: string | null }[]): string {
  const { transports } = response.response
  const isApart = transports.length > 0 && !transports.includes('internal') && !transports.includes('hybrid')
  const name = isApart ? 'Security key' : browserOf(userAgent)
  const taken = others.map((other) => other.name)
  const numbered = Array.from({ length: PASSKEYS }, (_, i) => (i === 0 ? name : `${name} ${i + 1}`))
  return numbered.find((one) => !taken.includes(one)) ?? name
}
