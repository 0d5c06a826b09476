import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { JobState } from '../jobs/job'
import type { Place } from '../members/viewer'

export type SentList = { id: string; createdAt: number; state: JobState; total: number; done: number; leftOut: number }

/** How many of the last jobs are looked through for lists, and how many of those are shown. */
const [JOBS, LISTS] = [50, 5]

/** The lists that were sent last by any admin, the newest first, and how far they are. */
export const sentLists = ({ db, tenantId }: Place) =>
  raw<SentList>(
    db,
    sql`
    SELECT j.id, j.created_at AS createdAt, j.state, j.total, j.done, j.left_out AS leftOut
    FROM (SELECT * FROM jobs WHERE tenant_id = ${tenantId} ORDER BY created_at DESC LIMIT ${JOBS}) j CROSS JOIN invite_drafts d ON d.id = j.id
    WHERE j.kind = 'invite' LIMIT ${LISTS}`,
  )
