import { type SQL, sql } from 'drizzle-orm'
import type { Statement } from '../../db/connect'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import type { MAIL_EVENT_KINDS } from '../../db/schema/mail'
import type { Act } from '../core/act'
import { tell } from '../invitations/notice'
import { type Attempt, isOpen, isTheLast, postpone, settle } from '../outbox/lease'
import { MAILS } from './mail'
import type { Why } from './mail-reason'

/** Under which names the provider knows a mail that it took. */
type Receipt = { provider: string; providerId: string | null; requestId: string | null }

type Moment = Pick<Act, 'db' | 'now'>
type Result = { kind: (typeof MAIL_EVENT_KINDS)[number]; why?: Why }

/** What an attempt came to, as the statements that record it: with those of others in one batch. */
export type Marks = readonly [Statement<never>, ...Statement<never>[]]

/** A webhook may have told of the mail before its sender could; what it said is kept. */
export const markSent = (act: Moment, attempt: Attempt, { provider, providerId, requestId }: Receipt) =>
  written(
    act,
    isTheLast(attempt),
    { kind: 'sent' },
    raw(
      act.db,
      sql`
      UPDATE mails SET state = iif(state = 'queued', 'sent', state), reason = iif(state = 'queued', NULL, reason),
        detail = iif(state = 'queued', NULL, detail), provider = ${provider}, provider_id = ${providerId}, request_id = ${requestId},
        sent_at = coalesce(sent_at, ${act.now})
      WHERE ${isTheLast(attempt)}`,
    ),
  )

/** The mail stays queued, and nobody takes it before `retryAt`. */
export const markForRetry = (act: Moment, attempt: Attempt, why: Why, retryAt: number) =>
  written(act, isOpen(attempt), { kind: 'postponed', why }, postpone(act.db, MAILS, attempt, retryAt, because(why)))

/** The provider will never take it, so whoever invited learns what they would learn from a bounce. */
export const markFailed = (act: Moment, attempt: Attempt, why: Why) =>
  written(
    act,
    isOpen(attempt),
    { kind: 'failed', why },
    settle(act.db, MAILS, attempt, 'failed', because(why)),
    tell(act, 'bounced', refusedInvitation(attempt)),
  )

/** Its link is dead by now, or its news are old. */
export const markDropped = (act: Moment, attempt: Attempt) =>
  written(act, isOpen(attempt), { kind: 'dropped' }, settle(act.db, MAILS, attempt, 'dropped', sql`reason = NULL, detail = NULL`))

const because = ({ reason, detail }: Why) => sql`reason = ${reason}, detail = ${detail}`

const refusedInvitation = ({ id, attempts }: Attempt) =>
  from(
    sql`mails x JOIN invitations i ON i.id = x.invitation_id JOIN members m ON m.id = i.member_id
      WHERE x.id = ${id} AND x.attempts = ${attempts} AND x.state = 'failed' AND i.state = 'open'`,
    'i',
    'm',
  )

/**
 * The row and its history say the same: both are written, or neither. That somebody has taken the mail is news only once, and so is a reason for
 * which it waits, until there is another. The history's row is named by the attempt and the rest asks for the state that it ends, so that
 * running it again changes nothing.
 */
const written = ({ db, now }: Moment, ours: SQL, { kind, why }: Result, ...changes: Statement<never>[]): Marks => [
  raw(
    db,
    sql`
    INSERT INTO mail_events (id, mail_id, kind, attempt, reason, detail, at)
    SELECT id || ':' || attempts, id, ${kind}, attempts, ${why?.reason ?? null}, ${why?.detail ?? null}, ${now} FROM mails WHERE ${ours}
      AND (${kind} <> 'sent' OR NOT EXISTS (SELECT 1 FROM mail_events s WHERE s.mail_id = mails.id AND s.kind = 'sent'))
      AND NOT EXISTS (SELECT 1 FROM (${lastEvent}) l WHERE l.kind = ${kind} AND l.reason IS ${why?.reason ?? null} AND l.detail IS ${why?.detail ?? null})
    ON CONFLICT (id) DO NOTHING`,
  ),
  ...changes,
]

const lastEvent = sql`SELECT e.kind, e.reason, e.detail FROM mail_events e WHERE e.mail_id = mails.id ORDER BY e.at DESC, e.attempt DESC LIMIT 1`
