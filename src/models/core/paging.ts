/** Rows of the user table. */
export const PAGE_ROWS = 50
/** Rows of a page of either matrix. */
export const PAGE_PEOPLE = 25
/** Columns of a page of Agent Access. */
export const PAGE_AGENTS = 12
/** Cards of the Agents page: full rows of two, three and four. */
export const PAGE_CARDS = 48

/**
 * Which page of a list: the one after the row `cursor`, or the one up to the row `before`; else the first. `row` is the number of its first
 * row as the link that leads to it counted, since no page counts what is before it.
 */
export type Position = { cursor: string; before?: string | undefined; row?: number | undefined }

/** The part of a link that leads to a page; the first page needs none. */
export type Link = { cursor?: string; before?: string; row?: string }

/** The numbers of the first and the last row of a page, and what leads to the pages beside it. */
export type Paging = { from: number | undefined; until: number | undefined; previous: Link | undefined; next: Link | undefined }

/** Cuts off the row that only tells that there is another page, and puts those that were read backwards in order. */
export function pageOf<R>(rows: R[], size: number, cursorOf: (row: R) => string, at: Position = { cursor: '' }) {
  const more = rows.length > size
  const page = at.before ? rows.slice(0, size).reverse() : rows.slice(0, size)
  const from = isFirst(at, more) ? 1 : at.row
  const until = from && from + page.length - 1
  const previous = isFirst(at, more) ? undefined : previousOf(page, size, cursorOf, from)
  const next = at.before || more ? nextOf(page, cursorOf, until) : undefined
  return { page, paging: { from, until, previous, next } satisfies Paging }
}

const isFirst = ({ cursor, before }: Position, more: boolean) => (before ? !more : cursor === '')

/** By its numbers, the first page is led to as such: nobody came in between who would be left out. */
function previousOf<R>(page: R[], size: number, cursorOf: (row: R) => string, from: number | undefined): Link {
  const [first] = page
  if (!first || (from && from <= size + 1)) return {}
  return { before: cursorOf(first), ...(from ? { row: `${from - size}` } : {}) }
}

function nextOf<R>(page: R[], cursorOf: (row: R) => string, until: number | undefined): Link | undefined {
  const last = page.at(-1)
  return last && { cursor: cursorOf(last), ...(until ? { row: `${until + 1}` } : {}) }
}
