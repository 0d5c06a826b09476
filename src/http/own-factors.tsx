import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { RecoveryCodesPage } from '../../views/identity/recovery-codes'
import type { Notice } from '../../views/notices'
import type { AppEnv } from '../env'
import type { Added, AddRefusal } from '../models/identity/add-factor'
import type { Person } from '../models/identity/session'
import { ProofNeeded } from './door'
import { redirectWith } from './flash'
import { ownSecondFactorPath } from './next'
import { setSessionCookie } from './session-cookie'

type Entered = { person: Person; asking: unknown[]; now: number }

/** The first second factor, where a workspace asks for one, is set up by an emailed link and not by a session. */
export const needsLink = ({ person, asking }: Pick<Entered, 'person' | 'asking'>) => person.factors === 0 && asking.length > 0

export const leadToLink = (c: Context<AppEnv>) => c.redirect(ownSecondFactorPath(), 303)

/** The answer to a second factor that was added, once its emails are on their way: the recovery codes that came with it, in this answer alone, or else the account. */
export async function showAdded(c: Context<AppEnv>, { person, now }: Entered, added: Added, notice: Notice) {
  await setSessionCookie(c, added.session.secret)
  return added.codes ? showCodes(c, person, added.codes, now) : redirectWith(c, '/account', { notice })
}

export const showCodes = (c: Context<AppEnv>, { email }: Person, codes: string[], now: number) =>
  c.render(<RecoveryCodesPage {...{ codes, email, now }} next="/account" />, { title: 'Recovery codes' })

/** @throws ProofNeeded; HTTPException 409 where what the page showed was changed in the same moment, or there is no room */
export function refuseAdding(c: Context<AppEnv>, { person }: Entered, reason: AddRefusal) {
  if (reason === 'needs_link') return leadToLink(c)
  throw reason === 'not_proven' ? new ProofNeeded(person) : new HTTPException(409)
}
