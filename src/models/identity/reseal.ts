import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import type { Act } from '../core/act'
import { type Key, type Keyring, signerOf } from './keyring'
import { sealedStart, TOTP_SECRET } from './sealed-start'
import { openTotpSecret, sealTotpSecret } from './totp-secret'

/** Secrets of one step: with eight steps a night, 120,000 in the thirty nights after which an older key may go. */
const RESEALED_ROWS = 500

/** A person has one app at most. */
type Row = { userId: string; secret: string }

/**
 * Steps through the secrets of apps that an older key sealed, and seals each with the newest one, over what was read: one that was replaced or
 * sealed anew meanwhile stays. Each step is two round trips, and none where there is no older key.
 */
export function resealing({ db, now }: Pick<Act, 'db' | 'now'>, keys: Keyring, most = RESEALED_ROWS) {
  const newest = signerOf(keys, now)
  const older = keys.filter(({ startsAt }) => startsAt < newest.startsAt)
  let after = ''
  return async () => {
    if (older.length === 0) return { count: 0, more: false }
    const rows = await raw<Row>(
      db,
      sql`
      SELECT user_id AS userId, secret FROM credentials INDEXED BY one_app
      WHERE kind = 'totp' AND user_id > ${after} AND ${isSealedBy(older)} ORDER BY user_id LIMIT ${most}`,
    )
    after = rows.at(-1)?.userId ?? after
    const sealed = await Promise.all(rows.map((row) => sealedAnew(keys, row, now)))
    const found = sealed.filter((each) => each !== undefined)
    if (found.length > 0) await write(db, found)
    return { count: found.length, more: rows.length === most }
  }
}

type Resealed = Row & { anew: string }

/** Undefined for one that does not open, which somebody moved there. */
async function sealedAnew(keys: Keyring, row: Row, now: number): Promise<Resealed | undefined> {
  const { userId, secret: sealed } = row
  const secret = await openTotpSecret(keys, { userId, sealed }, now)
  return secret === undefined ? undefined : { ...row, anew: await sealTotpSecret(keys, { userId, secret }, now) }
}

const write = (db: Db, rows: Resealed[]) =>
  raw(
    db,
    sql`
    UPDATE credentials SET secret = v.value ->> 'anew' FROM json_each(${JSON.stringify(rows)}) v
    WHERE credentials.user_id = v.value ->> 'userId' AND credentials.kind = 'totp' AND credentials.secret = v.value ->> 'secret'`,
  )

/** How many people have an app whose secret none of the keys sealed: their key is gone. Reads every app. */
export async function unreadableTotpSecrets(db: Db, keys: Keyring): Promise<number> {
  const [row] = await raw<{ count: number }>(
    db,
    sql`SELECT count(*) AS count FROM credentials INDEXED BY one_app WHERE kind = 'totp' AND NOT ${isSealedBy(keys)}`,
  )
  return row?.count ?? 0
}

/** Of a row of `credentials`. */
function isSealedBy(keys: Key[]) {
  const starts = keys.map(({ kid }) => sealedStart(TOTP_SECRET, kid))
  return sql`substr(secret, 1, ${starts[0]?.length}) IN (SELECT s.value FROM json_each(${JSON.stringify(starts)}) s)`
}
