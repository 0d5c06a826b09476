import { eq, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { metadataClients } from '../../db/schema/apps'
import { DAY_MS, HOUR_MS } from '../../limits'
import type { Throttle } from '../identity/throttle'
import type { MetadataDocument } from './metadata-document'

/** A program that names itself by the address of its document, as that was read last; `readAt` in ms. */
export type MetadataClient = typeof metadataClients.$inferSelect

/** Why a program cannot be let in: `unreadable` is nothing that we understand, or nothing at all. */
export type MetadataReason = 'address' | 'too_often' | 'unreadable'

/** What was read counts for an hour, whatever its own server says. Of as many programs it is kept, for a month at most. */
export const DOCUMENT = { freshMs: HOUR_MS, most: 1000, keptMs: 30 * DAY_MS } as const

/** Whether whoever agreed to it as it was known has agreed to it as it is now. */
export const isSame = (known: MetadataClient, { redirectUris }: MetadataDocument, now: number) =>
  known.readAt >= now - DOCUMENT.keptMs && JSON.stringify(known.redirectUris) === JSON.stringify(redirectUris)

export const isFresh = ({ readAt }: MetadataClient, now: number) => readAt > now - DOCUMENT.freshMs

/** At most one row. */
export const metadataClientOf = (db: Db, id: string) => db.select().from(metadataClients).where(eq(metadataClients.id, id))

/** Keeps what was read; a trigger has everybody asked anew who agreed to other addresses. What is too old goes before, and what is too much after it. */
export const keepDocument = (db: Db, id: string, { redirectUris }: MetadataDocument, now: number) =>
  [
    db.delete(metadataClients).where(sql`${metadataClients.readAt} < ${now - DOCUMENT.keptMs}`),
    db
      .insert(metadataClients)
      .values({ id, redirectUris, readAt: now })
      .onConflictDoUpdate({
        target: metadataClients.id,
        set: { redirectUris: sql`excluded.redirect_uris`, readAt: sql`excluded.read_at` },
      }),
    db
      .delete(metadataClients)
      .where(
        sql`${metadataClients.id} IN (SELECT x.id FROM metadata_clients x ORDER BY x.read_at DESC LIMIT -1 OFFSET ${DOCUMENT.most})`,
      ),
  ] as const

/** What somebody has us ask for, and what a host is asked for by all of them. */
export const documentsByPerson = (userId: string): Throttle => ({
  key: `document:person:${userId}`,
  free: 20,
  windowMs: HOUR_MS,
  doubling: false,
})
/** A program that we know counts for itself: nobody keeps it from others by asking for what its host does not have. */
export const documentsByHost = (id: string, known: boolean): Throttle => ({
  key: known ? `document:program:${id}` : `document:host:${new URL(id).hostname}`,
  free: 60,
  windowMs: HOUR_MS,
  doubling: false,
})
