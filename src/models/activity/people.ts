import { and, eq, sql } from 'drizzle-orm'
import { users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { as } from '../../db/select'
import { PEOPLE_TO_CHOOSE } from '../../limits'
import { onFoundPage } from '../members/search'
import { theirName } from '../members/their-name'
import type { Place } from '../members/viewer'

/** The person that the log is narrowed to, or those who may be meant by what was typed. */
export const peopleMeant = (at: Place, { person, who }: { person?: string | undefined; who?: string | undefined }) =>
  at.db
    .select({ id: as(members.id, 'person_id'), email: as(members.email, 'address'), name: theirName })
    .from(members)
    .leftJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.tenantId, at.tenantId), person ? eq(members.id, person) : named(at, who ?? '')))
    .orderBy(members.emailKey)
    .limit(PEOPLE_TO_CHOOSE + 1)

const named = (at: Place, who: string) => (who ? onFoundPage(at, { q: who, cursor: '', rows: PEOPLE_TO_CHOOSE + 1 }) : sql`false`)

export type FoundPerson = Awaited<ReturnType<typeof peopleMeant>>[number]
