import { sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { firstReason, type ReasonOf, type Refusal, type Rule, readRefusal, refuses } from '../../db/rules'
import type { MemberAct } from '../core/act'
import { wentUnsent } from '../members/attention'
import { freeSeats, seatRules } from '../members/seats'
import type { Place } from '../members/viewer'
import { resendRules } from './resend'
import { idsIn, resending } from './resend-many'
import { type Caps, roomToday, sendingRules } from './sending-limit'

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
  const ofAll = rulesOfAll(act, caps)
  const { statements, mails } = resending(act, dueToResend(act, caps), UNSENT_ROWS)
  const [[found], ...written] = await db.batch([
    raw<{ count: number; refusal: string | null }>(
      db,
      sql`SELECT (SELECT count(*) FROM ${expiredUnsent(tenantId, now)}) AS count, ${firstReason(ofAll)} AS refusal`,
    ),
    ...statements,
  ])
  const mailIds = idsIn(written[statements.indexOf(mails)])
  return { mailIds, left: (found?.count ?? 0) - mailIds.length, refusal: readRefusal(ofAll, found?.refusal ?? null) }
}

const dueToResend = (act: MemberAct, caps: Caps) => {
  const room = sql`min(${UNSENT_ROWS}, ${freeSeats(act.tenantId, act.now)}, ${roomToday(act, caps)})`
  return sql`
    SELECT i.id, row_number() OVER (ORDER BY i.expires_at, i.id) - 1 AS place FROM ${expiredUnsent(act.tenantId, act.now)}
      AND NOT ${refuses(resendRules(act, caps))} ORDER BY i.expires_at, i.id LIMIT max(0, ${room})`
}
