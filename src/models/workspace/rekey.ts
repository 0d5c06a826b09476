import { eq, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { agents } from '../../db/schema/access'
import { formerPeople } from '../../db/schema/activity'
import { users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { agentKey, personKey, SEARCH_FORM } from '../core/search-key'
import { theirName } from '../members/their-name'

/** People or agents of one run: each is one to three dozen rows of the index. */
const ROWS = 500

/** In the words of the indexes `members_to_key`, `agents_to_key` and `former_people_to_key`, or SQLite would not use them. */
const TO_KEY = sql`tenant_id > '' AND search_form = 0`

/** Keys of people whose names or addresses were written without one. Who has changed meanwhile waits for the next run. @returns how many */
export async function rekeyPeople(db: Db): Promise<number> {
  const rows = await db
    .select({ id: members.id, email: members.email, name: theirName })
    .from(members)
    .leftJoin(users, eq(users.id, members.userId))
    .where(TO_KEY)
    .limit(ROWS)
  if (rows.length === 0) return 0
  const keyed = JSON.stringify(rows.map((row) => ({ ...row, key: personKey(row) })))
  await raw(
    db,
    sql`
      UPDATE members SET search_key = v.value ->> 'key', search_form = ${SEARCH_FORM} FROM json_each(${keyed}) v
      WHERE members.id = v.value ->> 'id' AND members.email = v.value ->> 'email'
        AND coalesce((SELECT u.name FROM users u WHERE u.id = members.user_id), members.invited_name) IS (v.value ->> 'name')`,
  )
  return rows.length
}

/** Of people who have left. Whom the log forgets meanwhile is not written anew. @returns how many */
export async function rekeyFormerPeople(db: Db): Promise<number> {
  const { tenantId, memberId, email, name } = formerPeople
  const rows = await db.select({ tenantId, memberId, email, name }).from(formerPeople).where(TO_KEY).limit(ROWS)
  if (rows.length === 0) return 0
  const keyed = JSON.stringify(rows.map((row) => ({ ...row, key: personKey(row) })))
  await raw(
    db,
    sql`
      UPDATE former_people SET search_key = v.value ->> 'key', search_form = ${SEARCH_FORM} FROM json_each(${keyed}) v
      WHERE former_people.tenant_id = v.value ->> 'tenantId' AND former_people.member_id = v.value ->> 'memberId'`,
  )
  return rows.length
}

export async function rekeyAgents(db: Db): Promise<number> {
  const rows = await db.select({ id: agents.id, name: agents.name }).from(agents).where(TO_KEY).limit(ROWS)
  if (rows.length === 0) return 0
  const keyed = JSON.stringify(rows.map((row) => ({ ...row, key: agentKey(row.name) })))
  await raw(
    db,
    sql`
      UPDATE agents SET search_key = v.value ->> 'key', search_form = ${SEARCH_FORM} FROM json_each(${keyed}) v
      WHERE agents.id = v.value ->> 'id' AND agents.name = v.value ->> 'name' COLLATE BINARY`,
  )
  return rows.length
}
