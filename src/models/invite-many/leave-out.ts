import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { MemberAct } from '../core/act'
import type { Caps } from '../invitations/sending-limit'
import { isTheirs } from './draft'
import { verdicts } from './verdicts'

/**
 * Leaves out every row that the rules refuse now, but for those that only wait for the emails of another day. `version` is that of the list as its
 * page showed it. @returns whether it was that still
 */
export async function leaveOutProblems(act: MemberAct, id: string, version: number | undefined, caps: Caps): Promise<boolean> {
  const { db, tenantId, now } = act
  const is = sql`${isTheirs(act, id)} AND d.version = ${version ?? sql`d.version`}`
  const [, moved] = await db.batch([
    raw(
      db,
      sql`
      UPDATE invite_rows SET choice = 'leave', version = v.version
      FROM (SELECT v.n, d.version + 1 AS version FROM invite_drafts d CROSS JOIN ${verdicts({ tenantId, now }, id, caps)}
        WHERE ${is} AND v.refusal ->> 'reason' NOT IN ('too_many_mails', 'too_many_mails_in_all')) v
      WHERE invite_rows.draft_id = ${id} AND invite_rows.n = v.n`,
    ),
    raw<{ id: string }>(db, sql`UPDATE invite_drafts AS d SET version = version + 1 WHERE ${is} RETURNING id`),
  ])
  return moved.length === 1
}
