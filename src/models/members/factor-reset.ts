import { type SQL, sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { DAY_MS, FACTOR_LINK_MS, RESEND } from '../../limits'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId, randomSecret } from '../core/random'
import { supersedeFactorLinks, usersWhere } from '../identity/credential'
import { statusAt } from './active'
import type { Subject } from './membership'
import { type Late, lastTurnOf, type Standing, standingOf } from './standing'

export type ResetAsked = { member: Standing; mailId: string }

/**
 * Emails somebody about a new second factor because an admin asked: with a link where the admin's workspace is the only one they have to do with,
 * in whatever state; else with the words to ask the operator, since one workspace must not reset what protects another. Which it was, whether they
 * have a factor or an account, and whether the limits let an email through: the admin is told none of it.
 */
export async function askFactorReset(act: MemberAct, { id, state }: Subject): Promise<ResetAsked | Late> {
  const [link, mailId] = [crypto.randomUUID(), crypto.randomUUID()]
  const them = sql`m.tenant_id = ${act.tenantId} AND m.id = ${id}${state ? sql` AND ${statusAt(act.now, 'm')} = ${state}` : sql``}`
  const mailed = sql`${them} AND ${hasRoom(act.now)}`
  const [[member], [turn], asked] = await act.db.batch([
    standingOf(act, id),
    lastTurnOf(act, id),
    raw<{ id: string }>(act.db, sql`SELECT m.id FROM ${membersWhere(them)}`),
    supersedeFactorLinks(act, usersWhere(sql`u.id = (SELECT ${account} FROM ${membersWhere(mailed)}) AND ${isAlone}`)),
    makeLink(act, link, mailed),
    queueReset(act, { link, mailId }, mailed),
    record(act, 'factor_reset_asked', membersWhere(them)),
  ])
  if (member && asked.length === 1) return { member, mailId }
  return member ? { reason: 'stale', member, turn } : turn ? { reason: 'gone', turn } : { reason: 'unknown' }
}

/** Of a member `m`: the id of their account; NULL where they have none. */
const account = sql`coalesce(m.user_id, (SELECT a.id FROM users a WHERE a.email_key = m.email_key))`

/** Of a user `u`: they have one membership of any state. */
const isAlone = sql`(SELECT count(*) FROM members o WHERE o.email_key = u.email_key OR o.user_id = u.id) = 1`

/** Of a member `m`: as often as an invitation is sent again, whatever workspaces ask, so that nobody is flooded. */
function hasRoom(now: number): SQL {
  const since = (ms: number) =>
    sql`mails x WHERE x.to_key = m.email_key AND x.kind IN ('factor_reset', 'factor_reset_elsewhere') AND x.created_at > ${now - ms}`
  return sql`NOT EXISTS (SELECT 1 FROM ${since(RESEND.cooldownMs)}) AND (SELECT count(*) FROM ${since(DAY_MS)}) < ${RESEND.perDay}`
}

/** A dead one where no link may be sent, so that as many rows are written for both. */
const makeLink = ({ db, now, tenantId }: MemberAct, id: string, which: SQL) =>
  raw(
    db,
    sql`
    INSERT INTO factor_links (id, user_id, asked_in, purpose, jti, state, created_at, expires_at, closed_at, write_nonce)
    SELECT ${id}, u.id, ${tenantId}, 'lost', ${randomSecret()}, iif(${isAlone}, 'open', 'superseded'), ${now}, ${now + FACTOR_LINK_MS},
      iif(${isAlone}, NULL, ${now}), iif(${isAlone}, NULL, ${randomId()})
    FROM members m JOIN users u ON u.id = ${account} WHERE ${which}`,
  )

type Email = { link: string; mailId: string }

/** From no workspace: its row must not tell the admin which of the two it is. */
const queueReset = ({ db, now, tenantId }: MemberAct, { link, mailId }: Email, which: SQL) =>
  raw(
    db,
    sql`
    INSERT INTO mails (id, kind, to_email, to_key, factor_link_id, created_at, about)
    SELECT ${mailId}, iif(f.state = 'open', 'factor_reset', 'factor_reset_elsewhere'), coalesce(u.email, m.email), m.email_key, f.id, ${now},
      ${JSON.stringify({ askedIn: tenantId })}
    FROM members m LEFT JOIN factor_links f ON f.id = ${link} LEFT JOIN users u ON u.id = f.user_id WHERE ${which}`,
  )
