import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { type Actor, record } from '../activity/activity'
import type { Address } from '../core/address'
import { DAY_MS } from '../core/duration'
import { newClaim } from '../identity/token'
import type { Viewer } from '../members/viewer'
import { issue, mailInvitation } from './invite'
import { type Caps, dayInAllEnds, firstMailTo, mailsInAll, mayMail, mayMailTo } from './sending-limit'
import { mayInvite } from './suppression'

/** SPEC section 7. */
export const RESEND_COOLDOWN_MS = 60_000
const RESENDS_A_DAY = 5

export type ReissueRefusal =
  | 'not_pending'
  | 'cannot_be_mailed'
  | 'too_soon'
  | 'too_often'
  | 'too_many_mails'
  | 'too_many_mails_in_all'
export type Reissued = { mailId: string } | { reason: ReissueRefusal; retryAt: number }
/** `by` finds one pending member as SQL over `members m`; a person who asks for a fresh link gets a mail that says so. */
export type Reissue = { by: SQL; actor: Actor; kind: 'resent' | 'renewed'; caps: Caps; now: number }

export const resend = (db: Db, by: Viewer, actor: Actor, memberId: string, caps: Caps, now: number) =>
  reissue(db, { by: pendingMember(by, memberId), actor, kind: 'resent', caps, now })

/** The holder of an old link asks for a new one, which goes to the invited address only. A link that went to another address cannot ask. */
export const renew = (db: Db, jti: string, actor: Actor, caps: Caps, now: number) =>
  reissue(db, {
    by: sql`EXISTS (SELECT 1 FROM invitations l WHERE l.jti = ${jti} AND l.member_id = m.id AND ${wasMailedTo(sql`l.id`)})
      AND m.id = (SELECT member_id FROM invitations WHERE jti = ${jti})`,
    actor,
    kind: 'renewed',
    caps,
    now,
  })

/** Whether an invitation went to the address that its member `m` has now. */
export const wasMailedTo = (invitationId: SQL) =>
  sql`EXISTS (SELECT 1 FROM mails x WHERE x.invitation_id = ${invitationId} AND x.to_key = m.email_key)`

const pendingMember = (by: Viewer, memberId: string) => sql`m.id = ${memberId} AND m.tenant_id = ${by.tenantId}`

/** A new link with a full lifetime, and the older one dead in the same batch. At most one mail. */
async function reissue(db: Db, { by, actor, kind, caps, now }: Reissue): Promise<Reissued> {
  const mailId = crypto.randomUUID()
  const [limits, superseded] = await db.batch([
    limitsOf(db, by, sql`m.email_key`, now),
    ...reissueStatements(db, { by, actor, kind, caps, now, mailId }),
  ])
  return superseded.length === 1 ? { mailId } : refusalOf(limits[0], caps, now)
}

/** The writes of a re-issue; the first returns one row exactly when it happened. */
export function reissueStatements(db: Db, { by, actor, kind, caps, now, mailId }: Reissue & { mailId: string }) {
  const claim = newClaim()
  const member = superseding(claim)
  return [
    supersede(db, sql`${by} AND ${cooledDown(now)}`, sql`m.email_key`, claim, caps, now),
    issue(db, { kind: 'resend', inviter: oldInviter, note: sql`old.note`, from: member, now }),
    ...mailInvitation(db, { mailId, kind: kind === 'resent' ? 'invitation' : 'fresh_invitation', from: member, now }),
    record(db, kind, actor, member, now),
  ] as const
}

export type AddressChanged = Reissued | { reason: 'address_taken'; takenBy: string }

/**
 * Sends the invitation to another address instead: role and access stay, the older link dies. It counts among the resends of the day,
 * and does not wait for their cooldown, since the earlier mail went to somebody else.
 */
