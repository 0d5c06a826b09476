import { and, eq, isNull, type SQL } from 'drizzle-orm'
import { users } from '../../db/schema/identity'
import type { Act } from '../core/act'

/**
 * The account has shown that its address is its own, by using a link that was only ever emailed there. `when` is a condition that holds exactly when
 * the link was used in the same batch. The first proof is the only one that counts.
 */
export const proveAddress = ({ db, now }: Pick<Act, 'db' | 'now'>, userId: string, when: SQL) =>
  db
    .update(users)
    .set({ provedAt: now })
    .where(and(eq(users.id, userId), isNull(users.provedAt), when))
