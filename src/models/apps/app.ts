import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { apps } from '../../db/schema/apps'

export type App = typeof apps.$inferSelect

/** At most one row: an app by its client id, a value or a query for one, whatever workspace it belongs to. */
export const appOf = (db: Db, id: SQL) => db.select().from(apps).where(sql`${apps.id} = (${id})`)

/** The same, while its workspace is open: that of a suspended one is known nowhere. */
export const openAppOf = (db: Db, id: SQL) =>
  db
    .select()
    .from(apps)
    .where(sql`${apps.id} = (${id}) AND EXISTS (SELECT 1 FROM tenants t WHERE t.id = ${apps.tenantId} AND t.suspended_at IS NULL)`)

/** What an app is for, which decides who may sign in to it. */
export type Subject = Pick<App, 'section' | 'agentId'>

/** Whether SHA-256 of a secret is the app's. A rotated one counts until its end. Hashes need no constant time: nobody chooses one to come near another. */
export function isSecretOf(app: App | undefined, hash: string, now: number): boolean {
  const former = (app?.formerSecretUntil ?? 0) > now ? app?.formerSecretHash : undefined
  return hash === app?.secretHash || hash === former
}
