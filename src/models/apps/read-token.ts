import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { sha256 } from '../core/random'
import { blockedUntil, type Throttle } from '../identity/throttle'
import { appOf } from './app'
import { namesItself } from './metadata-document'
import { grantBehind } from './reads'
import { tokenOf } from './token'

/**
 * `clientId`: of the app that asks; without one it is the app that the token was given to, and so it is for a program that names itself, which asks about
 * what it was given alone. `value`: the code or token.
 */
export type Asked = { clientId: string | undefined; value: string | undefined }

/** Everything that an answer to an app rests on, in one batch. `blockedUntil`: it has failed too often to prove itself (ms). */
export async function readToken(db: Db, { clientId, value }: Asked, failures: Throttle, now: number) {
  const id = value ? await sha256(value) : ''
  const grantId = sql`SELECT k.grant_id FROM app_tokens k WHERE k.id = ${id}`
  const given = sql`SELECT g.app_id FROM app_grants g WHERE g.id = (${grantId})`
  const appId = clientId === undefined || namesItself(clientId) ? given : sql`${clientId}`
  const [[app], [found], [grant], [blocked]] = await db.batch([
    appOf(db, appId),
    tokenOf(db, id),
    grantBehind(db, grantId, now),
    blockedUntil(db, [failures]),
  ])
  return { app, found, grant, blockedUntil: blocked?.until ?? 0 }
}
