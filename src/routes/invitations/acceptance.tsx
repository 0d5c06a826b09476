import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { NoLinkPage } from '../../../views/identity/no-link'
import { type InvitationProblem, JoinPage, OtherPersonPage, SetPasswordPage } from '../../../views/invitations/acceptance'
import { InvitationSpentPage, type Limited } from '../../../views/invitations/acceptance-spent'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { setFlash } from '../../http/flash'
import { readForm } from '../../http/forms'
import { exchangeToken, forgetLink, linkJti } from '../../http/link'
import { nobody, originOf } from '../../http/origin'
import { sessionCookie, setSessionCookie } from '../../http/session-cookie'
import { tooMany } from '../../http/throttle'
import { isUsed, noteUsed } from '../../http/used-tokens'
import { post } from '../../mail/queue'
import { nameOf } from '../../models/core/name'
import { hashPassword } from '../../models/identity/password'
import { passwordProblem } from '../../models/identity/password-rules'
import { personOf } from '../../models/identity/session'
import { accept, type Invitation, invitationOf, noteOpened, toInvitation } from '../../models/invitations/acceptance'
import { decline } from '../../models/invitations/invite'
import { renew } from '../../models/invitations/resend'

const PURPOSE = 'invitation'

export const invitation = new Hono<AppEnv>()

invitation.get('/', async (c) => {
  const token = c.req.query('token')
  if (token !== undefined) return (await exchangeToken(c, PURPOSE, token, '/invitation')) ?? noLink(c)
  return show(c, await find(c))
})

invitation.post('/accept', async (c) => {
  const form = await readForm(c, { password: v.optional(v.string()), name: v.optional(v.string()) })
  const found = await find(c)
  if (found.kind !== 'open') return show(c, found)
  return found.invitation.hasAccount
    ? join(c, found)
    : setPassword(c, found, { password: form.password ?? '', name: form.name ?? '' })
})

invitation.post('/opened', async (c) => {
  await readForm(c, {})
  const jti = await linkJti(c, PURPOSE)
  if (!jti) return noLink(c)
  const { db, now } = unchecked(c)
  await noteOpened(db, jti, now)
  return c.body(null, 204)
})

invitation.post('/decline', async (c) => {
  const { never } = await readForm(c, { never: v.optional(v.literal('on')) })
  const jti = await linkJti(c, PURPOSE)
  if (!jti) return noLink(c)
  const { db, now } = unchecked(c)
  await decline(db, jti, nobody(c), now, never === 'on')
  return c.redirect('/invitation', 303)
})

invitation.post('/renew', async (c) => {
  await readForm(c, {})
  const jti = await linkJti(c, PURPOSE)
  if (!jti) return noLink(c)
  const { db, now } = unchecked(c)
  const result = await renew(db, jti, nobody(c), c.env.CAPS, now)
  if ('reason' in result) {
    if (result.reason === 'not_pending') return c.redirect('/invitation', 303)
    return show(c, await find(c), { reason: result.reason, retryAt: result.retryAt })
  }
  post(c.env, c.executionCtx, [result.mailId])
  setFlash(c, { notice: 'renewed' })
  return c.redirect('/invitation', 303)
})

type Person = { userId: string; email: string; emailKey: string }
type Open = { kind: 'open'; invitation: Invitation; person: Person | undefined; now: number }
type Found = Open | { kind: 'spent'; invitation: Invitation | undefined; now: number } | { kind: 'unknown' }

/** The KV list only saves D1 a question: it can call a link used, never usable. */
async function find(c: Context<AppEnv>): Promise<Found> {
  const jti = await linkJti(c, PURPOSE)
  if (!jti) return { kind: 'unknown' }
  const { db, now } = unchecked(c)
  if (await isUsed(c, PURPOSE, jti)) return { kind: 'spent', invitation: undefined, now }
  const claim = await sessionCookie(c)
  const [[row], [person]] = await db.batch([invitationOf(db, jti), personOf(db, claim?.secretHash ?? '', now)])
  if (!row) return { kind: 'unknown' }
  const found = toInvitation(row, now)
  return found.state === 'open' ? { kind: 'open', invitation: found, person, now } : { kind: 'spent', invitation: found, now }
}

type Draft = { name: string; problem: InvitationProblem }

function show(c: Context<AppEnv>, found: Found, limited?: Limited) {
  if (found.kind === 'unknown') return noLink(c)
  if (found.kind === 'spent') c.status(410)
  if (limited && limited.reason !== 'cannot_be_mailed') tooMany(c, limited.retryAt, found.now)
  if (found.kind === 'open') return c.render(pageFor(found), { title: `Join ${found.invitation.tenantName}` })
  return c.render(<InvitationSpentPage {...found} limited={limited} />, { title: 'This link cannot be used' })
}

function pageFor({ invitation, person, now }: Open, draft?: Draft) {
  if (person && person.emailKey !== invitation.emailKey)
    return <OtherPersonPage {...{ invitation, now }} signedInAs={person.email} />
  if (invitation.hasAccount) return <JoinPage {...{ invitation, now }} proven={person !== undefined} />
  return <SetPasswordPage {...{ invitation, now }} draft={draft} />
}

async function setPassword(c: Context<AppEnv>, found: Open, { password, name }: { password: string; name: string }) {
  const { invitation, person } = found
  if (person) return conflict(c, found)
  const ownWords = [invitation.tenantName, invitation.email, name]
  const problem = await passwordProblem(password, ownWords, c.env.PASSWORD_RANGE_URL)
  if (problem) {
    c.status(422)
    return c.render(pageFor(found, { name, problem }), { title: `Join ${invitation.tenantName}` })
  }
  const { db, now } = unchecked(c)
  const joining = { passwordHash: await hashPassword(password), name: nameOf(name) ?? null }
  if (!(await accept(db, invitation.jti, joining, originOf(c).ip, now))) return c.redirect('/invitation', 303)
  spend(c, invitation, now)
  setFlash(c, { notice: 'accepted', email: invitation.email })
  return c.redirect('/login', 303)
}

/** The account was proven by signing in with it; nothing of it changes. */
async function join(c: Context<AppEnv>, found: Open) {
  const { invitation, person } = found
  const claim = await sessionCookie(c)
  if (!claim || person?.emailKey !== invitation.emailKey) return conflict(c, found)
  const { db, now } = unchecked(c)
  const joining = { userId: person.userId, secretHash: claim.secretHash }
  if (!(await accept(db, invitation.jti, joining, originOf(c).ip, now))) return c.redirect('/invitation', 303)
  spend(c, invitation, now)
  await setSessionCookie(c, claim.secret, invitation.tenantId)
  setFlash(c, { notice: 'joined' })
  return c.redirect('/', 303)
}

function spend(c: Context<AppEnv>, { jti, expiresAt }: Invitation, now: number) {
  noteUsed(c, PURPOSE, jti, expiresAt, now)
  forgetLink(c, PURPOSE)
}

function conflict(c: Context<AppEnv>, found: Open) {
  c.status(409)
  return show(c, found)
}

function noLink(c: Context<AppEnv>) {
  c.status(410)
  return c.render(<NoLinkPage />, { title: 'This link cannot be used' })
}
