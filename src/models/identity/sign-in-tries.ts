import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { MINUTE_MS } from '../../limits'
import type { Act } from '../core/act'
import { knownBrowserOf } from './known-browser'
import { countTry, forgetTries, returnTry, rewriteTry, signInByAccount, signInByIp, uncountTry } from './throttle'

/** Whose proof comes from where: SQL for their canonical address, NULL for nobody's, and the hash of the browser's secret, if it has one. */
export type Prover = { emailKey: SQL; browser: string | undefined; ip: string }

/** How the network is told that it may not try; `known` is 1 for a browser of theirs or a link that was just emailed to them. */
type Gate = { until: number | null; trusted: 0 | 1 }

/** What was counted, to be taken back: the account's hits with this try, and whether the network's were counted at all. */
export type Counted = { hits: number; network: boolean }

/** A browser that signed in to this account before has a counter of its own, so that no stranger can lock it out; all others share one. */
const counterOf = ({ emailKey, browser }: Prover, now: number) => ({
  ...signInByAccount(''),
  key: sql`coalesce('sign-in:browser:' || ${knownBrowserOf(emailKey, browser, now)}, 'sign-in:account:' || ${emailKey})`,
})

const LINK_COUNTS_MS = 15 * MINUTE_MS

/** Somebody used a link a moment ago that was emailed to this address: to join, to reset the password, or to set up a second factor. */
const hasJustUsedLink = (emailKey: SQL, now: number) => sql`(
  EXISTS (SELECT 1 FROM members j WHERE j.email_key = ${emailKey} AND j.joined_at > ${now - LINK_COUNTS_MS})
  OR EXISTS (SELECT 1 FROM users o JOIN password_resets r ON r.user_id = o.id
    WHERE o.email_key = ${emailKey} AND r.state = 'used' AND r.closed_at > ${now - LINK_COUNTS_MS})
  OR EXISTS (SELECT 1 FROM users o JOIN factor_links f ON f.user_id = o.id AND f.state = 'used'
    WHERE o.email_key = ${emailKey} AND f.closed_at > ${now - LINK_COUNTS_MS}))`

const isTrusted = ({ emailKey, browser }: Prover, now: number) =>
  sql`(${knownBrowserOf(emailKey, browser, now)} IS NOT NULL OR ${hasJustUsedLink(emailKey, now)})`

/** What would stop this prover: their counter, and unless they are trusted their network's. */
const stops = (prover: Prover, now: number) =>
  sql`throttles x WHERE x.key = ${counterOf(prover, now).key} OR (x.key = ${signInByIp(prover.ip).key} AND NOT ${isTrusted(prover, now)})`

/** Neither the account nor the network has to wait; for what is counted beside them, and stands before them in a batch. */
export const mayTry = (prover: Prover, now: number) =>
  sql`coalesce((SELECT max(x.blocked_until) FROM ${stops(prover, now)}), 0) <= ${now}`

/**
 * Counts a proof before it is looked at, of whatever kind it is: password, code or passkey. What a network is refused counts against no account. The
 * results of the three, in this order, are for `countedOf`.
 */
export function countProof(act: Pick<Act, 'db' | 'now'>, prover: Prover) {
  const { db, now } = act
  const network = signInByIp(prover.ip)
  const trusted = isTrusted(prover, now)
  const notStopped = sql`(${trusted} OR NOT EXISTS (SELECT 1 FROM throttles x WHERE x.key = ${network.key} AND x.blocked_until > ${now}))`
  return [
    countTry(act, counterOf(prover, now), sql`(SELECT 1) WHERE ${prover.emailKey} IS NOT NULL AND ${notStopped}`),
    countTry(act, network, sql`(SELECT 1) WHERE NOT ${trusted}`),
    raw<Gate>(db, sql`SELECT (SELECT max(x.blocked_until) FROM ${stops(prover, now)}) AS until, ${trusted} AS trusted`),
  ] as const
}

type Results = [{ hits: number }[], { hits: number }[], Gate[]]

/** What was counted, or until when (ms) nothing is looked at. Where the proof is nobody's, only the network was. */
export function countedOf([account, network, [gate]]: Results, now: number): Counted | { retryAt: number } {
  const stopped = !gate?.trusted && network.length === 0
  const until = gate?.until ?? 0
  if (stopped || (account.length === 0 && until > now)) return { retryAt: until }
  return { hits: account[0]?.hits ?? 0, network: network.length > 0 }
}

/** Where `started` holds, a finished sign-in: their counter starts anew, and the network is not charged with it. */
export const forgetProofs = ({ db, now }: Act, prover: Prover, { network }: Counted, started: SQL) => [
  forgetTries(db, counterOf(prover, now), started),
  ...(network ? [uncountTry(db, signInByIp(prover.ip), started)] : []),
]

/** Where `when` holds, a right proof that is not all: its own try is taken back, and no other. */
export const returnProof = ({ db, now }: Act, prover: Prover, { hits, network }: Counted, when: SQL) => [
  returnTry(db, counterOf(prover, now), hits, when),
  ...(network ? [uncountTry(db, signInByIp(prover.ip), when)] : []),
]

/** Writes a row for everyone, so that a batch which finds no account is committed like one that does. */
export const rewriteProof = ({ db, now }: Act, prover: Prover) => rewriteTry(db, counterOf(prover, now))
