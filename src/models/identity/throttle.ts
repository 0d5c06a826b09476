import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { DAY_MS, HOUR_MS, MINUTE_MS, SWEPT_ROWS } from '../../limits'
import type { Act } from '../core/act'

/** `free` tries pass in a window; then each further one waits: for the window's end, or for a delay that doubles from 1 s to 15 min. */
export type Throttle<Key = string> = { key: Key; free: number; windowMs: number; doubling: boolean }
type Counter = Pick<Throttle, 'key'>

/** docs/rules.md, Limits. */
export const signInByAccount = (emailKey: string): Throttle => ({
  key: `sign-in:account:${emailKey}`,
  free: 5,
  windowMs: DAY_MS,
  doubling: true,
})
/** Of one browser that has signed in to one account before, by the id of its row. */
export const signInByBrowser = (id: string): Throttle => ({ ...signInByAccount(''), key: `sign-in:browser:${id}` })
/** Of somebody who is signed in and proves anew who they are. */
export const signInBySession = (id: string): Throttle => ({ ...signInByAccount(''), key: `sign-in:session:${id}` })
export const signInByIp = (ip: string): Throttle => ({
  key: `sign-in:ip:${networkOf(ip)}`,
  free: 20,
  windowMs: 5 * MINUTE_MS,
  doubling: false,
})
export const forgotByAddress = (emailKey: string): Throttle => ({
  key: `forgot:address:${emailKey}`,
  free: 3,
  windowMs: HOUR_MS,
  doubling: false,
})
export const forgotByIp = (ip: string): Throttle => ({
  key: `forgot:ip:${networkOf(ip)}`,
  free: 60,
  windowMs: HOUR_MS,
  doubling: false,
})

/** Challenges for a browser that nobody has signed in with, which cost a row each. A page of signing in may ask for one as it opens. */
export const challengesByIp = (ip: string): Throttle => ({
  key: `challenge:ip:${networkOf(ip)}`,
  free: 300,
  windowMs: 5 * MINUTE_MS,
  doubling: false,
})

/**
 * Counts a try before it is made, so that a burst cannot pass together. Returns no row when it is refused;
 * `blockedUntil` then says until when. `whose` is text after FROM that finds the person where only the database knows the key, or says whether to
 * count at all.
 */
export const countTry = (
  { db, now }: Pick<Act, 'db' | 'now'>,
  { key, free, windowMs, doubling }: Throttle<string | SQL>,
  whose = sql`(SELECT 1) WHERE true`,
) => {
  const tries = sql`CASE WHEN resets_at <= ${now} THEN 1 ELSE hits + 1 END`
  const delay = sql`min(1000 << min(max(hits + 1 - ${free}, 0), 10), 900000)`
  const until = doubling
    ? sql`CASE WHEN ${tries} >= ${free} THEN ${now} + ${delay} ELSE 0 END`
    : sql`CASE WHEN ${tries} >= ${free} THEN CASE WHEN resets_at <= ${now} THEN ${now + windowMs} ELSE resets_at END ELSE 0 END`
  const resets = doubling ? sql`${now + windowMs}` : sql`CASE WHEN resets_at <= ${now} THEN ${now + windowMs} ELSE resets_at END`
  return raw<{ key: string; hits: number }>(
    db,
    sql`
    INSERT INTO throttles (key, hits, blocked_until, resets_at) SELECT ${key}, 1, 0, ${now + windowMs} FROM ${whose}
    ON CONFLICT (key) DO UPDATE SET hits = ${tries}, blocked_until = ${until}, resets_at = ${resets}
    WHERE blocked_until <= ${now} RETURNING key, hits`,
  )
}

/** For `countTry`: what another throttle refuses is not counted. Stands before that one's own try in a batch. */
export const notBlocked = ({ key }: Throttle, now: number) =>
  sql`(SELECT 1) WHERE NOT EXISTS (SELECT 1 FROM throttles x WHERE x.key = ${key} AND x.blocked_until > ${now})`

/**
 * Takes a try back that was counted as the `hits`-th and then not made. A delay that another try began since stays.
 */
export const returnTry = (db: Db, { key }: Counter, hits: number, when = sql`true`) =>
  raw(
    db,
    sql`
    UPDATE throttles SET hits = max(hits - 1, 0), blocked_until = CASE WHEN hits = ${hits} THEN 0 ELSE blocked_until END
    WHERE key = ${key} AND ${when}`,
  )

/** Writes a row for everyone, so that a batch that finds no account is committed like one that does. */
export const rewriteTry = (db: Db, { key }: Counter) => raw(db, sql`UPDATE throttles SET hits = hits WHERE key = ${key}`)

/** The ms at which these throttles let somebody try again; in the past or 0 when they do already. */
export const blockedUntil = (db: Db, throttles: Throttle<string | SQL>[]) =>
  raw<{ until: number | null }>(
    db,
    sql`SELECT max(blocked_until) AS until FROM throttles WHERE key IN ${throttles.map(({ key }) => key)}`,
  )

/** Where `when` holds: an account, a browser or a session starts anew. */
export const forgetTries = (db: Db, { key }: Counter, when: SQL) =>
  raw(db, sql`DELETE FROM throttles WHERE key = ${key} AND ${when}`)

/** Where `when` holds: a try that was a success does not count against the address that they share. */
export const uncountTry = (db: Db, { key }: Counter, when: SQL) =>
  raw(db, sql`UPDATE throttles SET hits = max(hits - 1, 0), blocked_until = 0 WHERE key = ${key} AND ${when}`)

/** Reads all of them: an index by time would cost a row at every try. */
export const pruneThrottles = (db: Db, now: number) =>
  raw(
    db,
    sql`DELETE FROM throttles WHERE key IN (SELECT key FROM throttles WHERE resets_at <= ${now} AND blocked_until <= ${now} LIMIT ${SWEPT_ROWS})`,
  )

/** What an address is limited by: itself, or for IPv6 the /64 that one customer commonly holds. */
export function networkOf(address: string): string {
  const ip = address.replace(IPV4_MAPPED, '')
  if (!ip.includes(':')) return ip
  const [head = '', tail] = ip.split('::')
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')]
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

const IPV4_MAPPED = /^::ffff:(?=\d+\.)/i

const groupsOf = (text: string) => text.split(':').filter(Boolean)
