import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { Act } from '../core/act'
import type { Address } from '../core/address'
import { hasRoom, startReset } from '../identity/start-reset'
import { blockedUntil, countTry, forgotByAddress, forgotByIp, notBlocked, rewriteTry } from '../identity/throttle'
import { renewal, renewalRules } from './renewal'

/** An address pending in more workspaces than this gets the others' links with the next request. */
const MOST_PENDING = 3

/** The ids of the emails that there may be; who gets which, if any, is the database's secret. */
type Forgotten = { mailIds: string[] } | { reason: 'too_many_tries'; retryAt: number }

/**
 * Emails a reset link to an account, whatever its memberships; to an address without one that is invited, its invitation again; nothing to anyone
 * else. All of them run the same statements, which find somebody or do not; only the limit of the network shows, and it is blind to the address.
 */
export async function forgotPassword(act: Act, address: Address): Promise<Forgotten> {
  const byIp = forgotByIp(act.by.ip ?? '')
  const [mayAddress, mayIp, [blocked], pending] = await act.db.batch([
    countTry(act, forgotByAddress(address.key), notBlocked(byIp, act.now)),
    countTry(act, byIp),
    blockedUntil(act.db, [byIp]),
    invitedAt(act, address),
  ])
  if (mayIp.length === 0) return { reason: 'too_many_tries', retryAt: blocked?.until ?? act.now }
  const emailKey = mayAddress.length === 0 ? '' : address.key
  const mailIds = Array.from({ length: MOST_PENDING }, () => crypto.randomUUID())
  const resetMailId = crypto.randomUUID()
  await act.db.batch([
    rewriteTry(act.db, byIp),
    ...startReset(act, sql`u.email_key = ${emailKey} AND ${hasRoom(emailKey, act.now)}`, {
      id: resetMailId,
      kind: 'password_reset',
    }),
    ...mailIds.flatMap((mailId, i) => [...inviteAgain(act, { memberId: pending[i]?.id ?? '', emailKey, mailId })]),
  ])
  return { mailIds: [resetMailId, ...mailIds] }
}

/** Where an address is invited, those first that have gone longest without an email. */
const invitedAt = ({ db }: Act, { key }: Address) =>
  raw<{ id: string }>(
    db,
    sql`
    SELECT m.id FROM members m WHERE m.email_key = ${key} AND m.status = 'pending'
    ORDER BY (SELECT max(x.created_at) FROM mails x WHERE x.to_key = m.email_key AND x.member_id = m.id), m.id LIMIT ${MOST_PENDING}`,
  )

type Again = { memberId: string; emailKey: string; mailId: string }

function inviteAgain(act: Act, { memberId, emailKey, mailId }: Again) {
  const which = sql`m.id = ${memberId} AND m.email_key = ${emailKey} AND m.status = 'pending' AND ${hasRoom(emailKey, act.now)}
    AND NOT EXISTS (SELECT 1 FROM users a WHERE a.email_key = m.email_key)`
  return renewal(act, which, { mailId, rules: renewalRules(act) })
}
