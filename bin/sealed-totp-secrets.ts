import { sealedStart, TOTP_SECRET } from '../src/models/identity/sealed-start.ts'
import type { Database } from './database.ts'
import { sql } from './literal.ts'

/** How many authenticator apps in the database this key has sealed, or, without a `kid`, none of the keys; undefined where nobody has looked. */
export type SealedTotpSecrets = (kid: string | undefined) => number | undefined

export async function sealedTotpSecrets(database: Database, kids: string[]): Promise<SealedTotpSecrets> {
  const [rows = []] = await database([
    sql`SELECT substr(secret, 1, instr(secret, '.')) AS start, count(*) AS apps FROM credentials WHERE kind = 'totp' GROUP BY 1`,
  ])
  const counts = rows.map(({ start, apps }) => ({ start, apps: Number(apps) }))
  const starts = new Map(kids.map((kid) => [sealedStart(TOTP_SECRET, kid), kid]))
  const sum = (kid: string | undefined) =>
    counts.filter(({ start }) => starts.get(String(start)) === kid).reduce((total, { apps }) => total + apps, 0)
  return sum
}
