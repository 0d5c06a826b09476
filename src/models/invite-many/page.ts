import { DAY_MS } from '../../limits'
import type { Paging } from '../core/paging'
import { type Row, type Standing, standingOf } from './review'

type Show = Standing | 'all'

/** `row`: the number within what is shown that the page begins with. `changed`: the row that is shown in any case. */
type Asked = {
  over: boolean
  now: number
  size: number
  show?: Show | undefined
  row?: number | undefined
  changed?: number | undefined
}

const NO_ROWS: Record<Show, number> = { all: 0, ready: 0, problem: 0, left: 0, sent: 0, waiting: 0, not_sent: 0 }

/** A page of a list, which shows first what somebody has to look at, with how many rows there are of each kind. */
export function pageOfRows(all: Row[], { over, now, size, show: asked, row = 1, changed }: Asked) {
  const rows = all.map((row) => ({ ...row, standing: standingOf(row, over) }))
  const counts = { ...NO_ROWS, all: rows.length }
  for (const { standing } of rows) counts[standing]++
  const show = asked ?? (counts.problem > 0 ? 'problem' : 'all')
  const shown = rows.filter(({ n, standing }) => show === 'all' || standing === show || n === changed)
  const from = row > shown.length ? 1 : row
  const page = shown.slice(from - 1, from - 1 + size)
  return { rows: page, show, counts, later: laterOf(rows, now), paging: pagingOf(from, page.length, shown.length, size) }
}

function pagingOf(from: number, length: number, of: number, size: number): Paging {
  const until = from + length - 1
  const previous = from > 1 ? { row: `${Math.max(1, from - size)}` } : undefined
  return { from, until, previous, next: until < of ? { row: `${until + 1}` } : undefined }
}

/** What is over the email limit of the day, or waits for it. */
function laterOf(rows: (Row & { standing: Standing })[], now: number) {
  const over = rows.filter(
    ({ reason, outcome }) => outcome === 'waiting' || reason === 'too_many_mails' || reason === 'too_many_mails_in_all',
  )
  return over.length > 0 ? { rows: over.length, at: Math.max(...over.map(({ retryAt }) => retryAt ?? now + DAY_MS)) } : undefined
}
