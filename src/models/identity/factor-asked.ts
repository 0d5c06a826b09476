import { type SQL, sql } from 'drizzle-orm'
import { isActive } from '../members/active'

/** Of a member `m` and their workspace `t`: it asks their role, as `rolesAsked` says. */
export const asksMember = sql`(t.factor_policy = 'everybody' OR (t.factor_policy = 'admins' AND m.role = 'admin'))`

/** The workspaces `t` that are open to the user and ask them for a second factor, now or after days of grace. `userId` is SQL. */
const asking = (userId: SQL, now: number) => sql`members m JOIN tenants t ON t.id = m.tenant_id AND t.suspended_at IS NULL
  WHERE m.user_id = ${userId} AND ${isActive(now, 'm')} AND ${asksMember}`

/** Whether any of them does: for a statement that must not rest on what its page read. `factorDueAt` has the same rule for the door. */
export const isAskedForFactor = (userId: SQL, now: number) => sql`EXISTS (SELECT 1 FROM ${asking(userId, now)})`

/** The name of the first of them, or null. */
export const askingWorkspace = (userId: SQL, now: number) => sql`(SELECT min(t.name) FROM ${asking(userId, now)})`
