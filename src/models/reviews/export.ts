import type { Cell } from '../core/csv'
import { isoOf } from '../core/iso'
import type { Reviewed } from './review'

export const REVIEW_COLUMNS = [
  ...['id', 'name', 'email', 'role', 'status', 'sections', 'agents', 'decision', 'left_for', 'decided_by', 'decided_at'],
]

/** Somebody as the review shows them, and what was decided about them; `all` sections and agents, or which. */
export const reviewedRecord = (person: Reviewed): Record<string, Cell> => ({
  id: person.memberId,
  name: person.name,
  email: person.email,
  role: person.role,
  status: person.status,
  sections: person.shown.sections ?? 'all',
  agents: person.agents ?? 'all',
  decision: person.verdict,
  left_for: person.leftFor,
  decided_by: person.decidedBy,
  decided_at: isoOf(person.decidedAt),
})
