import { dsvFormat } from 'd3-dsv'
import { type Cells, COLUMNS, type Column } from './cells'

/** How else people and their exports name a column. */
const ALSO: Record<string, Column> = {
  'e-mail': 'email',
  mail: 'email',
  'email address': 'email',
  'e-mail address': 'email',
  'full name': 'name',
  section: 'sections',
  agent: 'agents',
  'end date': 'until',
  'last day': 'until',
}

const SEPARATORS = [',', ';', '\t', '|']

/** The rows of a CSV file by its header; undefined where it has none that names the addresses. Columns that we do not know are left. */
export function csvRows(text: string): Cells[] | undefined {
  const file = withoutHint(text)
  for (const separator of SEPARATORS) {
    const [header = [], ...rows] = dsvFormat(separator).parseRows(file).filter(isFilled)
    const columns = header.map(columnOf)
    if (columns.includes('email')) return rows.map((cells) => rowOf(cells, columns))
  }
}

const isFilled = (cells: string[]) => cells.some((cell) => cell.trim())

/** Excel tells itself in a first line which separator follows. */
const withoutHint = (text: string) =>
  text
    .replace(/^\ufeff/, '')
    .replace(/^"?sep=.?"?\r?\n/i, '')
    .trimStart()

function columnOf(name: string): Column | undefined {
  const plain = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, ' ')
  return COLUMNS.find((column) => column === plain) ?? (Object.hasOwn(ALSO, plain) ? ALSO[plain] : undefined)
}

/** Of two columns of one name the first that says something. */
function rowOf(cells: string[], columns: (Column | undefined)[]): Cells {
  const row: Cells = {}
  for (const [i, column] of columns.entries()) {
    const text = cells[i]?.trim()
    if (column && text && !row[column]) row[column] = text
  }
  return row
}
