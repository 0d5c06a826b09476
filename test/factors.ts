import { DAY_MS } from '../src/limits'
import { run } from './database'

/** When the workspaces of these tests began to ask: longer ago than any grace. */
export const LONG_AGO = 1

type Rule = { policy?: 'optional' | 'admins' | 'everybody'; at?: number; graceDays?: number }

/** That a workspace asks its people for a second factor. */
export const asksForFactor = (tenantId = 'acme', { policy = 'everybody', at = LONG_AGO, graceDays = 0 }: Rule = {}) =>
  run(
    'UPDATE tenants SET factor_policy = ?, factor_policy_at = ?, factor_grace_days = ? WHERE id = ?',
    policy,
    at,
    graceDays,
    tenantId,
  )

/** The same, and it waits a week for it. */
export const willAskForFactor = (tenantId = 'acme') => asksForFactor(tenantId, { at: Date.now(), graceDays: 7 })
export const WEEK_MS = 7 * DAY_MS

/** Somebody of the cast has a passkey, which no session of theirs has proven. */
export const hasPasskey = (name: string) =>
  run(
    `INSERT OR IGNORE INTO credentials (id, user_id, kind, secret, name, details, created_at, changed_at) VALUES (?, ?, 'passkey', 'key', 'Phone', '{}', 1, 1)`,
    `passkey-${name}`,
    `user-${name}`,
  )

/** Their sessions have. */
export const provedFactor = (name: string) =>
  run("UPDATE sessions SET factor = 'passkey', factor_at = ? WHERE user_id = ?", Date.now(), `user-${name}`)

/** Nobody has one, and no session has proven one. */
export async function hasNoFactor() {
  await run("DELETE FROM credentials WHERE kind <> 'password'")
  await run('UPDATE sessions SET factor = NULL, factor_at = 0')
}

/** Bob belongs to Globex as well. */
export const alsoInGlobex = () =>
  run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    SELECT 'bob-globex', 'globex', user_id, email, email_key, role, status, agent_mode, created_at, joined_at FROM members WHERE id = 'bob'`)
