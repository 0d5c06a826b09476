import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { KEPT, readForm } from '../../http/forms'
import { landingOf } from '../../http/frame'
import { keepLink, linkInForm, openPage } from '../../http/link'
import { linkPage } from '../../http/link-page'
import { joinProblemsOf } from '../../http/new-password'
import { noLink } from '../../http/no-link'
import {
  acceptBy,
  conflict,
  findInvitation,
  maySetPassword,
  type Open,
  PURPOSE,
  pageFor,
  showInvitation,
} from '../../http/opened-invitation'
import { createPasskey, passkeyOptions } from '../../http/passkey-acceptance'
import { clearSessionCookie } from '../../http/session-cookie'
import { post } from '../../mail/queue'
import { nameOf } from '../../models/core/name'
import { readAttestation } from '../../models/identity/passkey-response'
import { hashPassword } from '../../models/identity/password'
import type { Kept } from '../../models/identity/take-over'
import { decline } from '../../models/invitations/decline'
import { noteOpened } from '../../models/invitations/invitation'
import { renew } from '../../models/invitations/renewal'
import { lift } from '../../models/invitations/suppression'
import { invitationPaths, withQuery } from '../../paths'

const TOKEN = { token: v.optional(v.string()) }
const NAME = v.optional(v.string())
const ACCEPT = { ...TOKEN, password: v.optional(v.string(), ''), name: NAME, response: v.optional(v.string(), ''), ...KEPT }

/** The page of one emailed or copied link; whatever its forms do, they do to the link whose token they carry. */
export const acceptance = new Hono<AppEnv>()

const opened = linkPage(PURPOSE, async (c, link) => showInvitation(c, await findInvitation(c, link)))
acceptance.get('/', opened)
acceptance.get('/:link', opened)

acceptance.post('/:link/accept', async (c) => {
  const { token, response, ...chosen } = await readForm(c, ACCEPT)
  const link = await linkInForm(c, PURPOSE, token)
  if (!link) return noLink(c)
  const made = readAttestation(response)
  const found = await findInvitation(c, link, made)
  if (found.kind !== 'open') return showInvitation(c, found)
  if (found.invitation.account === 'proven') return join(c, found)
  return response ? createPasskey(c, found, made, chosen.name) : setPassword(c, found, chosen)
})

acceptance.post('/:link/passkey', passkeyOptions)

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
  return reason === 'not_pending'
    ? openPage(c, PURPOSE, link)
    : showInvitation(c, await findInvitation(c, link), { reason, retryAt })
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

/** The account was proven by signing in with it; nothing of it changes. */
async function join(c: Context<AppEnv>, found: Open) {
  const { link, invitation, person } = found
  if (person?.emailKey !== invitation.emailKey) return conflict(c, found)
  const won = await acceptBy(c, found, { userId: person.userId, name: person.name })
  return won ? redirectWith(c, landingOf(invitation), { notice: 'joined', who: invitation.tenantName }) : openPage(c, PURPOSE, link)
}
