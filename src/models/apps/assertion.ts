import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { HOUR_MS } from '../../limits'

/** How far ahead one may expire, since it is known for so long that it was shown. */
export const ASSERTION_MS = HOUR_MS

/** By what an app has proven itself (RFC 7523), by the SHA-256 of its name: it counts once, until it expires. `ttl` is in seconds. */
export type Assertion = { id: string; ttl: number }

/** Tells two that come together apart. */
export const newMark = () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0

/** Returns one row for whoever shows it first. It is kept among the counters, where nothing has to belong to a grant, and goes as they do. */
export const spendAssertion = (db: Db, { id, ttl }: Assertion, mark: number, now: number) =>
  raw<{ key: string }>(
    db,
    sql`
    INSERT INTO throttles (key, hits, blocked_until, resets_at) VALUES (${keyOf(id)}, ${mark}, 0, ${now + ttl * 1000})
    ON CONFLICT (key) DO UPDATE SET hits = excluded.hits, resets_at = excluded.resets_at WHERE resets_at <= ${now} RETURNING key`,
  )

export const isSpentBy = ({ id }: Assertion, mark: number) =>
  sql`EXISTS (SELECT 1 FROM throttles x WHERE x.key = ${keyOf(id)} AND x.hits = ${mark})`

const keyOf = (id: string) => `app:assertion:${id}`
