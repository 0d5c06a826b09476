import type { Context } from 'hono'
import { EmailedLinkOnlyPage, JoinPage, OtherPersonPage, SetPasswordPage } from '../../views/invitations/acceptance'
import { InvitationSpentPage, type Limited } from '../../views/invitations/acceptance-spent'
import type { JoinDraft } from '../../views/invitations/joining'
import type { AppEnv } from '../env'
import { takeChallenge } from '../models/identity/challenge'
import type { Attestation } from '../models/identity/passkey-response'
import { type Person, personOf } from '../models/identity/session'
import { accept, type Joining } from '../models/invitations/acceptance'
import { type Invitation, invitationOf, toInvitation } from '../models/invitations/invitation'
import { rekeyPeople } from '../models/workspace/rekey'
import { invitationPaths } from '../paths'
import { afterwards, unchecked, visitorIfAny } from './door'
import { forgetLink, type Link } from './link'
import { note, noteAccount } from './log'
import { noLink } from './no-link'
import { tooMany } from './throttle'
import { isUsed, noteUsed } from './used-tokens'

export const PURPOSE = 'invitation'

export type Open = { kind: 'open'; link: Link; invitation: Invitation; person: Person | undefined; taken: Taken; now: number }
/** The challenge that a passkey was made for, used up by this. */
type Taken = { challenge: string } | undefined
export type Found = Open | { kind: 'spent'; link: Link; invitation: Invitation | undefined; now: number } | { kind: 'unknown' }

/** The KV list only saves D1 a question: it can call a link used, never usable. */
export async function findInvitation(c: Context<AppEnv>, link: Link, made?: Attestation): Promise<Found> {
  const visitor = await visitorIfAny(c)
  const { db, now } = visitor
  if (await isUsed(c, PURPOSE, link.jti)) return { kind: 'spent', link, invitation: undefined, now }
  const asked = made && takeChallenge(db, { challenge: made.challenge, purpose: 'register', holder: link.name }, now)
  const [[row], [person], [taken] = []] = await db.batch([invitationOf(db, link.jti), personOf(visitor), ...(asked ? [asked] : [])])
  if (!row) return { kind: 'unknown' }
  const invitation = toInvitation(row, now)
  if (invitation.state !== 'open') return { kind: 'spent', link, invitation, now }
  return { kind: 'open', link, invitation, person: person?.live ? person : undefined, taken, now }
}

/** Its page, or why it cannot be answered any more. `limited`: an email that was asked for on the page, and why it was not sent again. */
export function showInvitation(c: Context<AppEnv>, found: Found, limited?: Limited) {
  if (found.kind === 'unknown') return noLink(c, { gone: true })
  if (found.kind === 'open') return c.render(pageFor(found), { title: `Join ${found.invitation.tenantName}` })
  c.status(410)
  if (limited?.retryAt) tooMany(c, limited.retryAt, found.now)
  const { link, invitation, now } = found
  const form = { token: link.token, to: invitationPaths(link.name) }
  return c.render(<InvitationSpentPage {...{ invitation, now, limited, form }} />, { title: 'This link cannot be used' })
}

/** What whoever opened it can do with it: that depends on who is signed in and whether the address has an account. `draft`: what they typed, and what is wrong with it. */
export function pageFor({ link, invitation, person, now }: Open, draft?: JoinDraft) {
  const shown = { invitation, now, form: { token: link.token, to: invitationPaths(link.name) } }
  if (person && person.emailKey !== invitation.emailKey) return <OtherPersonPage {...shown} signedInAs={person.email} />
  if (invitation.account === 'proven') return <JoinPage {...shown} proven={person !== undefined} />
  if (!maySetPassword(invitation)) return <EmailedLinkOnlyPage {...shown} />
  return <SetPasswordPage {...shown} draft={draft} />
}

/** Only whoever reads what comes to the address gets an account that nobody has proven, or one where the domain of an address counts. */
export const maySetPassword = ({ account, isEmailed, restricts }: Invitation) => isEmailed || (account === 'none' && !restricts)

/** Accepts it, once. @returns false where somebody else did in the same moment, or it is not open any more */
export async function acceptBy(c: Context<AppEnv>, { link, invitation, now }: Open, joining: Joining) {
  await noteAccount(c, invitation.email)
  const act = unchecked(c)
  const won = await accept(act, link.jti, joining)
  if (!won) return false
  if (invitation.invitedName && invitation.invitedName !== joining.name) afterwards(c, 'rekey', rekeyPeople(act.db))
  note(c, { event: 'user_created' })
  noteUsed(c, PURPOSE, link.jti, invitation.expiresAt, now)
  forgetLink(c, link)
  return true
}

/** The answer to a form whose page does not hold any more: the page as it is now. */
export function conflict(c: Context<AppEnv>, found: Open) {
  c.status(409)
  return showInvitation(c, found)
}
