import { type SQL, sql } from 'drizzle-orm'
import type { From } from '../../db/from'
import { raw } from '../../db/raw'
import { KNOWN_BROWSER_MS, MINUTE_MS } from '../../limits'
import { record } from '../activity/activity'
import type { Act } from '../core/act'
import {
  countTry,
  forgetTries,
  returnTry,
  rewriteTry,
  signInByAccount,
  signInByBrowser,
  signInByIp,
  type Throttle,
  uncountTry,
} from './throttle'

/** Whose proof comes from where: SQL for their canonical address, NULL for nobody's, and the hash of the browser's secret, if it has one. */
export type Prover = { emailKey: SQL; browser: string | undefined; ip: string }

/** Until when this prover may not try; `trusted` is 1 for a browser of theirs or a link that was just emailed to them. */
type Gate = { until: number | null; trusted: 0 | 1 }

type Try = { key: string; hits: number }

/** The tries that were counted, to be taken back: the account's, unless the proof is nobody's, and the network's, unless the prover is trusted. */
export type Counted = { account: Try | undefined; network: Try | undefined }

const LINK_COUNTS_MS = 15 * MINUTE_MS

/**
 * Text after FROM: one row `p`, however often a statement asks it. `counter` is the key of their tries, NULL for nobody's: a browser that signed in to
 * this account before has its own, so that no stranger can lock it out, and all others share one. `trusted` is whoever has such a browser, or a moment
 * ago used a link that was emailed to their address: to join, to reset the password, or to set up a second factor. Whoever joined by a link that they
 * were handed has an unproven account.
 */
const proverRow = ({ emailKey, browser }: Prover, now: number) => sql`(
  WITH e AS MATERIALIZED (SELECT ${emailKey} AS email_key),
    o AS MATERIALIZED (
      SELECT e.email_key, u.id AS user_id, u.proved_at, b.id AS browser FROM e LEFT JOIN users u ON u.email_key = e.email_key
        LEFT JOIN known_browsers b ON b.browser_hash = ${browser ?? ''} AND b.user_id = u.id AND b.last_used_at > ${now - KNOWN_BROWSER_MS}),
    p AS MATERIALIZED (
      SELECT coalesce(${signInByBrowser('').key} || o.browser, ${signInByAccount('').key} || o.email_key) AS counter, (o.browser IS NOT NULL
        OR (o.proved_at IS NOT NULL AND EXISTS (SELECT 1 FROM members j WHERE j.email_key = o.email_key AND j.joined_at > ${now - LINK_COUNTS_MS}))
        OR EXISTS (SELECT 1 FROM password_resets r WHERE r.user_id = o.user_id AND r.state = 'used' AND r.closed_at > ${now - LINK_COUNTS_MS})
        OR EXISTS (SELECT 1 FROM factor_links f WHERE f.user_id = o.user_id AND f.state = 'used' AND f.closed_at > ${now - LINK_COUNTS_MS})
      ) AS trusted FROM o)
  SELECT p.counter, p.trusted FROM p) p`

/** Of `p`: until when their counter stops them, and unless they are trusted their network's. */
const stoppedUntil = (network: Throttle) =>
  sql`(SELECT max(x.blocked_until) FROM throttles x WHERE x.key IN (p.counter, iif(p.trusted, '', ${network.key})))`

/** Neither the account nor the network has to wait; for what is counted beside them, and stands before them in a batch. */
export const mayTry = (prover: Prover, now: number) =>
  sql`coalesce((SELECT ${stoppedUntil(signInByIp(prover.ip))} FROM ${proverRow(prover, now)}), 0) <= ${now}`

/**
 * Counts a proof before it is looked at, of whatever kind it is: password, code or passkey. What a network is refused counts against no account. The
 * results of the three, in this order, are for `countedOf`.
 */
export function countProof(act: Pick<Act, 'db' | 'now'>, prover: Prover) {
  const { db, now } = act
  const [network, whose] = [signInByIp(prover.ip), proverRow(prover, now)]
  const notStopped = sql`(p.trusted OR NOT EXISTS (SELECT 1 FROM throttles x WHERE x.key = ${network.key} AND x.blocked_until > ${now}))`
  return [
    countTry(act, { ...signInByAccount(''), key: sql`p.counter` }, sql`${whose} WHERE p.counter IS NOT NULL AND ${notStopped}`),
    countTry(act, network, sql`${whose} WHERE NOT p.trusted`),
    raw<Gate>(db, sql`SELECT ${stoppedUntil(network)} AS until, p.trusted FROM ${whose}`),
  ] as const
}

/** What was counted, or until when (ms) nothing is looked at. Where the proof is nobody's, only the network was. */
export function countedOf([[account], [network], [gate]]: [Try[], Try[], Gate[]], now: number): Counted | { retryAt: number } {
  const until = gate?.until ?? 0
  const stopped = !gate?.trusted && !network
  return stopped || (!account && until > now) ? { retryAt: until } : { account, network }
}

/** Where `started` holds, a finished sign-in: their counter starts anew, and the network is not charged with it. */
export const forgetProofs = ({ db }: Act, { account, network }: Counted, started: SQL) => [
  ...(account ? [forgetTries(db, account, started)] : []),
  ...(network ? [uncountTry(db, network, started)] : []),
]

/** Where `when` holds, a right proof that is not all: its own try is taken back, and no other. */
export const returnProof = ({ db }: Act, { account, network }: Counted, when: SQL) => [
  ...(account ? [returnTry(db, account, account.hits, when)] : []),
  ...(network ? [uncountTry(db, network, when)] : []),
]

/**
 * A wrong proof is told in the log about these members. A row is written for everyone, and where the proof is nobody's that is the
 * network's, so that a batch which finds no account is committed like one that does.
 */
export const failProof = (act: Act, { account, network }: Counted, whose: From<'m'>) =>
  act.db.batch([rewriteTry(act.db, account ?? network ?? NOBODYS), record(act, 'sign_in_failed', whose)])

const NOBODYS = signInByAccount('')
