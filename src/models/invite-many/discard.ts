import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { MemberAct } from '../core/act'
import { isTheirs } from './draft'

/** Deletes a list that is not sent, with its rows. `version` is that of the list as its page showed it. @returns whether it was that still */
export async function discard(act: MemberAct, id: string, version: number | undefined): Promise<boolean> {
  const { db } = act
  const [gone] = await db.batch([
    raw<{ id: string }>(
      db,
      sql`DELETE FROM invite_drafts AS d WHERE ${isTheirs(act, id)} AND d.version = ${version ?? sql`d.version`} RETURNING id`,
    ),
  ])
  return gone.length === 1
}
