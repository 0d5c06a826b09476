import { sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import type { Act, Actor } from '../core/act'

/** Of one run of the Cron, some ten thousand rows written; whoever is left waits for the next one and is out meanwhile. */
const ENDED = 500

/** The log names the actor where nobody acted. */
const CLOCK: Actor = { memberId: 'clock', name: 'Latchkey', email: null, ip: null }

/** The members who are due, longest first. In the words of the index `members_due`, or SQLite would not use it. */
const dueToEnd = (now: number) => sql`(
  SELECT id FROM members INDEXED BY members_due WHERE status = 'active' AND ends_at IS NOT NULL AND (end_warn_at IS NULL) = 1
    AND coalesce(end_warn_at, ends_at) <= ${now} ORDER BY coalesce(end_warn_at, ends_at) LIMIT ${ENDED})`

/**
 * Moves whoever is past their end to the status `ended`. They are out already: this keeps the counts and the log. As with disabling, a session
 * from before has to sign in again, also after the end was extended. @returns how many they were
 */
export async function endMemberships(act: Act): Promise<number> {
  const due = dueToEnd(act.now)
  const [, ended] = await act.db.batch([
    record({ ...act, by: CLOCK }, 'ended', membersWhere(sql`m.id IN ${due}`)),
    raw<{ id: string }>(
      act.db,
      sql`UPDATE members SET status = 'ended', valid_from = max(valid_from, ends_at) WHERE id IN ${due} RETURNING id`,
    ),
  ])
  return ended.length
}
