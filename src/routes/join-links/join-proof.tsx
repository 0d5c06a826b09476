import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import type { JoinDraft } from '../../../views/invitations/joining'
import { AskPage, ConfirmPage, OtherPersonPage, SignInPage } from '../../../views/join-links/join-proof'
import { type JoinProofForm, ProofSpentPage } from '../../../views/join-links/join-proof-spent'
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
import { clearSessionCookie } from '../../http/session-cookie'
import { nameOf } from '../../models/core/name'
import { linkOf } from '../../models/core/random'
import { signerOf } from '../../models/identity/keyring'
import { hashPassword } from '../../models/identity/password'
import { type Person, personOf } from '../../models/identity/session'
import type { Kept } from '../../models/identity/take-over'
import { signToken } from '../../models/identity/token'
import { type Proof, proofOf, toProof } from '../../models/join-links/join-proof'
import { askToJoin, join } from '../../models/join-links/joining'
import { rekeyPeople } from '../../models/workspace/rekey'
import { invitationPaths, joinProofPaths, withQuery } from '../../paths'

const PURPOSE = 'join'
const TOKEN = { token: v.optional(v.string()) }
const NAME = { name: v.optional(v.string()) }

/** The page of the link that a join link had emailed, which alone joins, or asks to. */
export const joinProof = new Hono<AppEnv>()

const opened = linkPage(PURPOSE, async (c, link) => show(c, await find(c, link)))
joinProof.get('/', opened)
joinProof.get('/:link', opened)

joinProof.post('/:link/join', async (c) => {
  const { token, ...chosen } = await readForm(c, { ...TOKEN, ...NAME, password: v.optional(v.string(), ''), ...KEPT })
  const found = await find(c, await linkInForm(c, PURPOSE, token))
  if (found.kind !== 'open') return show(c, found)
  if (found.proof.needsApproval) return conflict(c, found)
  return found.proof.account === 'proven' ? joinWithAccount(c, found) : setPassword(c, found, chosen)
})

joinProof.post('/:link/ask', async (c) => {
  const { token, name } = await readForm(c, { ...TOKEN, ...NAME })
  const found = await find(c, await linkInForm(c, PURPOSE, token))
  if (found.kind !== 'open') return show(c, found)
  const { link, proof } = found
  const person = proof.account === 'proven' ? found.person : undefined
  if (!proof.needsApproval || !isTheirs(found)) return conflict(c, found)
  if (!person && name !== undefined && !nameOf(name)) return refuse(c, found, { name, keep: [], problems: { name: 'missing' } })
  await noteAccount(c, proof.email)
  const asker = { email: proof.email, name: person ? person.name : (nameOf(name) ?? null), userId: person?.userId }
  if (await askToJoin(unchecked(c), link.jti, asker)) note(c, { event: 'authn_token_revoked' })
  return openPage(c, PURPOSE, link)
})

/** Somebody who is invited already goes on with their invitation, which this link has shown to be theirs. */
joinProof.post('/:link/invitation', async (c) => {
  const found = await find(c, await linkInForm(c, PURPOSE, (await readForm(c, TOKEN)).token))
  const invitation = found.kind === 'spent' ? found.proof?.invitation : undefined
  if (!invitation) return show(c, found)
  note(c, { event: 'authn_token_created' })
  const name = await linkOf(invitation.jti)
  keepLink(c, { name, token: await signToken(signerOf(c.env.INVITATION_KEYS, Date.now()), 'invitation', invitation) })
  return c.redirect(invitationPaths(name).page, 303)
})

joinProof.all('/:link/*', (c) => noLink(c))

type Open = { kind: 'open'; link: Link; proof: Proof; person: Person | undefined; now: number }
/** What became of the address is in D1 alone, so that the list of used tokens has no part in it. */
type Found = Open | { kind: 'spent'; link: Link; proof: Proof } | { kind: 'unknown' } | { kind: 'gone' }

