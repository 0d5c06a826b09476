// A matrix is one tab stop. Arrow keys move in it, Home and End to the ends of a row, with Ctrl to the first and last row.
const lost = () => !document.activeElement || document.activeElement === document.body
const stopsIn = (part) => [...(part?.querySelectorAll('a[href], button') ?? [])].filter((stop) => !stop.closest('[popover]'))
const cellOf = (stop) => stop.closest('td, th')

/** The stop that was last in use. */
let used

/** It, or the one in its place where an answer has drawn its row anew. */
const lastUsed = () => (!used || used.isConnected ? used : beside(used, stopsIn(document.getElementById(used.closest('tr')?.id))))

/** A swap takes back what the server did not write. */
function prepare() {
  for (const table of document.querySelectorAll('.matrix table')) {
    table.setAttribute('role', 'grid')
    const stops = stopsIn(table)
    for (const stop of stops) stop.tabIndex = -1
    const entry = stops.find((stop) => stop === lastUsed()) ?? stopsIn(table.tBodies[0])[0] ?? stops[0]
    if (entry) entry.tabIndex = 0
  }
}
prepare()
document.addEventListener('htmx:after:swap', prepare)
document.addEventListener('htmx:history:restore', prepare)

document.addEventListener('focusin', ({ target }) => {
  const table = target.closest?.('.matrix table')
  if (!table || target.closest('[popover]')) return
  for (const stop of table.querySelectorAll('[tabindex="0"]')) stop.tabIndex = -1
  target.tabIndex = 0
  used = target
})

document.addEventListener('keydown', (event) => {
  const { target } = event
  const table = target.closest?.('.matrix table')
  if (!table || document.querySelector('.menu:popover-open') || event.altKey || event.metaKey) return
  const next = nextFrom(target, rowsOf(table), event)
  if (!next) return
  event.preventDefault()
  next.focus()
})

const rowsOf = (table) => [...table.rows].map(stopsIn).filter((stops) => stops.length > 0)

function nextFrom(stop, rows, { key, ctrlKey }) {
  const at = rows.findIndex((stops) => stops.includes(stop))
  const row = rows[at] ?? []
  const ends = ctrlKey ? rows.flat() : row
  if (key === 'Home') return ends[0]
  if (key === 'End') return ends.at(-1)
  if (ctrlKey) return undefined
  if (key === 'ArrowRight') return row[row.indexOf(stop) + 1]
  if (key === 'ArrowLeft') return row[row.indexOf(stop) - 1]
  if (key === 'ArrowDown') return beside(stop, rows[at + 1])
  if (key === 'ArrowUp') return beside(stop, rows[at - 1])
}

/** In another row the stop of the same column, and of several there the one that does the same. */
function beside(stop, row = []) {
  const column = cellOf(stop).cellIndex
  const there = row.filter((each) => cellOf(each).cellIndex === column)
  return there.find((each) => each.value === stop.value) ?? there[0] ?? row.at(-1)
}

// An Undo goes away with what it undid: go on where the change was made.
document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  if (!ctx.focused?.matches('.undo')) return
  setTimeout(() => {
    if (lost()) lastUsed()?.focus({ preventScroll: true })
  })
})
