import { and, eq, isNull, ne } from 'drizzle-orm'
import { sessions } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { tenants } from '../../db/schema/workspace'
import { as } from '../../db/select'
import { factorDueAt } from '../identity/factor-policy'
import type { Visitor } from '../identity/session'
import { isActive } from './active'

/** What each workspace that is open to the person behind a cookie asks of them, where it may ask for a second factor. */
export const factorRulesOf = ({ db, secretHash, now }: Visitor) =>
  db
    .select({
      tenantId: as(tenants.id, 'tenant_id'),
      tenantName: as(tenants.name, 'tenant_name'),
      policy: tenants.factorPolicy,
      policyAt: tenants.factorPolicyAt,
      graceDays: tenants.factorGraceDays,
      role: members.role,
      joinedAt: members.joinedAt,
    })
    .from(sessions)
    .innerJoin(members, and(eq(members.userId, sessions.userId), isActive(now)))
    .innerJoin(tenants, and(eq(tenants.id, members.tenantId), isNull(tenants.suspendedAt), ne(tenants.factorPolicy, 'optional')))
    .where(eq(sessions.secretHash, secretHash))

type Row = Awaited<ReturnType<typeof factorRulesOf>>[number]
/** A workspace that asks the person for a second factor, and from when on it lets them in with one only (ms). */
export type Asking = Pick<Row, 'tenantId' | 'tenantName'> & { dueAt: number }

/** The strictest first: what is asked for soonest. */
export const askingOf = (rows: Row[]): Asking[] =>
  rows
    .flatMap(({ tenantId, tenantName, ...rule }) => {
      const dueAt = factorDueAt(rule)
      return dueAt === undefined ? [] : [{ tenantId, tenantName, dueAt }]
    })
    .toSorted((a, b) => a.dueAt - b.dueAt)
