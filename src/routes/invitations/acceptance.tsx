import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { browserOf } from '../../../views/identity/browser'
import { RecoveryCodesPage } from '../../../views/identity/recovery-codes'
import { EmailedLinkOnlyPage, JoinPage, OtherPersonPage, SetPasswordPage } from '../../../views/invitations/acceptance'
import { InvitationSpentPage, type Limited } from '../../../views/invitations/acceptance-spent'
import type { JoinDraft } from '../../../views/invitations/joining'
import type { AppEnv } from '../../env'
import { afterwards, unchecked, visitorIfAny } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { KEPT, readForm } from '../../http/forms'
import { landingOf } from '../../http/frame'
import { forgetLink, keepLink, type Link, linkInForm, openPage } from '../../http/link'
import { linkPage } from '../../http/link-page'
import { note, noteAccount } from '../../http/log'
import { joinProblemsOf } from '../../http/new-password'
import { noLink } from '../../http/no-link'
import { originOf } from '../../http/origin'
import { clearSessionCookie } from '../../http/session-cookie'
import { tooMany } from '../../http/throttle'
import { isUsed, noteUsed } from '../../http/used-tokens'
import { post } from '../../mail/queue'
import { nameOf } from '../../models/core/name'
import { keepChallenge, newChallenge, takeChallenge } from '../../models/identity/challenge'
import { registrationOptions, verifyRegistration } from '../../models/identity/passkey'
import { type Attestation, readAttestation } from '../../models/identity/passkey-response'
import { hashPassword } from '../../models/identity/password'
import type { Kept } from '../../models/identity/proof'
import { newRecoveryCodes } from '../../models/identity/recovery-code'
import { type Person, personOf } from '../../models/identity/session'
import { accept, type Joining } from '../../models/invitations/acceptance'
import { decline } from '../../models/invitations/decline'
import { type Invitation, invitationOf, noteOpened, toInvitation } from '../../models/invitations/invitation'
import { renew } from '../../models/invitations/renewal'
import { lift } from '../../models/invitations/suppression'
import { rekeyPeople } from '../../models/workspace/rekey'
import { invitationPaths, withQuery } from '../../paths'

const PURPOSE = 'invitation'
const TOKEN = { token: v.optional(v.string()) }
const NAME = v.optional(v.string())
const ACCEPT = { ...TOKEN, password: v.optional(v.string(), ''), name: NAME, response: v.optional(v.string(), ''), ...KEPT }

/** The page of one emailed or copied link; whatever its forms do, they do to the link whose token they carry. */
export const acceptance = new Hono<AppEnv>()

const opened = linkPage(PURPOSE, async (c, link) => show(c, await find(c, link)))
acceptance.get('/', opened)
acceptance.get('/:link', opened)

acceptance.post('/:link/accept', async (c) => {
  const { token, response, ...chosen } = await readForm(c, ACCEPT)
  const link = await linkInForm(c, PURPOSE, token)
  if (!link) return noLink(c)
  const made = readAttestation(response)
  const found = await find(c, link, made)
  if (found.kind !== 'open') return show(c, found)
  if (found.invitation.account === 'proven') return join(c, found)
  return response ? createPasskey(c, found, made, chosen.name) : setPassword(c, found, chosen)
})

/** What a passkey of somebody new is to sign, for the page's script. */
acceptance.post('/:link/passkey', async (c) => {
  const link = await linkInForm(c, PURPOSE, (await readForm(c, { ...TOKEN, name: NAME })).token)
  if (!link) return noLink(c)
  const found = await find(c, link)
  if (!mayHavePasskey(found)) return c.body(null, 409)
  const asked = newChallenge({ purpose: 'register', holder: link.name })
  await keepChallenge(unchecked(c), asked)
  const user = { id: idFrom(asked.challenge), email: found.invitation.email, name: null }
  return c.json(await registrationOptions(c.env, asked.challenge, user))
})

acceptance.post('/:link/opened', async (c) => {
  const link = await linkInForm(c, PURPOSE, (await readForm(c, TOKEN)).token)
  if (!link) return noLink(c)
  await noteOpened(unchecked(c), link.jti)
  return c.body(null, 204)
})

acceptance.post('/:link/decline', async (c) => {
  const { token, never } = await readForm(c, { ...TOKEN, never: v.optional(v.literal('on')) })
  const link = await linkInForm(c, PURPOSE, token)
  if (!link) return noLink(c)
  await decline(unchecked(c), link.jti, { never: never === 'on' })
  return openPage(c, PURPOSE, link)
})

acceptance.post('/:link/renew', async (c) => {
  const link = await linkInForm(c, PURPOSE, (await readForm(c, TOKEN)).token)
  if (!link) return noLink(c)
  const result = await renew(unchecked(c), link.jti)
  if ('mailId' in result) {
    post(c.env, c.executionCtx, [result.mailId])
    keepLink(c, link)
    return redirectWith(c, pageOf(link.name), { notice: 'renewed' })
  }
  const { reason, retryAt } = result
  return reason === 'not_pending' ? openPage(c, PURPOSE, link) : show(c, await find(c, link), { reason, retryAt })
})