export async function changeAddress(
  db: Db,
  by: Viewer,
  actor: Actor,
  memberId: string,
  to: Address,
  caps: Caps,
  now: number,
): Promise<AddressChanged> {
  const mailId = crypto.randomUUID()
  const claim = newClaim()
  const [member, pending] = [superseding(claim), pendingMember(by, memberId)]
  const taken = sql`EXISTS (SELECT 1 FROM members o WHERE o.tenant_id = m.tenant_id AND o.email_key = ${to.key})`
  const [limits, [takenBy], superseded] = await db.batch([
    limitsOf(db, pending, sql`${to.key}`, now),
    raw<{ id: string }>(db, sql`SELECT id FROM members WHERE tenant_id = ${by.tenantId} AND email_key = ${to.key}`),
    supersede(db, sql`${pending} AND NOT ${taken}`, sql`${to.key}`, claim, caps, now),
    record(db, 'address_changed', actor, member, now, {
      before: sql`json_object('email', m.email)`,
      after: sql`json_object('email', ${to.email})`,
    }),
    raw(
      db,
      sql`
      UPDATE members SET email = ${to.email}, email_key = ${to.key}
      WHERE id = (SELECT member_id FROM invitations WHERE claim = ${claim})`,
    ),
    issue(db, { kind: 'resend', inviter: oldInviter, note: sql`old.note`, from: member, now }),
    ...mailInvitation(db, { mailId, kind: 'invitation', from: member, now }),
  ])
  if (superseded.length === 1) return { mailId }
  return takenBy ? { reason: 'address_taken', takenBy: takenBy.id } : refusalOf(limits[0], caps, now)
}

/** `key` is SQL for that of the address to be mailed. */
const supersede = (db: Db, which: SQL, key: SQL, claim: string, caps: Caps, now: number) =>
  raw<{ id: string }>(
    db,
    sql`
    UPDATE invitations SET state = 'superseded', closed_at = ${now}, claim = ${claim}
    WHERE state = 'open' AND member_id = (
      SELECT m.id FROM members m WHERE m.status = 'pending' AND ${which} AND ${resendsOf(now)} < ${RESENDS_A_DAY}
        AND ${mayInvite(key)} AND ${mayMailTo(sql`m.tenant_id`, key, now)} AND ${mayMail(sql`m.tenant_id`, caps, now)})
    RETURNING id`,
  )

const oldInviter = { id: sql`old.inviter_id`, name: sql`old.inviter_name` }

/** The member whose invitation this change superseded, and that invitation as `old`. */
const superseding = (claim: string) => sql`members m JOIN invitations old ON old.member_id = m.id WHERE old.claim = ${claim}`

type Limits = {
  suppressed: number
  lastMailAt: number | null
  resends: number
  oldestResendAt: number | null
  tooOften: number
  firstMailAt: number | null
  inAll: number
  dayInAllEnds: number | null
}

function refusalOf(limits: Limits | undefined, caps: Caps, now: number): { reason: ReissueRefusal; retryAt: number } {
  if (!limits) return { reason: 'not_pending', retryAt: now }
  if (limits.suppressed) return { reason: 'cannot_be_mailed', retryAt: now }
  if (limits.resends >= RESENDS_A_DAY) return { reason: 'too_often', retryAt: (limits.oldestResendAt ?? now) + DAY_MS }
  if (limits.tooOften) return { reason: 'too_often', retryAt: (limits.firstMailAt ?? now) + DAY_MS }
  const cooledAt = (limits.lastMailAt ?? 0) + RESEND_COOLDOWN_MS
  if (cooledAt > now) return { reason: 'too_soon', retryAt: cooledAt }
  if (limits.inAll >= caps.mailsADayInAll) return { reason: 'too_many_mails_in_all', retryAt: limits.dayInAllEnds ?? now }
  return { reason: 'too_many_mails', retryAt: now + DAY_MS }
}

const limitsOf = (db: Db, by: SQL, key: SQL, now: number) =>
  raw<Limits>(
    db,
    sql`
    SELECT NOT ${mayInvite(key)} AS suppressed, ${mailsInAll(now)} AS inAll, ${dayInAllEnds} AS dayInAllEnds, ${lastMailAt} AS lastMailAt, ${resendsOf(now)} AS resends,
      NOT ${mayMailTo(sql`m.tenant_id`, key, now)} AS tooOften, ${firstMailTo(sql`m.tenant_id`, key, now)} AS firstMailAt,
      (SELECT min(i.created_at) FROM invitations i WHERE i.member_id = m.id AND i.kind = 'resend' AND i.created_at > ${now - DAY_MS}) AS oldestResendAt
    FROM members m WHERE m.status = 'pending' AND ${by}`,
  )

const lastMailAt = sql`(SELECT max(x.created_at) FROM mails x WHERE x.member_id = m.id)`
const cooledDown = (now: number) => sql`coalesce(${lastMailAt}, 0) <= ${now - RESEND_COOLDOWN_MS}`
const resendsOf = (now: number) =>
  sql`(SELECT count(*) FROM invitations i WHERE i.member_id = m.id AND i.kind = 'resend' AND i.created_at > ${now - DAY_MS})`
