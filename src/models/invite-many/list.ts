import { IGNORED } from '../../limits'
import { csvRows } from './csv'
import { type Listed, pastedRows } from './pasted-list'

/** As many people can be invited at once. */
export const MOST_ROWS = 1000

export type ListReason = 'empty' | 'too_many' | 'open_quote'

/** `count`: of people, or the line of the quote, which is in the text at `part`. */
export type ReadList = Listed | { reason: ListReason; count: number; part: number }

/** The people of what was pasted and of a file, in this order; either may be a CSV file by its header, and is otherwise read as it was pasted. */
export function readList(texts: string[]): ReadList {
  const read = texts.map((text) => csvRows(text) ?? pastedRows(text))
  const part = read.findIndex((each) => 'line' in each)
  const broken = read[part]
  if (broken && 'line' in broken) return { reason: 'open_quote', count: broken.line, part }
  const lists = read.filter((each) => 'rows' in each)
  const rows = lists.flatMap((list) => list.rows)
  if (rows.length === 0) return { reason: 'empty', count: 0, part: 0 }
  if (rows.length > MOST_ROWS)
    return { reason: 'too_many', count: rows.length, part: lists.findLastIndex((list) => list.rows.length > 0) }
  return { rows, ignored: ignoredOf(lists.flatMap(({ ignored }) => ignored)) }
}

/** As much as is said of it. */
const ignoredOf = (texts: string[]) =>
  [...new Set(texts.map((text) => text.trim()).filter(Boolean))]
    .slice(0, IGNORED.named + 1)
    .map((text) => [...text].slice(0, IGNORED.characters).join(''))
