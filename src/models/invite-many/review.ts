import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { Caps } from '../invitations/sending-limit'
import type { MemberStatus } from '../members/membership'
import type { Place } from '../members/viewer'
import type { Cells } from './cells'
import type { Choice } from './draft'
import type { Settings } from './row'
import { type Since, sinceSent } from './since'
import { type RowReason, verdicts } from './verdicts'

/** What became of a row: it went out, it waits for the emails of another day, somebody called that off, or why it did not. */
export type Outcome = 'sent' | 'resent' | 'waiting' | 'cancelled' | RowReason

/** `reason`: why it would not go out now. `first`: the row before it with the same address. `holder`: who has the address. */
export type Row = {
  n: number
  cells: Cells
  email: string | null
  name: string | null
  own: Partial<Settings>
  detail: string | null
  choice: Choice
  outcome: Outcome | null
  reason: RowReason | null
  retryAt: number | null
  first: number | null
  holder: string | null
  status: MemberStatus | null
  since: Since | null
}

type Stored = Omit<Row, 'cells' | 'own' | 'since'> & { cells: string; own: string | null; since: string | null }

/** Every row with its verdict, or with its outcome; none while a job is at work on them, of which `jobOf` tells how far it is. */
export const rowsOf = ({ db, tenantId, now }: Place, id: string, caps: Caps) =>
  raw<Stored>(
    db,
    sql`
    SELECT r.n, r.cells, r.email, r.name, r.own, r.detail, r.choice, r.outcome, v.refusal ->> 'reason' AS reason,
      coalesce(v.refusal ->> 'retryAt', r.retry_at) AS retryAt, v.first, v.holder, v.status, ${sinceSent} AS since
    FROM ${verdicts({ tenantId, now }, id, caps, AT_REST)} CROSS JOIN invite_rows r ON r.draft_id = ${id} AND r.n = v.n ORDER BY r.n`,
  )

/** A job that waits for another day is not at work. */
const AT_REST = sql`NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = d.id AND j.state = 'queued' AND NOT (
  EXISTS (SELECT 1 FROM invite_rows w WHERE w.draft_id = d.id AND w.outcome = 'waiting')
  AND NOT EXISTS (SELECT 1 FROM invite_rows w WHERE w.draft_id = d.id AND w.outcome IS NULL AND w.choice <> 'leave')))`

export const toRow = ({ cells, own, since, ...row }: Stored): Row => ({
  ...row,
  cells: JSON.parse(cells),
  own: JSON.parse(own ?? '{}'),
  since: JSON.parse(since ?? 'null'),
})

export type Standing = 'ready' | 'problem' | 'left' | 'sent' | 'waiting' | 'not_sent'

/** What there is to do with a row, or what became of it; `over`: the job that should have sent it has ended. */
export function standingOf({ choice, outcome, reason }: Row, over: boolean): Standing {
  if (choice === 'leave') return 'left'
  if (outcome === 'sent' || outcome === 'resent') return 'sent'
  if (outcome === 'waiting') return 'waiting'
  if (outcome || over) return 'not_sent'
  return reason ? 'problem' : 'ready'
}
