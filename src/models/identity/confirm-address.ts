import { sql } from 'drizzle-orm'
import type { PersonAct } from '../core/act'
import { keyOf } from '../core/address'
import { accountPage, ownTry } from './account'
import type { Visitor } from './session'
import { hasRoom, startReset } from './start-reset'
import { forgotByAddress } from './throttle'

/** Counted with what Forgot Password sends to the address. */
export const addressConfirmation = (at: Visitor) => ({ ...accountPage(at), ...ownTry(at, forgotByAddress) })

/**
 * Emails a link to the person's address while nobody has proven it; using it does what any first proof does (`takeOver`).
 * @returns the id of the email; undefined where the address is proven by now, or was emailed three times in an hour
 */
export async function confirmAddress(act: PersonAct): Promise<string | undefined> {
  const { db, by, now, userId } = act
  const mailId = crypto.randomUUID()
  const room = hasRoom(keyOf(by.email ?? ''), now)
  const [, , [mail]] = await db.batch([
    ...startReset(act, sql`u.id = ${userId} AND u.proved_at IS NULL AND ${room}`, { id: mailId, kind: 'address_confirmation' }),
  ])
  return mail?.id
}
