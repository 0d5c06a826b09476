import { and, desc, eq, gte } from 'drizzle-orm'
import { sessions } from '../../db/schema/identity'
import { members, visits } from '../../db/schema/members'
import { isLive } from '../identity/session'
import { isActive } from './active'
import type { Place } from './viewer'

/** How many a member's page shows; the newest first. */
const ROWS = 20

/** The sessions that entered this workspace and still can, with the times of their visits here: what a person does elsewhere is not this workspace's to see. */
export const memberSessionsOf = ({ db, tenantId, now }: Place, memberId: string) =>
  db
    .select({
      id: sessions.id,
      userAgent: sessions.userAgent,
      ip: sessions.ip,
      enteredAt: visits.enteredAt,
      lastAt: visits.lastAt,
    })
    .from(visits)
    .innerJoin(members, and(eq(members.id, visits.memberId), isActive(now)))
    .innerJoin(
      sessions,
      and(eq(sessions.userId, members.userId), eq(sessions.id, visits.sessionId), gte(sessions.createdAt, members.validFrom)),
    )
    .where(and(eq(visits.tenantId, tenantId), eq(visits.memberId, memberId), isLive(now)))
    .orderBy(desc(visits.lastAt))
    .limit(ROWS)

export type SessionEntry = Awaited<ReturnType<typeof memberSessionsOf>>[number]
