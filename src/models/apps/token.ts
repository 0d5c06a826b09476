import { eq } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { appTokens } from '../../db/schema/apps'

/** At most one row: a code or token by the SHA-256 of its value. */
export const tokenOf = (db: Db, id: string) =>
  db
    .select({
      id: appTokens.id,
      kind: appTokens.kind,
      grantId: appTokens.grantId,
      payload: appTokens.payload,
      expiresAt: appTokens.expiresAt,
      consumedAt: appTokens.consumedAt,
    })
    .from(appTokens)
    .where(eq(appTokens.id, id))

export type TokenRow = Awaited<ReturnType<typeof tokenOf>>[number]
