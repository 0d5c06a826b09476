import { sql } from 'drizzle-orm'
import { asJson, record } from '../activity/activity'
import type { Act } from '../core/act'
import { lastWorkspaceOf, toViewer, type Viewer, viewerOf } from '../members/viewer'
import { tellOf } from './account-news'
import { rehash } from './credential'
import { knowBrowser, type NewBrowser, newBrowser, type SignedInBrowser, tellOfNewBrowser } from './known-browser'
import { activeMembersOf, hasStarted, type NewSession, newSession, type Origin, startSession } from './session'
import { type Counted, forgetProofs } from './sign-in-tries'
import { factorOf, type Proofs, spend } from './verified'

/** `viewer` is who they are in the workspace that they used last; undefined where none is open to them. `codesLeft` follows a recovery code. */
export type SignedIn = {
  userId: string
  session: NewSession
  browser: NewBrowser
  viewer: Viewer | undefined
  factor: ReturnType<typeof factorOf>
  codesLeft: number | undefined
  mailIds: string[]
}

/** Where a sign-in comes from, with the hashes of the secrets that its browser has: of the session before, and of itself. */
export type Arrival = { from: Origin; former: string | undefined; browser: string | undefined }

/**
 * The one end of every sign-in, in one batch: the session, the browser made known, the counters cleared, the emails, the entries, and what was proven
 * is used up. `counted` is what `countProof` counted, `upgraded` the hash of the password under the parameters of today.
 * @returns undefined where that no longer holds, or is not all that is asked of this person
 */
export async function finishSignIn(
  act: Act,
  proofs: Proofs,
  { from, former, browser }: Arrival,
  { counted, upgraded }: { counted: Counted; upgraded?: string | undefined },
): Promise<SignedIn | undefined> {
  const [{ userId }, factor] = [proofs[0], factorOf(proofs)]
  const code = proofs.find((proof) => proof.kind === 'recovery')
  const [session, next, codeMail] = [await newSession(), await newBrowser(), crypto.randomUUID()]
  const started = hasStarted(session)
  const visitor = { db: act.db, secretHash: session.secretHash, now: act.now }
  const signedIn: SignedInBrowser = { userId, from, before: browser, next }
  const [[begun], , , [viewer], told] = await act.db.batch([
    ...startSession(act, session, proofs, from, former),
    viewerOf({ ...visitor, tenantId: lastWorkspaceOf(visitor) }),
    tellOfNewBrowser(act, signedIn, crypto.randomUUID(), started),
    ...forgetProofs(act, counted, started),
    ...knowBrowser(act, signedIn, started),
    record(act, 'signed_in', activeMembersOf(act, sql`${userId}`, started), factor && { after: asJson({ factor }) }),
    ...(code ? tellOf(act, 'recovery_code_used', { userId, from, mailId: codeMail }, started) : []),
    ...rehashed(act, proofs, upgraded),
    ...spend(act, proofs, started),
  ])
  if (!begun) return undefined
  const mailIds = [...told.map(({ id }) => id), ...(code ? [codeMail] : [])]
  return { userId, session, browser: next, viewer: openTo(viewer), factor, codesLeft: code?.left, mailIds }
}

const rehashed = (act: Act, proofs: Proofs, upgraded: string | undefined) =>
  proofs.flatMap((proof) => (proof.kind === 'password' && upgraded ? [rehash(act, proof, upgraded)] : []))

function openTo(row: Parameters<typeof toViewer>[0]): Viewer | undefined {
  const found = toViewer(row)
  return 'reason' in found ? undefined : found
}
