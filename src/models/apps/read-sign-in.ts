import { sql } from 'drizzle-orm'
import { type Person, personOf, type Visitor } from '../identity/session'
import { openAppOf } from './app'
import { type SignedInRow, signedInTo } from './reads'

/** An app whose workspace is open, and the member of it behind a session, at most one row each. */
export const signInReads = ({ db, secretHash, now }: Visitor, { clientId, client }: Asked) => ({
  app: openAppOf(db, sql`${clientId}`),
  row: signedInTo(db, { appId: sql`${clientId}`, client, secretHash }, now),
})

type Asked = { clientId: string; client: string }

/**
 * Everything that signing in to an app rests on, in one batch: the app, the member of its workspace behind the session, and whose session it is. One
 * from before they were signed out of this workspace is nobody's here: they have to sign in again.
 */
export async function readSignIn(at: Visitor, asked: Asked) {
  const reads = signInReads(at, asked)
  const [[app], [row], [person]] = await at.db.batch([reads.app, reads.row, personOf(at)])
  return { app, ...ofLive(person, row) }
}

/** Nobody, where the session is over or does not count in this workspace. */
export const ofLive = (person: Person | undefined, row: SignedInRow | undefined) =>
  person?.live && !row?.outdated ? { row, person } : { row: undefined, person: undefined }
