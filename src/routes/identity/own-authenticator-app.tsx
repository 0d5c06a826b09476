import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { AuthenticatorAppPage, type TotpSetupStale } from '../../../views/identity/authenticator-app'
import type { TotpCodeProblem } from '../../../views/identity/totp-setup'
import type { AppEnv } from '../../env'
import { showAccount } from '../../http/account-page'
import { enterAsPerson, expectOwnProof, ProofNeeded } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { originOf } from '../../http/origin'
import { leadToLink, needsLink, refuseAdding, showAdded } from '../../http/own-factors'
import { shownSetup } from '../../http/totp-setup'
import { post } from '../../mail/queue'
import { accountPage } from '../../models/identity/account'
import { addFactor, type NewFactor } from '../../models/identity/add-factor'
import { type OwnCredential, ownCredentialsOf, sorted } from '../../models/identity/own-credentials'
import { removeFactor } from '../../models/identity/remove-factor'
import type { Person, Visitor } from '../../models/identity/session'
import { newTotpSetup, openSetup, provenTotp, type TotpSetup } from '../../models/identity/totp-setup'

/** A person's authenticator app. */
export const ownAuthenticatorApp = new Hono<AppEnv>()

ownAuthenticatorApp.get('/', async (c) => {
  const entered = await enterAsPerson(c, credentialsOf)
  if (needsLink(entered)) return leadToLink(c)
  expectOwnProof(entered.person)
  return show(c, entered, newTotpSetup(appOf(entered)?.id))
})

ownAuthenticatorApp.post('/', async (c) => {
  const entered = await enterAsPerson(c, credentialsOf)
  const form = await readForm(c, { setup: v.string(), code: v.optional(v.string(), '') })
  if (needsLink(entered)) return leadToLink(c)
  // The key may be in the app already: it is kept, and the code asked for anew.
  if (!entered.person.fresh) throw new ProofNeeded(entered.person, [['setup', form.setup]])
  const found = await provenSetup(c, entered, form)
  if ('told' in found) return show(c, entered, found.setup, found.told)

  const replaces = found.setup.replaces ?? undefined
  const added = await addFactor(entered.act, { factor: found.app, from: originOf(c), replaces })
  if ('reason' in added) return refuseAdding(c, entered, added.reason)
  post(c.env, c.executionCtx, added.mailIds)
  return showAdded(c, entered, added, replaces ? 'authenticator_app_replaced' : 'authenticator_app_added')
})

ownAuthenticatorApp.post('/remove', async (c) => {
  const entered = await enterAsPerson(c, accountPage)
  const { app } = await readForm(c, { app: v.string() })
  expectOwnProof(entered.person)
  const removed = await removeFactor(entered.act, { factor: { kind: 'totp', id: app }, from: originOf(c) })
  if ('mailIds' in removed) {
    post(c.env, c.executionCtx, removed.mailIds)
    return redirectWith(c, '/account', { notice: 'authenticator_app_removed' })
  }
  if (removed.reason === 'not_proven') throw new ProofNeeded(entered.person)
  return showAccount(c, entered, { ...removed, field: 'factors', problem: removed.reason })
})

const credentialsOf = (at: Visitor) => ({ credentials: ownCredentialsOf(at) })

type Entered = { person: Person; credentials: OwnCredential[]; now: number }

const appOf = ({ credentials }: Pick<Entered, 'credentials'>) => sorted(credentials).app
const holderOf = ({ person }: Entered) => ({ userId: person.userId, holder: person.sessionId, email: person.email })

type Told = { problem?: TotpCodeProblem; stale?: TotpSetupStale }
type Proven = { setup: TotpSetup; app: NewFactor } | { setup: TotpSetup; told: Told }

/** What the page showed, proven by a code of the app that was set up with it; or what to show instead, and why. */
async function provenSetup(c: Context<AppEnv>, entered: Entered, form: { setup: string; code: string }): Promise<Proven> {
  const replaces = appOf(entered)?.id ?? null
  const setup = await openSetup(c.env.TOTP_KEYS, holderOf(entered), form.setup, entered.now)
  if (!setup) return { setup: newTotpSetup(replaces), told: { stale: 'over' } }
  if (setup.replaces !== replaces) return { setup: { ...setup, replaces }, told: { stale: 'changed' } }
  const app = await provenTotp(c.env.TOTP_KEYS, { userId: entered.person.userId, secret: setup.secret }, form.code, entered.now)
  return 'problem' in app ? { setup, told: app } : { setup, app }
}

async function show(c: Context<AppEnv>, entered: Entered, setup: TotpSetup, { problem, stale }: Told = {}) {
  const shown = await shownSetup(c.env, holderOf(entered), setup, entered.now)
  if (problem ?? stale) c.status(stale ? 409 : 422)
  const app = appOf(entered)
  const ends = app !== undefined || entered.person.factors === 0
  const page = <AuthenticatorAppPage {...shown} {...{ problem, stale, app, ends }} now={entered.now} />
  return c.render(page, { title: 'Authenticator app' })
}
