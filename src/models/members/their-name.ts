import { sql } from 'drizzle-orm'
import { users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'

/** What a workspace calls somebody, of `members` and their `users`: the name of their account, and until there is one the name they were invited under. */
export const theirName = sql<string | null>`coalesce(${users.name}, ${members.invitedName})`.as('name')

/** The same of a member `m`. */
export const nameOfMember = sql`coalesce((SELECT u.name FROM users u WHERE u.id = m.user_id), m.invited_name)`
