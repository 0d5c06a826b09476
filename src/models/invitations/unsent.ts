import { sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { firstReason, type ReasonOf, type Refusal, type Rule, readRefusal, refuses } from '../../db/rules'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId, randomSecret } from '../core/random'
import { queueMail } from '../mail/queue-mail'
import { wentUnsent } from '../members/attention'
import { freeSeats, seatRules } from '../members/seats'
import type { Place } from '../members/viewer'
import { openInvitation, reissue } from './issue'
import { resendRules } from './resend'
import { type Caps, countMails, mailsInAll, mailsToday, sendingRules } from './sending-limit'

/** So many are resent at once, which is what the Queue takes. */
const UNSENT_ROWS = 100

const expiredUnsent = (tenantId: string, now: number) =>
  from(
    sql`invitations i INDEXED BY invitations_open JOIN members m ON m.id = i.member_id
      WHERE i.tenant_id = ${tenantId} AND i.state = 'open' AND i.expires_at <= ${now} AND ${wentUnsent(sql`i.id`)}`,
    'i',
    'm',
  )

/** How many invitations expired before their email was sent. */
export const unsentCount = ({ db, tenantId, now }: Place) =>
  raw<{ count: number }>(db, sql`SELECT count(*) AS count FROM ${expiredUnsent(tenantId, now)}`)

/** What may hold back all of them. */
const rulesOfAll = ({ tenantId, now }: MemberAct, caps: Caps) =>
  [...seatRules(tenantId, now), ...sendingRules({ tenantId, emailKey: '' }, caps, now)] as const satisfies readonly Rule[]

type UnsentReason = ReasonOf<ReturnType<typeof rulesOfAll>>

/** `left`: how many there still are. The refusal says why none was sent, where that is one reason for all of them. */
type ResentUnsent = { mailIds: string[]; left: number; refusal: Refusal<UnsentReason> | undefined }

/** Resends what expired before its email was sent, those that expired first, as many as may be sent now: one batch, however many they are. */
export async function resendUnsent(act: MemberAct, caps: Caps): Promise<ResentUnsent> {
  const { db, tenantId, now } = act
  const [nonce, ofAll] = [randomId(), rulesOfAll(act, caps)]
  const link = linkAt(nonce, Array.from({ length: UNSENT_ROWS }, newLink))
  const theirs = sql`invitations old WHERE old.write_nonce >= ${nonce} AND old.write_nonce < ${nonce} || ':'`
  const people = from(sql`members m JOIN (SELECT old.* FROM ${theirs}) old ON m.id = old.member_id`, 'old', 'm')
  const [[found], , , sent] = await db.batch([
    raw<{ count: number; refusal: string | null }>(
      db,
      sql`SELECT (SELECT count(*) FROM ${expiredUnsent(tenantId, now)}) AS count, ${firstReason(ofAll)} AS refusal`,
    ),
    supersedeUnsent(act, nonce, caps),
    reissue(act, 'resend', people, { id: link('id'), jti: link('jti') }),
    queueMail(db, { id: link('mailId'), kind: 'invitation', now, invitation: openInvitation }, people),
    // As many as invitations, of which each has just got one.
    countMails(db, from(sql`(SELECT old.tenant_id, ${link('mailId')} AS id FROM ${theirs}) x`, 'x'), now),
    record(act, 'resent', people),
  ])
  const mailIds = sent.map(({ id }) => id)
  return { mailIds, left: (found?.count ?? 0) - mailIds.length, refusal: readRefusal(ofAll, found?.refusal ?? null) }
}

/** Of what is to be new, what falls to an invitation `old` by the place that stands behind the nonce on it. */
const linkAt = (nonce: string, links: ReturnType<typeof newLink>[]) => (name: keyof (typeof links)[number]) =>
  sql`${JSON.stringify(links)} ->> ('$[' || substr(old.write_nonce, ${nonce.length + 1}) || '].' || ${name})`

const newLink = () => ({ id: crypto.randomUUID(), jti: randomSecret(), mailId: crypto.randomUUID() })

/** Leaves on each the nonce with its place. */
const supersedeUnsent = (act: MemberAct, nonce: string, caps: Caps) => {
  const { db, tenantId, now } = act
  const room = sql`min(${UNSENT_ROWS}, ${freeSeats(tenantId, now)}, ${caps.mailsADay} - ${mailsToday(tenantId, now)}, ${caps.mailsADayInAll} - ${mailsInAll(now)})`
  return raw(
    db,
    sql`
    UPDATE invitations SET state = 'superseded', closed_at = ${now}, remind_at = NULL, expiry_notice_at = NULL, write_nonce = ${nonce} || c.place
    FROM (SELECT i.id, row_number() OVER (ORDER BY i.expires_at, i.id) - 1 AS place FROM ${expiredUnsent(tenantId, now)}
      AND NOT ${refuses(resendRules(act, caps))} ORDER BY i.expires_at, i.id LIMIT max(0, ${room})) c
    WHERE invitations.id = c.id`,
  )
}
