import { type Person, personOf, type Visitor } from '../identity/session'
import { openAppOf } from './app'
import type { AskedApp } from './asked-app'
import { metadataClientOf } from './metadata-client'
import { type SignedInRow, signedInTo } from './reads'

/** An app whose workspace is open, and the member of it behind a session, at most one row each. */
export const signInReads = ({ db, secretHash, now }: Visitor, { id, client }: AskedApp) => ({
  app: openAppOf(db, id),
  row: signedInTo(db, { appId: id, client, secretHash }, now),
})

/**
 * Everything that signing in to an app rests on, in one batch: the app, the member of its workspace behind the session, and whose session it is. One
 * from before they were signed out of this workspace is nobody's here: they have to sign in again.
 */
export async function readSignIn(at: Visitor, asked: AskedApp) {
  const reads = signInReads(at, asked)
  const [[app], [row], [person], [known]] = await at.db.batch([
    reads.app,
    reads.row,
    personOf(at),
    metadataClientOf(at.db, asked.client),
  ])
  return { app, known, ...ofLive(person, row) }
}

/** Nobody, where the session is over or does not count in this workspace. */
export const ofLive = (person: Person | undefined, row: SignedInRow | undefined) =>
  person?.live && !row?.outdated ? { row, person } : { row: undefined, person: undefined }
