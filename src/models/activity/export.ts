import { EXPORT_ROWS } from '../../limits'
import type { Cell } from '../core/csv'
import { isoOf } from '../core/iso'
import type { Place } from '../members/viewer'
import { type ActivityFilter, type Entry, exportedEntries } from './activity'

/** The next entries of an export, newest first; after `last`. */
export const exportedActivity = (at: Place, filter: ActivityFilter, last?: Pick<Entry, 'at' | 'id'>) =>
  exportedEntries(at, { ...filter, cursor: last }, EXPORT_ROWS)

export const ACTIVITY_COLUMNS = [
  ...['id', 'at', 'kind', 'person_id', 'person_name', 'person_email', 'by_id', 'by_name', 'by_email', 'before', 'after', 'ip'],
]

/** An entry as the log has it; `before` and `after` are JSON. */
export const entryRecord = (entry: Entry): Record<string, Cell> => ({
  id: entry.id,
  at: isoOf(entry.at),
  kind: entry.kind,
  person_id: entry.memberId,
  person_name: entry.memberName,
  person_email: entry.memberEmail,
  by_id: entry.actorId,
  by_name: entry.actorName,
  by_email: entry.actorEmail,
  before: entry.before,
  after: entry.after,
  ip: entry.ip,
})