acceptance.post('/:link/allow', async (c) => {
  const link = await linkInForm(c, PURPOSE, (await readForm(c, TOKEN)).token)
  if (!link) return noLink(c)
  const lifted = await lift(unchecked(c), link.jti)
  if (lifted.length === 0) return openPage(c, PURPOSE, link)
  keepLink(c, link)
  return redirectWith(c, pageOf(link.name), { notice: 'invitable' })
})

/** Whatever else is below a link's path is nobody's page; a browser that reloads a refused form comes here. */
acceptance.all('/:link/*', (c) => noLink(c))

const pageOf = (name: string) => invitationPaths(name).page

type Open = { kind: 'open'; link: Link; invitation: Invitation; person: Person | undefined; taken: Taken; now: number }
/** The challenge that a passkey was made for, used up by this. */
type Taken = { challenge: string } | undefined
type Found = Open | { kind: 'spent'; link: Link; invitation: Invitation | undefined; now: number } | { kind: 'unknown' }

/** The KV list only saves D1 a question: it can call a link used, never usable. */
async function find(c: Context<AppEnv>, link: Link, made?: Attestation): Promise<Found> {
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

function show(c: Context<AppEnv>, found: Found, limited?: Limited) {
  if (found.kind === 'unknown') return noLink(c, { gone: true })
  if (found.kind === 'open') return c.render(pageFor(found), { title: `Join ${found.invitation.tenantName}` })
  c.status(410)
  if (limited?.retryAt) tooMany(c, limited.retryAt, found.now)
  const { link, invitation, now } = found
  const form = { token: link.token, to: invitationPaths(link.name) }
  return c.render(<InvitationSpentPage {...{ invitation, now, limited, form }} />, { title: 'This link cannot be used' })
}

function pageFor({ link, invitation, person, now }: Open, draft?: JoinDraft) {
  const shown = { invitation, now, form: { token: link.token, to: invitationPaths(link.name) } }
  if (person && person.emailKey !== invitation.emailKey) return <OtherPersonPage {...shown} signedInAs={person.email} />
  if (invitation.account === 'proven') return <JoinPage {...shown} proven={person !== undefined} />
  if (!maySetPassword(invitation)) return <EmailedLinkOnlyPage {...shown} />
  return <SetPasswordPage {...shown} draft={draft} />
}

/** Only whoever reads what comes to the address gets an account that nobody has proven, or one where the domain of an address counts. */
const maySetPassword = ({ account, isEmailed, restricts }: Invitation) => isEmailed || (account === 'none' && !restricts)

type Chosen = { password: string; name?: string | undefined } & Kept

/** For an address without an account, or for an unproven one, which may be signed in to. */
async function setPassword(c: Context<AppEnv>, found: Open, { password, name, ...kept }: Chosen) {
  const { link, invitation, person } = found
  if (!maySetPassword(invitation) || (person && person.userId !== invitation.accountId)) return conflict(c, found)
  const problems = await joinProblemsOf(c, { password, name }, [invitation.tenantName, invitation.email])
  if (Object.keys(problems).length > 0) {
    c.status(422)
    return c.render(pageFor(found, { name: name ?? '', keep: [...kept.keep], problems }), {
      title: `Join ${invitation.tenantName}`,
    })
  }
  const account = { passwordHash: await hashPassword(password), name: nameOf(name) ?? null }
  const { accountId } = invitation
  if (!(await acceptBy(c, found, accountId ? { ...account, ...kept, userId: accountId } : account)))
    return openPage(c, PURPOSE, link)
  if (person) clearSessionCookie(c)
  return redirectWith(c, withQuery('/login', { from: link.name }), { notice: 'accepted', email: invitation.email })
}

/** Of somebody new, who has no session. */
const mayHavePasskey = (found: Found): found is Open =>
  found.kind === 'open' && found.invitation.account === 'none' && !found.person && maySetPassword(found.invitation)

/** The account is to have the id by which the device knows its person. */
const idFrom = (challenge: string) => challenge.slice(0, 22)

/** For an address without an account: it gets one that has a passkey and no password. */
async function createPasskey(c: Context<AppEnv>, found: Open, made: Attestation | undefined, typed: string | undefined) {
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
  if (!(await acceptBy(c, found, { newId: idFrom(made.challenge), passkey: factor, codes, name: nameOf(typed) ?? null })))
    return openPage(c, PURPOSE, link)
  const shown = { codes: codes.codes, email: invitation.email, now, next: withQuery('/login', { from: link.name }) }
  return c.render(<RecoveryCodesPage {...shown} />, { title: 'Recovery codes' })
}

/** The account was proven by signing in with it; nothing of it changes. */
async function join(c: Context<AppEnv>, found: Open) {
  const { link, invitation, person } = found
  if (person?.emailKey !== invitation.emailKey) return conflict(c, found)
  const won = await acceptBy(c, found, { userId: person.userId, name: person.name })
  return won ? redirectWith(c, landingOf(invitation), { notice: 'joined', who: invitation.tenantName }) : openPage(c, PURPOSE, link)
}

async function acceptBy(c: Context<AppEnv>, { link, invitation, now }: Open, joining: Joining) {
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

function conflict(c: Context<AppEnv>, found: Open) {
  c.status(409)
  return show(c, found)
}
