import { sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import type { Act } from '../core/act'
import type { Address } from '../core/address'
import { nameOf } from '../core/name'
import { personKey, SEARCH_FORM } from '../core/search-key'
import { type AddressDoubt, readEmail, type TypedAddress } from '../core/typed-address'
import { setPassword, usersWhere } from '../identity/credential'
import { knowBrowser, type NewBrowser, newBrowser } from '../identity/known-browser'
import type { PasswordProblem } from '../identity/password-rules'
import { activeMembersOf, hasStarted, type NewSession, newSession, startSession } from '../identity/session'
import type { Arrival } from '../identity/sign-in-finish'
import { slugsFor } from './slug'

export type SetupDraft = TypedAddress & { workspace: string; name: string; password: string }
export type SetupProblems = { workspace?: 'missing'; name?: 'missing'; email?: AddressDoubt; password?: PasswordProblem }
export type NewWorkspace = { workspace: string; name: string; address: Address }

/** 32 random bytes, as `npm run deploy` writes them. */
export const looksLikeSetupToken = (text: string) => /^[\w-]{43}$/.test(text)

/** The smallest id is one step in the index. */
const NO_WORKSPACE = sql`(SELECT min(id) FROM tenants) IS NULL`

/** One row while there is no workspace. */
export const nobodyYet = ({ db }: Pick<Act, 'db'>) => raw<{ yes: number }>(db, sql`SELECT 1 AS yes WHERE ${NO_WORKSPACE}`)

const usableToken = (tokenHash: string, now: number) =>
  sql`setup_tokens k WHERE k.token_hash = ${tokenHash} AND k.expires_at > ${now} AND ${NO_WORKSPACE}`

/** One row while there is no workspace and this token may begin one. */
export const mayBegin = ({ db, now }: Act, tokenHash: string) =>
  raw<{ yes: number }>(db, sql`SELECT 1 AS yes FROM ${usableToken(tokenHash, now)}`)

/** What to create, or for each field the reason why not; the caller has judged the password. */
export function readSetup(
  draft: SetupDraft,
  password: PasswordProblem | undefined,
): { created: NewWorkspace } | { problems: SetupProblems } {
  const [workspace, name, email] = [nameOf(draft.workspace), nameOf(draft.name), readEmail(draft)]
  if (workspace && name && 'address' in email && !password) return { created: { workspace, name, address: email.address } }
  const problems: SetupProblems = {
    ...(workspace ? {} : { workspace: 'missing' }),
    ...(name ? {} : { name: 'missing' }),
    ...('doubt' in email && email.doubt ? { email: email.doubt } : {}),
    ...(password ? { password } : {}),
  }
  return { problems }
}

/**
 * The first workspace with its first admin, signed in, and the end of every set-up token: decided by the INSERT of the admin, whose row everything
 * else selects from. @returns undefined when somebody was first, or the token does not work any more
 */
export async function createWorkspace(
  act: Act,
  { workspace, name, address }: NewWorkspace,
  { passwordHash, tokenHash }: { passwordHash: string; tokenHash: string },
  { from, former, browser }: Arrival,
): Promise<{ tenantId: string; session: NewSession; browser: NewBrowser } | undefined> {
  const { db, now } = act
  const [userId, memberId] = [crypto.randomUUID(), crypto.randomUUID()]
  const [session, next] = [await newSession(), await newBrowser()]
  const founder = { ...act, by: { ...act.by, memberId, name, email: address.email } }
  const [, , [created]] = await db.batch([
    raw(
      db,
      sql`
      INSERT INTO users (id, email, email_key, name, created_at)
      SELECT ${userId}, ${address.email}, ${address.key}, ${name}, ${now} FROM ${usableToken(tokenHash, now)}`,
    ),
    setPassword(act, passwordHash, usersWhere(sql`u.id = ${userId}`)),
    raw<{ id: string }>(
      db,
      sql`
      INSERT INTO tenants (id, name, created_at) SELECT ${freeSlug(workspace)}, ${workspace}, ${now} FROM users u WHERE u.id = ${userId}
      RETURNING id`,
    ),
    raw(
      db,
      sql`
      INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at, search_key, search_form)
      SELECT ${memberId}, t.id, u.id, u.email, u.email_key, 'admin', 'active', 'all', ${now}, ${now},
        ${personKey({ email: address.email, name })}, ${SEARCH_FORM}
      FROM users u JOIN tenants t ON t.id = (SELECT min(id) FROM tenants) WHERE u.id = ${userId}`,
    ),
    record(founder, 'workspace_created', membersWhere(sql`m.id = ${memberId}`), { after: sql`json_object('name', ${workspace})` }),
    ...startSession(act, session, [{ kind: 'password', userId, secret: passwordHash }], from, former),
    ...knowBrowser(act, { userId, from, before: browser, next }, hasStarted(session)),
    record(founder, 'signed_in', activeMembersOf(act, sql`${userId}`, hasStarted(session))),
    raw(db, sql`DELETE FROM setup_tokens WHERE token_hash > '' AND EXISTS (SELECT 1 FROM users u WHERE u.id = ${userId})`),
  ])
  return created && { tenantId: created.id, session, browser: next }
}

const freeSlug = (name: string) =>
  sql`(SELECT value FROM json_each(${JSON.stringify(slugsFor(name))}) WHERE value NOT IN (SELECT slug FROM slugs) LIMIT 1)`
