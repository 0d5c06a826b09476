import type { Cells } from './cells'
import { csvRows } from './csv'
import { decoded } from './decoded'
import { pastedRows } from './pasted-list'

/** As many people can be invited at once. */
export const MOST_ROWS = 1000

export type ListReason = 'empty' | 'too_many' | 'not_text'

/** `text`: what was in the file, so that nothing is lost with it. */
export type ReadList = { rows: Cells[] } | { reason: ListReason; count: number; text: string }

/** The rows of what was pasted and of a file, in this order; either may be a CSV file by its header, and is otherwise read as it was pasted. */
export function readList(pasted: string, file: Uint8Array | undefined): ReadList {
  const filed = file ? decoded(file) : ''
  if (filed === undefined) return { reason: 'not_text', count: 0, text: '' }
  const rows = [pasted, filed].flatMap((text) => csvRows(text) ?? pastedRows(text))
  if (rows.length > 0 && rows.length <= MOST_ROWS) return { rows }
  return { reason: rows.length === 0 ? 'empty' : 'too_many', count: rows.length, text: filed }
}
