import { and, eq, sql } from 'drizzle-orm'
import { users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { searchFilter } from '../../db/search'
import { as } from '../../db/select'
import { PEOPLE_TO_CHOOSE } from '../../limits'
import type { Place } from '../members/viewer'

/** The person that the log is narrowed to, or those who may be meant by what was typed. */
export const peopleMeant = ({ db, tenantId }: Place, { person, who }: { person?: string | undefined; who?: string | undefined }) =>
  db
    .select({ id: as(members.id, 'person_id'), email: as(members.email, 'address'), name: users.name })
    .from(members)
    .leftJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.tenantId, tenantId), person ? eq(members.id, person) : named(who ?? '')))
    .orderBy(members.emailKey)
    .limit(PEOPLE_TO_CHOOSE + 1)

const named = (who: string) => searchFilter(who, [members.emailKey, sql`lower(${users.name})`]) ?? sql`false`

export type FoundPerson = Awaited<ReturnType<typeof peopleMeant>>[number]
