import { eq } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { appHosts } from '../../db/schema/apps'

/** At most one row: which app a proxy asks for in front of this host, as `hostIn` writes it. */
export const hostOf = (db: Db, host: string) => db.select({ appId: appHosts.appId }).from(appHosts).where(eq(appHosts.host, host))

/** A host as the database has it: in lower case and ASCII, with its port unless that is 443. Undefined for what is more or less than a host. */
export function hostIn(text: string): string | undefined {
  const url = URL.parse(`https://${text}`)
  return url?.href === `https://${url?.host}/` ? url.host : undefined
}
