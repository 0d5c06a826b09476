import { type SQL, sql } from 'drizzle-orm'
import type { Db, Statement } from '../../db/connect'
import { raw } from '../../db/raw'
import type { mailEvents } from '../../db/schema'
import { tell } from '../invitations/notice'
import type { LeasedMail } from './mail'

/** The mail, and which of its attempts: whoever leases it next counts one further. */
type Attempt = Pick<LeasedMail, 'id' | 'attempts'>

/** Under which names the provider knows a mail that it took. */
export type Receipt = { provider: string; providerId: string | null; requestId: string | null }

type Result = { kind: (typeof mailEvents.$inferSelect)['kind']; reason: string | null; at: number }

/** A webhook may have told of the mail before its sender could; what it said stays. */
export const markSent = (db: Db, attempt: Attempt, { provider, providerId, requestId }: Receipt, now: number) =>
  settle(
    db,
    isTheLast(attempt),
    { kind: 'sent', reason: null, at: now },
    sql`state = iif(state = 'queued', 'sent', state), reason = iif(state = 'queued', NULL, reason),
      provider = ${provider}, provider_id = ${providerId}, request_id = ${requestId}, sent_at = coalesce(sent_at, ${now})`,
  )

/** The mail stays queued, and nobody takes it before `retryAt`. */
export const markForRetry = (db: Db, attempt: Attempt, reason: string, retryAt: number, now: number) =>
  settle(db, isOpen(attempt), { kind: 'postponed', reason, at: now }, sql`reason = ${reason}, leased_until = ${retryAt}`)

/** The provider will never take it, so whoever invited learns what they would learn from a bounce. */
export const markFailed = (db: Db, attempt: Attempt, reason: string, now: number) =>
  settle(db, isOpen(attempt), { kind: 'failed', reason, at: now }, sql`state = 'failed', reason = ${reason}`, [
    tell(
      db,
      'bounced',
      sql`mails x JOIN invitations i ON i.id = x.invitation_id JOIN members m ON m.id = i.member_id
        WHERE x.id = ${attempt.id} AND x.attempts = ${attempt.attempts} AND x.state = 'failed' AND i.state = 'open'`,
      now,
    ),
  ])

/** Its link is dead by now, or its news are old. */
export const markDropped = (db: Db, attempt: Attempt, now: number) =>
  settle(db, isOpen(attempt), { kind: 'dropped', reason: null, at: now }, sql`state = 'dropped', reason = NULL`)

/** Only the last attempt writes, so a consumer that comes back from the dead changes nothing. */
const isTheLast = ({ id, attempts }: Attempt) => sql`id = ${id} AND attempts = ${attempts}`

/** A mail of which a webhook has told in the meantime went out, whatever this attempt thinks. */
const isOpen = (attempt: Attempt) => sql`${isTheLast(attempt)} AND state = 'queued'`

/** The row and its history say the same: both are written, or neither. */
const settle = (db: Db, ours: SQL, { kind, reason, at }: Result, change: SQL, effects: Statement<never>[] = []) =>
  db.batch([
    raw(
      db,
      sql`
      INSERT INTO mail_events (id, mail_id, kind, attempt, reason, at)
      SELECT id || ':' || attempts, id, ${kind}, attempts, ${reason}, ${at} FROM mails WHERE ${ours}
        AND (${kind} <> 'sent' OR NOT EXISTS (SELECT 1 FROM mail_events s WHERE s.mail_id = mails.id AND s.kind = 'sent'))`,
    ),
    raw(db, sql`UPDATE mails SET ${change} WHERE ${ours}`),
    ...effects,
  ])
