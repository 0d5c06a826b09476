import { desc, eq, type SQL, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { firstReason, type ReasonOf, type Refusal, readRefusal, refuses } from '../../db/rules'
import { mailDays, mails, webhooks } from '../../db/schema/mail'
import { DAY_MS, TEST_MAIL } from '../../limits'
import type { MemberAct } from '../core/act'
import { queueMail } from '../mail/queue-mail'
import { memberIdOf, type Place } from '../members/viewer'

export type TestRefusal = ReasonOf<ReturnType<typeof testRules>>
export type NewestMail = Awaited<ReturnType<typeof newestMail>>[number]

/** When a mail came into its state; of one that is queued: since when it is. */
const since = sql<number>`iif(state = 'queued', created_at,
  coalesce((SELECT max(e.at) FROM mail_events e WHERE e.mail_id = mails.id), sent_at, created_at))`

const COLUMNS = { state: mails.state, reason: mails.reason, detail: mails.detail, to: mails.toEmail, at: since.as('since') }

/** At most one row: how the newest email of a workspace fared, notices and what people ask for left out, tells whether its sender is set up. */
export const newestMail = ({ db, tenantId }: Place) =>
  db.select(COLUMNS).from(mailDays).innerJoin(mails, eq(mails.id, mailDays.newestMailId)).where(eq(mailDays.tenantId, tenantId))

/** At most one row: the newest test that the person behind the session asked for. */
export const newestTest = (at: Place) =>
  at.db
    .select(COLUMNS)
    .from(mails)
    .where(sql`${mails.toKey} = ${keyOf(memberIdOf(at))} AND ${mails.memberId} = ${memberIdOf(at)} AND ${mails.kind} = 'test'`)
    .orderBy(desc(mails.createdAt))
    .limit(1)

/** Of a member, the address by which their emails are found. */
const keyOf = (memberId: SQL) => sql`(SELECT k.email_key FROM members k WHERE k.id = ${memberId})`

/** At most one row: when a provider last told us something and proved that it was it. */
export const webhookSeen = ({ db }: Pick<Place, 'db'>, provider: string) =>
  db.select({ at: webhooks.seenAt }).from(webhooks).where(eq(webhooks.provider, provider))

/** An email to the admin's own address: one a minute, five a day. */
export async function sendTest(act: MemberAct): Promise<{ mailId: string } | Refusal<TestRefusal>> {
  const { db, now } = act
  const [mailId, rules] = [crypto.randomUUID(), testRules(act)]
  const [[limits], queued] = await db.batch([
    raw<{ refusal: string | null }>(db, sql`SELECT ${firstReason(rules)} AS refusal`),
    queueMail(db, { id: mailId, kind: 'test', now }, oneself(act, sql`NOT ${refuses(rules)}`)),
    noteNewest(act, mailId),
  ])
  if (queued.length === 1) return { mailId }
  return readRefusal(rules, limits?.refusal ?? null) ?? { reason: 'too_soon', retryAt: now + TEST_MAIL.cooldownMs }
}

/** A test does not count among what the workspace has emailed today. */
const noteNewest = ({ db, now }: MemberAct, mailId: string) =>
  raw(
    db,
    sql`
    INSERT INTO mail_days (tenant_id, sent, resets_at, newest_mail_id) SELECT x.tenant_id, 0, ${now}, x.id FROM mails x WHERE x.id = ${mailId}
    ON CONFLICT (tenant_id) DO UPDATE SET newest_mail_id = excluded.newest_mail_id`,
  )

const oneself = ({ tenantId, memberId }: MemberAct, when: SQL) =>
  from(sql`members m WHERE m.id = ${memberId} AND m.tenant_id = ${tenantId} AND m.status = 'active' AND ${when}`, 'm')

function testRules({ memberId, now }: MemberAct) {
  const tests = sql`mails x WHERE x.to_key = ${keyOf(sql`${memberId}`)} AND x.member_id = ${memberId} AND x.created_at > ${now - DAY_MS} AND x.kind = 'test'`
  const last = sql`coalesce((SELECT max(x.created_at) FROM ${tests}), 0)`
  return [
    [
      'too_often',
      sql`(SELECT count(*) FROM ${tests}) >= ${TEST_MAIL.aDay}`,
      sql`(SELECT min(x.created_at) + ${DAY_MS} FROM ${tests})`,
    ],
    ['too_soon', sql`${last} > ${now - TEST_MAIL.cooldownMs}`, sql`${last} + ${TEST_MAIL.cooldownMs}`],
  ] as const
}
