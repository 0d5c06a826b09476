import { randomBytes, randomUUID } from 'node:crypto'
import { FACTOR_LINK_MS } from '../src/limits.ts'
import { type Statement, sql } from './literal.ts'

/** As in bin/workspace-statements.ts: whom the log names. */
const OPERATOR = { id: 'operator', name: 'Latchkey' }

/** Returns a row where somebody has the address. */
export const whoHas = (key: string): Statement[] => [
  sql`SELECT u.email, u.factors, (SELECT group_concat(t.name, ', ') FROM members m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = u.id) AS workspaces
    FROM users u WHERE u.email_key = ${key}`,
]

/** A link in the place of every older one, its email, which the Cron's sweep sends within two minutes, and an entry wherever they are active. */
export function resetFactor(key: string, now: number): Statement[] {
  const [link, nonce] = [randomUUID(), randomBytes(16).toString('hex')]
  const user = sql`(SELECT id FROM users WHERE email_key = ${key})`
  return [
    sql`UPDATE factor_links SET state = 'superseded', closed_at = ${now}, write_nonce = ${nonce} WHERE state = 'open' AND user_id = ${user}`,
    sql`INSERT INTO factor_links (id, user_id, purpose, jti, state, created_at, expires_at)
      SELECT ${link}, id, 'lost', ${randomBytes(32).toString('base64url')}, 'open', ${now}, ${now + FACTOR_LINK_MS} FROM users WHERE email_key = ${key}`,
    sql`INSERT INTO mails (id, kind, to_email, to_key, factor_link_id, created_at)
      SELECT ${randomUUID()}, 'factor_reset', email, email_key, ${link}, ${now} FROM users WHERE email_key = ${key}`,
    loggedWhereActive('factor_reset_asked', user, now),
  ]
}

/** Every session and what they are signed in to by one, offline too; no browser stays known, as when they do it themselves. An entry wherever they are active. */
export function signOutEverywhere(key: string, now: number): Statement[] {
  const user = sql`(SELECT id FROM users WHERE email_key = ${key})`
  return [
    sql`UPDATE app_grants SET ended_at = ${now} WHERE user_id = ${user} AND ended_at IS NULL`,
    sql`DELETE FROM sessions WHERE user_id = ${user}`,
    sql`DELETE FROM known_browsers WHERE user_id = ${user}`,
    loggedWhereActive('signed_out_everywhere', user, now),
  ]
}

const loggedWhereActive = (kind: string, user: Statement, now: number) =>
  sql`INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, member_id, member_email)
    SELECT lower(hex(randomblob(16))), tenant_id, ${now}, ${kind}, ${OPERATOR.id}, ${OPERATOR.name}, id, email
    FROM members WHERE user_id = ${user} AND status = 'active'`
