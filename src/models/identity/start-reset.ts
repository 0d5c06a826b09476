import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { HOUR_MS } from '../../limits'
import type { Act } from '../core/act'
import { randomSecret } from '../core/random'
import { type AccountMail, queueAccountMail } from '../mail/queue-mail'
import { supersedeResets, usersWhere } from './credential'
import { RESET_LIFETIME_MS } from './password-reset'

/** One request may find several occasions to write; together they stay within the hour's limit of the address. */
const MAILS_AN_HOUR = 3

/** Whether an address may be emailed what somebody asked for who need not be the one who reads it. */
export const hasRoom = (emailKey: string | SQL, now: number) => sql`(SELECT count(*) FROM mails h WHERE h.to_key = ${emailKey}
  AND h.kind IN ('password_reset', 'address_confirmation', 'fresh_invitation', 'factor_link') AND h.created_at > ${now - HOUR_MS}) < ${MAILS_AN_HOUR}`

type Mail = { id: string; kind: Extract<AccountMail, 'password_reset' | 'address_confirmation'> }

/** Newest only: an older link dies with the batch that makes the new one. `who` is a condition over the user `u`. The last returns the email's id if there is one. */
export function startReset(act: Act, who: SQL, mail: Mail) {
  const { db, now } = act
  const [id, user] = [crypto.randomUUID(), usersWhere(who)]
  return [
    supersedeResets(act, user),
    raw(
      db,
      sql`
      INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at)
      SELECT ${id}, u.id, ${randomSecret()}, 'open', ${now}, ${now + RESET_LIFETIME_MS} FROM ${user}`,
    ),
    queueAccountMail(db, { ...mail, now, reset: sql`${id}` }, user),
  ] as const
}
