import { sql } from 'drizzle-orm'
import { DAY_MS } from '../../limits'
import { atPlace, type Job } from '../jobs/job'

/** The list `d` of a job, while that is at its place: a batch that is sent once more, since its answer was lost, finds what it wrote before. */
export const listOf = (job: Job) => sql`d.id = ${job.id} AND ${atPlace(job)}`

/** When the emails of another day can go out, where nothing else is left to do; a day that this step has begun lasts one from now. */
export const waitsUntil = ({ id }: Job, now: number) => sql`(
  SELECT max(coalesce(r.retry_at, ${now + DAY_MS})) FROM invite_rows r WHERE r.draft_id = ${id} AND r.outcome = 'waiting'
    AND NOT EXISTS (SELECT 1 FROM invite_rows o WHERE o.draft_id = ${id} AND o.outcome IS NULL AND o.choice <> 'leave'))`

/** That nothing of a list is left to send, now or on another day. */
export const isDecided = (id: string) => sql`NOT EXISTS (
  SELECT 1 FROM invite_rows r WHERE r.draft_id = ${id} AND r.choice <> 'leave' AND (r.outcome IS NULL OR r.outcome = 'waiting'))`

/** How many rows this step has decided, in the words of `moveOn`. */
export function decidedBy({ id }: Job, nonce: string) {
  const decided = sql`SELECT count(*) FROM invite_rows r WHERE r.draft_id = ${id} AND r.write_nonce = ${nonce} AND r.outcome <> 'waiting'`
  return { done: sql`(${decided})`, leftOut: sql`(${decided} AND r.outcome NOT IN ('sent', 'resent'))` }
}
