import { sql } from 'drizzle-orm'
import type { PersonAct } from '../core/act'
import { ownTry } from './account'
import { startFactorLink } from './factor-link'
import type { Visitor } from './session'
import { forgotByAddress } from './throttle'

/** Counted with what Forgot Password sends to the address. */
export const factorLinkTry = (at: Visitor) => ownTry(at, forgotByAddress)

/**
 * Emails the person a link to set up their first second factor, so that a stolen password alone sets up none.
 * @returns the id of the email; undefined where they have one by now, or were emailed three links within an hour
 */
export async function askForFactorLink(act: PersonAct): Promise<string | undefined> {
  const mailId = crypto.randomUUID()
  const [, , [mail]] = await act.db.batch([...startFactorLink(act, sql`u.id = ${act.userId}`, { purpose: 'first', mailId })])
  return mail?.id
}
