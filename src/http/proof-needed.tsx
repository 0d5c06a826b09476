import type { Context } from 'hono'
import { ConfirmBeside } from '../../views/identity/confirm-beside'
import type { AppEnv } from '../env'
import { ownKindsOf } from '../models/identity/confirm'
import { type ProofNeeded, visitorIfAny } from './door'
import { formOf, sealDraft, wholeOf } from './draft'
import { IN_NOTICE, isHtmx, keepsPage } from './htmx'
import { confirmPath, pathOf } from './next'
import { pageBefore } from './page-before'
import { showConfirm } from './show-confirm'
import { withPerson } from './whose'

type Person = ProofNeeded['person']

/** Leads somebody to where they prove anew who they are, and from there on to what they asked for. What they sent comes along. */
export async function askForProof(c: Context<AppEnv>, { person, kept }: ProofNeeded) {
  if (keepsPage(c)) return tellOnPage(c, person)
  if (isRead(c)) return leadToConfirm(c)
  const [draft, next, at] = [await draftOf(c, person, kept), pageBefore(c), await visitorIfAny(c)]
  const kinds = person.factors > 0 ? await ownKindsOf(at) : []
  c.status(401)
  return showConfirm(c, { person, kinds, now: at.now, next, draft, sent: draft ? 'kept' : 'lost' })
}

const isRead = (c: Context) => c.req.method === 'GET' || c.req.method === 'HEAD'

function leadToConfirm(c: Context<AppEnv>) {
  const path = confirmPath(pathOf(c.req.url))
  return isHtmx(c) ? c.body(null, 401, { 'HX-Redirect': path }) : c.redirect(path, 303)
}

/** The page stays as it is until its person chooses to leave it. */
async function tellOnPage(c: Context<AppEnv>, person: Person) {
  const [draft, next] = [isRead(c) ? undefined : await draftOf(c, person), pageBefore(c)]
  const words = <ConfirmBeside href={confirmPath(next)} {...{ next, draft }} />
  return c.html(await withPerson(c, await words), 401, IN_NOTICE)
}

/** Undefined for what cannot be sent again as it was. */
async function draftOf(c: Context<AppEnv>, { userId, sessionId }: Person, kept?: [string, string][]) {
  const [fields, now] = [kept ?? wholeOf(await formOf(c)), Date.now()]
  const draft = { action: pathOf(c.req.url), page: pageBefore(c) ?? '/', asked: { session: sessionId, at: now } }
  return fields && sealDraft(c.env, userId, { ...draft, fields }, now)
}
