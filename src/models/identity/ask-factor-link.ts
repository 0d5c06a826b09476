import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { FACTOR_LINK_MS } from '../../limits'
import type { PersonAct } from '../core/act'
import { randomSecret } from '../core/random'
import { queueAccountMail } from '../mail/queue-mail'
import { ownTry } from './account'
import { supersedeFactorLinks, usersWhere } from './credential'
import type { Visitor } from './session'
import { hasRoom } from './start-reset'
import { forgotByAddress } from './throttle'

/** Counted with what Forgot Password sends to the address. */
export const factorLinkTry = (at: Visitor) => ownTry(at, forgotByAddress)

/**
 * Emails the person a link to set up their first second factor, so that a stolen password alone sets up none. It is the newest only: an older one
 * dies with the batch that makes it.
 * @returns the id of the email; undefined where they have one by now, or were emailed three links within an hour
 */
export async function askForFactorLink(act: PersonAct): Promise<string | undefined> {
  const { db, now, userId } = act
  const [id, mailId] = [crypto.randomUUID(), crypto.randomUUID()]
  const person = usersWhere(sql`u.id = ${userId} AND u.factors = 0 AND ${hasRoom(sql`u.email_key`, now)}`)
  const [, , [mail]] = await db.batch([
    supersedeFactorLinks(act, person),
    raw(
      db,
      sql`
      INSERT INTO factor_links (id, user_id, purpose, jti, state, created_at, expires_at)
      SELECT ${id}, u.id, 'first', ${randomSecret()}, 'open', ${now}, ${now + FACTOR_LINK_MS} FROM ${person}`,
    ),
    queueAccountMail(db, { id: mailId, kind: 'factor_link', now, factorLink: sql`${id}` }, person),
  ])
  return mail?.id
}
