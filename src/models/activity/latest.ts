import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { activity } from '../../db/schema/activity'
import type { MemberAct } from '../core/act'
import type { ActivityKind } from './activity'

/** At most one row: who last did this here, and when. `when` is about the columns of `activity`; `agent`, `preset` or `app` is the one that the entry names. */
export const latestOf = ({ db, tenantId }: Pick<MemberAct, 'db' | 'tenantId'>, kind: ActivityKind, when?: SQL) =>
  db
    .select({
      by: activity.actorName,
      at: activity.at,
      agent: sql<string | null>`${activity.before} ->> 'agent'`,
      preset: sql<string | null>`${activity.before} ->> 'preset'`,
      app: sql<string | null>`${activity.before} ->> 'app'`,
    })
    .from(activity)
    .where(and(eq(activity.tenantId, tenantId), eq(activity.kind, kind), when))
    .orderBy(desc(activity.at), desc(activity.id))
    .limit(1)

export type Latest = Awaited<ReturnType<typeof latestOf>>[number]
