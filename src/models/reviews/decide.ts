import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { MemberAct } from '../core/act'

/** What is decided about whom: people of a review by their places, or everybody of some places about whom nobody has decided. */
export type Decision = { verdict: 'keep' | 'remove' } & ({ places: number[] } | { from: number; until: number })

/** The last answer holds, whoever gave the one before. @returns how many people it is about now; none where the review is not open */
export async function decide({ db, tenantId, memberId, now }: MemberAct, id: string, decision: Decision): Promise<number> {
  const decided = await raw<{ place: number }>(
    db,
    sql`
    UPDATE review_people SET verdict = ${decision.verdict}, decided_by = ${memberId}, decided_at = ${now}
    WHERE tenant_id = ${tenantId} AND review_id = ${id} AND ${isMeant(decision)} AND verdict IN ('undecided', 'keep', 'remove')
      AND EXISTS (SELECT 1 FROM reviews r WHERE r.tenant_id = ${tenantId} AND r.id = ${id} AND r.state = 'open')
    RETURNING place`,
  )
  return decided.length
}

const isMeant = (decision: Decision) =>
  'places' in decision
    ? sql`place IN (SELECT value FROM json_each(${JSON.stringify(decision.places)}))`
    : sql`place BETWEEN ${decision.from} AND ${decision.until} AND verdict = 'undecided'`
