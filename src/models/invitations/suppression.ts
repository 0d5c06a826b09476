import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'

/** `keys` is SQL after FROM with a column `email_key`. An address that is suppressed already keeps its first reason. */
export const suppress = (db: Db, reason: 'complained' | 'asked', keys: SQL, now: number) =>
  raw(
    db,
    sql`
    INSERT INTO suppressions (email_key, reason, at) SELECT email_key, ${reason}, ${now} FROM ${keys}
    ON CONFLICT (email_key) DO NOTHING`,
  )

/** Whether any workspace may invite or remind this address, as a condition in SQL. */
export const mayInvite = (key: SQL) => sql`NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.email_key = ${key})`