async function find(c: Context<AppEnv>, link: Link | undefined): Promise<Found> {
  if (!link) return { kind: 'unknown' }
  const visitor = await visitorIfAny(c)
  const { db, now } = visitor
  const [[row], [person]] = await db.batch([proofOf(db, link.jti, now), personOf(visitor)])
  if (!row) return { kind: 'gone' }
  const proof = toProof(row, now)
  if (proof.state !== 'open') return { kind: 'spent', link, proof }
  return { kind: 'open', link, proof, person: person?.live ? person : undefined, now }
}

function show(c: Context<AppEnv>, found: Found, draft?: JoinDraft) {
  if (found.kind === 'unknown' || found.kind === 'gone') return noLink(c, { gone: found.kind === 'gone' })
  const form = { token: found.link.token, to: joinProofPaths(found.link.name) }
  if (found.kind === 'open') return c.render(pageFor(found, form, draft), { title: `Join ${found.proof.tenantName}` })
  const { proof } = found
  if (proof.state !== 'already_waiting') c.status(410)
  const title = proof.state === 'already_waiting' ? 'Waiting for approval' : 'This link cannot be used'
  return c.render(<ProofSpentPage proof={proof} form={form} />, { title })
}

function pageFor(found: Open, form: JoinProofForm, draft?: JoinDraft) {
  const { proof, person, now } = found
  const shown = { proof, now, form }
  if (person && person.emailKey !== proof.emailKey) return <OtherPersonPage {...shown} signedInAs={person.email} />
  if (proof.account === 'proven' && !person) return <SignInPage {...shown} />
  return proof.needsApproval ? <AskPage {...shown} draft={draft} /> : <ConfirmPage {...shown} draft={draft} />
}

/** Whoever has a proven account has signed in with it, and nobody else is signed in. */
const isTheirs = ({ proof, person }: Open) =>
  proof.account === 'proven' ? person?.emailKey === proof.emailKey : !person || person.userId === proof.accountId

type Chosen = { password: string; name?: string | undefined } & Kept

/** For an address without an account, or for an unproven one, which may be signed in to. */
async function setPassword(c: Context<AppEnv>, found: Open, { password, name, ...kept }: Chosen) {
  const { link, proof, person } = found
  if (!isTheirs(found)) return conflict(c, found)
  const problems = await joinProblemsOf(c, { password, name }, [proof.tenantName, proof.email])
  if (Object.keys(problems).length > 0) return refuse(c, found, { name: name ?? '', keep: [...kept.keep], problems })
  const joiner = { ...makerOf(found), email: proof.email, passwordHash: await hashPassword(password), name: nameOf(name) ?? null }
  const { accountId } = proof
  if (!(await joinBy(c, found, accountId ? { ...joiner, ...kept, userId: accountId } : joiner))) return openPage(c, PURPOSE, link)
  if (person) clearSessionCookie(c)
  return redirectWith(c, withQuery('/login', { from: link.name }), { notice: 'accepted', email: proof.email })
}

function refuse(c: Context<AppEnv>, found: Open, draft: JoinDraft) {
  c.status(422)
  return show(c, found, draft)
}

/** The account was proven by signing in with it; nothing of it changes. */
async function joinWithAccount(c: Context<AppEnv>, found: Open) {
  const { link, proof, person } = found
  if (person?.emailKey !== proof.emailKey) return conflict(c, found)
  const won = await joinBy(c, found, { ...makerOf(found), email: proof.email, userId: person.userId, name: person.name })
  return won ? redirectWith(c, landingOf(proof), { notice: 'joined', who: proof.tenantName }) : openPage(c, PURPOSE, link)
}

const makerOf = ({ proof: { makerId, makerName } }: Open) => ({ makerId, makerName })

async function joinBy(c: Context<AppEnv>, { link, proof }: Open, joiner: Parameters<typeof join>[2]) {
  await noteAccount(c, proof.email)
  const act = unchecked(c)
  if (!(await join(act, link.jti, joiner))) return false
  if ('userId' in joiner) afterwards(c, 'rekey', rekeyPeople(act.db))
  note(c, { event: 'user_created' })
  forgetLink(c, link)
  return true
}

function conflict(c: Context<AppEnv>, found: Open) {
  c.status(409)
  return show(c, found)
}
