import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import type { Act } from '../core/act'
import { tell } from '../invitations/notice'
import { suppress } from '../invitations/suppression'
import type { MailReason } from './mail-reason'

/** What a provider tells of one mail. `id` is made of what it says, so that the same news is the same row however often it comes. */
export type MailNews = {
  id: string
  mailId: string
  requestId: string
  kind: 'sent' | 'deferred' | 'delivered' | 'bounced' | 'failed' | 'complained'
  reason: MailReason | null
  detail: string | null
  at: number
}

/** What one signed request tells; `signedAt` is the provider's own time (ms). */
export type VerifiedEvents = { news: MailNews[]; signedAt: number }

/**
 * Notes what a provider tells of our mails, in one round trip, however many they are, in whatever order, and however often they come. A mail's
 * state only ever moves towards what is known for longer: a late `delivered` does not hide a bounce.
 */
export function recordNews(act: Act, provider: string, { news, signedAt }: VerifiedEvents) {
  const { db } = act
  const unheard = unheardOf({ provider, json: JSON.stringify(news) })
  return db.batch([
    moveMails(db, provider, unheard),
    suppress(act, 'complained', complainers(unheard)),
    tell(act, 'bounced', bouncedInvitations(unheard)),
    keepHistory(db, unheard),
    noteWebhook(db, provider, signedAt),
  ])
}

/**
 * News of a mail that we have handed to this provider, under a request that we made. The request is known once its answer is; it is not while
 * the first answer is still to come or was lost, and after a second attempt, since any trouble may have come from a request that was taken.
 * That somebody has taken the mail is news only while no attempt of ours says so. Nothing here changes with the statements before the last
 * but one, so each of them sees the same.
 */
const unheardOf = ({ provider, json }: { provider: string; json: string }) => sql`(
  SELECT e.value ->> 'id' AS id, x.id AS mail_id, e.value ->> 'kind' AS kind, e.value ->> 'reason' AS reason,
    e.value ->> 'detail' AS detail, e.value ->> 'at' AS at
  FROM json_each(${json}) e JOIN mails x ON x.id = e.value ->> 'mailId'
  WHERE x.attempts > 0 AND coalesce(x.provider, ${provider}) = ${provider}
    AND (x.request_id = e.value ->> 'requestId' OR x.request_id IS NULL OR x.attempts > 1)
    AND NOT EXISTS (SELECT 1 FROM mail_events h WHERE h.id = e.value ->> 'id')
    AND (e.value ->> 'kind' <> 'sent' OR NOT EXISTS (SELECT 1 FROM mail_events s WHERE s.mail_id = x.id AND s.kind = 'sent')))`

/** A mail that was dropped or is still queued here, and went out all the same, is no longer either. */
const rankOf = (state: SQL) => sql`CASE ${state}
  WHEN 'sent' THEN 1 WHEN 'deferred' THEN 2 WHEN 'delivered' THEN 3 WHEN 'bounced' THEN 4 WHEN 'failed' THEN 4 WHEN 'complained' THEN 5 ELSE 0 END`

/** More than any time in ms: among equals the latest counts. */
const RANK_STEP = 100_000_000_000_000

const moveMails = (db: Db, provider: string, unheard: SQL) =>
  raw(
    db,
    sql`
    UPDATE mails SET state = n.kind, reason = n.reason, detail = n.detail, sent_at = coalesce(sent_at, n.at), provider = coalesce(provider, ${provider})
    FROM (SELECT mail_id, kind, reason, detail, at, max(${rankOf(sql`kind`)} * ${RANK_STEP} + at) FROM ${unheard} GROUP BY mail_id) n
    WHERE mails.id = n.mail_id AND ${rankOf(sql`n.kind`)} > ${rankOf(sql`mails.state`)}`,
  )

/** WHERE true, or SQLite would take the ON CONFLICT after it for one of a join. */
const complainers = (unheard: SQL) =>
  from(
    sql`(SELECT x.to_key AS email_key, x.tenant_id FROM ${unheard} n JOIN mails x ON x.id = n.mail_id WHERE n.kind = 'complained') m
    WHERE true`,
    'm',
  )

/** One that has been superseded since, for instance with a corrected address, is nobody's trouble any more. */
const bouncedInvitations = (unheard: SQL) =>
  from(
    sql`${unheard} n JOIN mails x ON x.id = n.mail_id
      JOIN invitations i ON i.id = x.invitation_id AND i.state = 'open' JOIN members m ON m.id = i.member_id
    WHERE n.kind IN ('bounced', 'failed')`,
    'i',
    'm',
  )

const keepHistory = (db: Db, unheard: SQL) =>
  raw(
    db,
    sql`
    INSERT INTO mail_events (id, mail_id, kind, reason, detail, at) SELECT id, mail_id, kind, reason, detail, at FROM ${unheard} WHERE true
    ON CONFLICT (id) DO NOTHING`,
  )

/** By the provider's clock, so that a replay changes nothing. */
const noteWebhook = (db: Db, provider: string, signedAt: number) =>
  raw(
    db,
    sql`
    INSERT INTO webhooks (provider, seen_at) VALUES (${provider}, ${signedAt})
    ON CONFLICT (provider) DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)`,
  )
