import type { APIRequestContext } from '@playwright/test'

/**
 * Runs one statement and answers with its rows, where the Worker itself runs its own: the file is open in `wrangler dev`, and a writer beside it makes D1
 * answer "database is locked". Parameters travel as text.
 */
export async function sql(request: APIRequestContext, statement: string, ...params: string[]) {
  const response = await request.post('/cdn-cgi/local/explorer/api/d1/database/local/raw', { data: { sql: statement, params } })
  if (!response.ok()) throw new Error(`${statement}\n${await response.text()}`)
  const { result } = await response.json()
  return result[0].results.rows as (string | number | null)[][]
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** What was emailed to this address was emailed two minutes earlier: the cooldown between two emails is over. */
export const coolDown = (request: APIRequestContext, address: string) =>
  sql(request, `UPDATE mails SET created_at = created_at - ${2 * MINUTE_MS} WHERE to_key = ?`, address)

/** What was emailed to this address was emailed just now: however slow this machine, the cooldown lasts. */
export const holdBack = (request: APIRequestContext, address: string) =>
  sql(request, 'UPDATE mails SET created_at = ? WHERE to_key = ?', `${Date.now()}`, address)

type State = 'open' | 'expired' | 'superseded'
const isOpen = (state: string) => state === 'open' || state === 'expired'

/** Puts the one link that was emailed to this address into any state, or opens it again. */
export const turnInvitation = (request: APIRequestContext, address: string, state: State | 'accepted' | 'cancelled' | 'declined') =>
  turn(request, 'invitations', 'member_id = (SELECT id FROM members WHERE email_key = ?)', address, state)

export const turnReset = (request: APIRequestContext, address: string, state: State | 'used') =>
  turn(request, 'password_resets', 'user_id = (SELECT id FROM users WHERE email_key = ?)', address, state)

export const turnFactorLink = (request: APIRequestContext, address: string, state: State | 'used') =>
  turn(request, 'factor_links', 'user_id = (SELECT id FROM users WHERE email_key = ?)', address, state)

function turn(request: APIRequestContext, table: string, where: string, address: string, state: string) {
  const ended = isOpen(state) ? 'closed_at = NULL, write_nonce = NULL' : 'closed_at = created_at, write_nonce = hex(randomblob(9))'
  const lasts = state === 'expired' ? -DAY_MS : DAY_MS
  const times = [Date.now() + lasts - 3 * DAY_MS, Date.now() + lasts].map(String)
  const values = `state = ?, created_at = ?, expires_at = ?, ${ended}`
  return sql(request, `UPDATE ${table} SET ${values} WHERE ${where}`, isOpen(state) ? 'open' : state, ...times, address)
}

type Person = { tenant: string; email: string; name: string; role?: 'admin' | 'user' }

/** An active member with the seeds' pass phrase, for a test that changes the person. */
export async function addMember(request: APIRequestContext, { tenant, email, name, role = 'user' }: Person) {
  const id = crypto.randomUUID()
  await sql(
    request,
    `INSERT INTO users (id, email, email_key, name, proved_at, created_at)
     SELECT ?1, ?2, ?2, ?3, created_at, created_at FROM users WHERE id = 'user-bob'`,
    id,
    email,
    name,
  )
  await sql(
    request,
    `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
     SELECT ?1, ?1, kind, secret, created_at, changed_at FROM credentials WHERE user_id = 'user-bob'`,
    id,
  )
  await addMembership(request, { tenant, email, role })
}

/** Somebody who has an account belongs to this workspace too. */
export const addMembership = (request: APIRequestContext, { tenant, email, role = 'user' }: Omit<Person, 'name'>) =>
  sql(
    request,
    `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
     SELECT ?1, ?2, id, email, email_key, ?3, 'active', 'all', created_at, created_at FROM users WHERE email_key = ?4`,
    crypto.randomUUID(),
    tenant,
    role,
    email,
  )

/** Somebody whose membership in Acme ended an hour ago, which no Cron has noted. @returns the id of the member */
export async function addEnded(request: APIRequestContext, email: string) {
  const id = crypto.randomUUID()
  await addMember(request, { tenant: 'acme', email, name: 'Dana Weber' })
  await sql(
    request,
    'UPDATE members SET id = ?1, ends_at = ?2 WHERE email_key = ?3',
    id,
    String(Date.now() - 60 * MINUTE_MS),
    email,
  )
  return id
}

/** Every session of this person began and was last used an hour ago, which is too long. */
export const endSessions = (request: APIRequestContext, email: string) =>
  sql(
    request,
    `UPDATE sessions SET last_seen_at = last_seen_at - ${60 * MINUTE_MS}, created_at = created_at - ${60 * MINUTE_MS}
     WHERE user_id = (SELECT id FROM users WHERE email_key = ?)`,
    email,
  )

/** This person signed in, and proved who they are, longer ago than a proof counts. */
export const outdateProof = (request: APIRequestContext, email: string) =>
  sql(
    request,
    `UPDATE sessions SET created_at = created_at - ${11 * MINUTE_MS}, proved_at = 0, factor_at = 0
     WHERE user_id = (SELECT id FROM users WHERE email_key = ?)`,
    email,
  )

/** Somebody invited like Pia, whose email came back. @returns the id of the member */
export async function addBounced(request: APIRequestContext, email: string) {
  const id = crypto.randomUUID()
  await sql(
    request,
    `INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
     SELECT ?1, tenant_id, ?2, ?2, role, status, agent_mode, created_at FROM members WHERE id = 'pia'`,
    id,
    email,
  )
  await sql(
    request,
    `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_id, inviter_name, state, created_at, expires_at)
     SELECT ?1, tenant_id, ?1, kind, hex(randomblob(21)) || '0', inviter_id, inviter_name, state, created_at, expires_at
     FROM invitations WHERE id = 'invitation-pia'`,
    id,
  )
  await sql(
    request,
    `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, state, reason, created_at)
     SELECT ?1, tenant_id, ?1, kind, ?2, ?2, ?1, 'bounced', 'no_mailbox', created_at
     FROM mails WHERE id = 'mail-pia'`,
    id,
    email,
  )
  return id
}

const CROWD = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120), crowd AS (
  SELECT i, printf('crowd-%03d@example.test', i) AS email, printf('Crowd %03d', i) AS name FROM n)`

/** 120 people, every fifth of them disabled. */
export async function addCrowd(request: APIRequestContext, tenant: string) {
  await sql(
    request,
    `INSERT OR IGNORE INTO users (id, email, email_key, name, proved_at, created_at)
     ${CROWD} SELECT crowd.email, crowd.email, crowd.email, crowd.name, bob.created_at, bob.created_at
     FROM crowd JOIN users bob ON bob.id = 'user-bob'`,
  )
  await sql(
    request,
    `INSERT OR IGNORE INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
     ${CROWD} SELECT u.id, ?, u.id, u.email, u.email_key, 'user', iif(crowd.i % 5, 'active', 'disabled'), 'all', u.created_at, u.created_at
     FROM crowd JOIN users u ON u.id = crowd.email`,
    tenant,
  )
}
