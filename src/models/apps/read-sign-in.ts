import { sql } from 'drizzle-orm'
import { type Person, personOf, type Visitor } from '../identity/session'
import { appOf } from './app'
import { type SignedInRow, signedInTo } from './reads'

/**
 * Everything that signing in to an app rests on, in one batch: the app, the member of its workspace behind the session, and whose session it is. One
 * from before they were signed out of this workspace is nobody's here: they have to sign in again.
 */
export async function readSignIn(at: Visitor, { clientId, client }: { clientId: string; client: string }) {
  const appId = sql`${clientId}`
  const [[app], [row], [person]] = await at.db.batch([
    appOf(at.db, appId),
    signedInTo(at.db, { appId, client, secretHash: at.secretHash }, at.now),
    personOf(at),
  ])
  return { app, ...ofLive(person, row) }
}

/** Nobody, where the session is over or does not count in this workspace. */
export const ofLive = (person: Person | undefined, row: SignedInRow | undefined) =>
  person?.live && !row?.outdated ? { row, person } : { row: undefined, person: undefined }
