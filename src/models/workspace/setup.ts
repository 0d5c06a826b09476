import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import { type Address, addressOf } from '../core/address'
import { nameOf } from '../core/name'
import { type PasswordProblem, passwordProblem } from '../identity/password-rules'

export type SetupDraft = { workspace: string; name: string; email: string; password: string }
export type SetupProblems = { workspace?: 'missing'; name?: 'missing'; email?: 'not_an_address'; password?: PasswordProblem }
export type Founding = { workspace: string; name: string; address: Address }

const SLUG_CHARACTERS = 40

/** 32 random bytes, as `npm run deploy` writes them. */
export const looksLikeSetupToken = (text: string) => /^[\w-]{43}$/.test(text)

/** The smallest id is one step in the index. */
const NO_WORKSPACE = sql`(SELECT min(id) FROM tenants) IS NULL`

const setupTokens = (tokenHash: string, now: number) =>
  sql`setup_tokens k WHERE k.token_hash = ${tokenHash} AND k.expires_at > ${now} AND ${NO_WORKSPACE}`

/** One row while there is no workspace and this token may begin one. */
export const mayBegin = (db: Db, tokenHash: string, now: number) =>
  raw<{ yes: number }>(db, sql`SELECT 1 AS yes FROM ${setupTokens(tokenHash, now)}`)

/** What to found, or for each field the reason why not. `rangeUrl` as in `passwordProblem`. */
export async function checkSetup(
  draft: SetupDraft,
  rangeUrl: string,
): Promise<{ founding: Founding } | { problems: SetupProblems }> {
  const [workspace, name, address] = [nameOf(draft.workspace), nameOf(draft.name), addressOf(draft.email)]
  const password = await passwordProblem(draft.password, [draft.workspace, draft.name, draft.email], rangeUrl)
  if (workspace && name && address && !password) return { founding: { workspace, name, address } }
  const problems: SetupProblems = {
    ...(workspace ? {} : { workspace: 'missing' }),
    ...(name ? {} : { name: 'missing' }),
    ...(address ? {} : { email: 'not_an_address' }),
    ...(password ? { password } : {}),
  }
  return { problems }
}

/**
 * The first workspace with its first admin, and the end of every set-up token: decided by the one INSERT that everything else selects from.
 * @returns false when somebody was first, or the token does not hold any more
 */
export async function found(
  db: Db,
  { workspace, name, address }: Founding,
  passwordHash: string,
  tokenHash: string,
  ip: string,
  now: number,
) {
  const [tenantId, userId, memberId] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()]
  const tenant = sql`tenants t WHERE t.id = ${tenantId}`
  const [founded] = await db.batch([
    raw<{ id: string }>(
      db,
      sql`
      INSERT INTO tenants (id, slug, name, created_at)
      SELECT ${tenantId}, ${slugOf(workspace)}, ${workspace}, ${now} FROM ${setupTokens(tokenHash, now)} RETURNING id`,
    ),
    raw(
      db,
      sql`
      INSERT INTO users (id, email, email_key, name, password_hash, created_at, password_changed_at)
      SELECT ${userId}, ${address.email}, ${address.key}, ${name}, ${passwordHash}, ${now}, ${now} FROM ${tenant}`,
    ),
    raw(
      db,
      sql`
      INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
      SELECT ${memberId}, t.id, ${userId}, ${address.email}, ${address.key}, 'admin', 'active', 'all', ${now}, ${now} FROM ${tenant}`,
    ),
    record(db, 'workspace_created', { id: memberId, name, ip }, sql`members m WHERE m.id = ${memberId}`, now, {
      after: sql`json_object('name', ${workspace})`,
    }),
    raw(db, sql`DELETE FROM setup_tokens WHERE token_hash > '' AND EXISTS (SELECT 1 FROM ${tenant})`),
  ])
  return founded.length === 1
}

/** What stands in URLs for a workspace: its name in plain ASCII, as far as that goes. */
export const slugOf = (name: string) =>
  trimmed(
    trimmed(
      name
        .normalize('NFKD')
        .toLowerCase()
        .replaceAll(/\p{M}/gu, '')
        .replaceAll(/[^a-z0-9]+/g, '-'),
    ).slice(0, SLUG_CHARACTERS),
  ) || 'workspace'

const trimmed = (slug: string) => slug.replaceAll(/^-+|-+$/g, '')
