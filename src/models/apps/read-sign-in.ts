import { sql } from 'drizzle-orm'
import type { Visitor } from '../identity/session'
import { personOf } from '../identity/session'
import { appOf } from './app'
import { signedInTo } from './reads'

/** Everything that signing in to an app rests on, in one batch: the app, the member of its workspace behind the session, and whose session it is. */
export async function readSignIn(at: Visitor, { clientId, client }: { clientId: string; client: string }) {
  const appId = sql`${clientId}`
  const [[app], [row], [person]] = await at.db.batch([
    appOf(at.db, appId),
    signedInTo(at.db, { appId, client, secretHash: at.secretHash }, at.now),
    personOf(at),
  ])
  return { app, row, person: person?.live ? person : undefined }
}
