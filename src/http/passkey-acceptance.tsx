import type { Context } from 'hono'
import * as v from 'valibot'
import { browserOf } from '../../views/identity/browser'
import { RecoveryCodesPage } from '../../views/identity/recovery-codes'
import type { AppEnv } from '../env'
import { nameOf } from '../models/core/name'
import { uuidFrom } from '../models/core/random'
import { keepChallenge, newChallenge } from '../models/identity/challenge'
import { registrationOptions, verifyRegistration } from '../models/identity/passkey'
import type { Attestation } from '../models/identity/passkey-response'
import { newRecoveryCodes } from '../models/identity/recovery-code'
import { withQuery } from '../paths'
import { unchecked } from './door'
import { readForm } from './forms'
import { linkInForm, openPage } from './link'
import { noLink } from './no-link'
import { acceptBy, conflict, type Found, findInvitation, maySetPassword, type Open, PURPOSE, pageFor } from './opened-invitation'
import { originOf } from './origin'

/** What a passkey of somebody new is to sign, for the page's script. */
export async function passkeyOptions(c: Context<AppEnv>) {
  const link = await linkInForm(
    c,
    PURPOSE,
    (await readForm(c, { token: v.optional(v.string()), name: v.optional(v.string()) })).token,
  )
  if (!link) return noLink(c)
  const found = await findInvitation(c, link)
  if (!mayHavePasskey(found)) return c.body(null, 409)
  const asked = newChallenge({ purpose: 'register', holder: link.name })
  await keepChallenge(unchecked(c), asked)
  // The account is to have the id by which the device knows its person.
  const user = { id: uuidFrom(asked.challenge), email: found.invitation.email, name: null }
  return c.json(await registrationOptions(c.env, asked.challenge, user))
}

/** Of somebody new, who has no session. */
const mayHavePasskey = (found: Found): found is Open =>
  found.kind === 'open' && found.invitation.account === 'none' && !found.person && maySetPassword(found.invitation)

/** For an address without an account: it gets one that has a passkey and no password. */
export async function createPasskey(c: Context<AppEnv>, found: Open, made: Attestation | undefined, typed: string | undefined) {
  if (!mayHavePasskey(found)) return conflict(c, found)
  const { link, invitation, taken, now } = found
  const passkey = made && (await verifyRegistration(c.env, made, taken))
  if (!made || !passkey) {
    c.status(422)
    const draft = { name: typed ?? '', keep: [], problems: {}, noPasskey: true }
    return c.render(pageFor(found, draft), { title: `Join ${invitation.tenantName}` })
  }
  const codes = await newRecoveryCodes()
  const factor = { ...passkey, name: browserOf(originOf(c).userAgent) }
  if (!(await acceptBy(c, found, { newId: uuidFrom(made.challenge), passkey: factor, codes, name: nameOf(typed) ?? null })))
    return openPage(c, PURPOSE, link)
  const shown = { codes: codes.codes, email: invitation.email, now, next: withQuery('/login', { from: link.name }) }
  return c.render(<RecoveryCodesPage {...shown} />, { title: 'Recovery codes' })
}
