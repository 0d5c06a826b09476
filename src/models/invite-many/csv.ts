import Papa from 'papaparse/papaparse.min.js'
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
  const lines = withoutHint(text)
  const separator = SEPARATORS.find((each) => headerOf(lines, each).includes('email'))
  if (!separator) return undefined
  const header = headerOf(lines, separator)
  const { data } = Papa.parse<string[]>(lines, { delimiter: separator, skipEmptyLines: 'greedy' })
  return data.slice(1).map((cells) => rowOf(cells, header))
}

/** Excel tells itself in a first line which separator follows. */
const withoutHint = (text: string) =>
  text
    .replace(/^\ufeff/, '')
    .replace(/^"?sep=.?"?\r?\n/i, '')
    .trimStart()

function headerOf(text: string, delimiter: string) {
  const [first = []] = Papa.parse<string[]>(text, { delimiter, preview: 1, skipEmptyLines: 'greedy' }).data
  return first.map(columnOf)
}

function columnOf(name: string): Column | undefined {
  const plain = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, ' ')
  return COLUMNS.find((column) => column === plain) ?? (Object.hasOwn(ALSO, plain) ? ALSO[plain] : undefined)
}

/** Of two columns of one name the first that says something. */
function rowOf(cells: string[], header: (Column | undefined)[]): Cells {
  const row: Cells = {}
  for (const [i, column] of header.entries()) {
    const text = cells[i]?.trim()
    if (column && text && !row[column]) row[column] = text
  }
  return row
}
