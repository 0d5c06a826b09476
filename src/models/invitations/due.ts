import { type SQL, sql } from 'drizzle-orm'
import type { INVITATION_STATES } from '../../db/schema/invitations'

/**
 * The ids of the invitations that are due for their reminder or, once that is behind them, for the notice that they have expired; those due for
 * longest, at most `rows`. In the words of the index `invitations_due`, or SQLite would not use it.
 */
export const dueFor = (what: 'reminder' | 'expiry_notice', now: number, rows: number): SQL => sql`(
  SELECT id FROM invitations WHERE (remind_at IS NULL) = ${what === 'reminder' ? 0 : 1} AND coalesce(remind_at, expiry_notice_at) <= ${now}
  ORDER BY coalesce(remind_at, expiry_notice_at) LIMIT ${rows})`

/** Invitations `i` that a change closed which left this nonce on each, with something behind it that tells them apart: digits, or a hyphen and an id. */
export const closedWith = (nonce: string) => sql`i.write_nonce >= ${nonce} AND i.write_nonce < ${nonce} || ':'`

/** What the one change that closes an invitation leaves on it: from then on it is due for nothing. */
export const closing = (state: Exclude<(typeof INVITATION_STATES)[number], 'open'>, nonce: SQL | string, now: number) => ({
  state,
  closedAt: now,
  writeNonce: nonce,
  remindAt: null,
  expiryNoticeAt: null,
})
