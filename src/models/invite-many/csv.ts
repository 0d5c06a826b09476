import Papa from 'papaparse/papaparse.min.js'
import type { Cells } from './cells'
import { type Heading, headingsOf } from './columns'
import { type Listed, pastedRows } from './pasted-list'

const SEPARATORS = [',', ';', '\t', '|']

/** The line of a quotation mark that would take people after it for a part of its cell. */
type Broken = { line: number }

/** The people of a CSV file by its header; undefined where it has none that names the addresses. */
export function csvRows(text: string): Listed | Broken | undefined {
  const file = withoutHint(text)
  for (const separator of SEPARATORS) {
    const { data, errors } = Papa.parse<string[]>(file, { delimiter: separator, skipEmptyLines: 'greedy' })
    const [header = [], ...rows] = data
    const headings = headingsOf(header, rows)
    if (!headings.includes('email')) continue
    if (header.length === 1) return pastedRows(file.replace(/^.*/, ''))
    const open = errors.find(({ type }) => type === 'Quotes')?.index
    return open === undefined
      ? listedBy(header, headings, rows)
      : { line: linesIn(text.slice(0, text.length - file.length + open)) }
  }
}

const linesIn = (text: string) => text.split(/\r\n|\r|\n/).length

/** Excel tells itself in a first line which separator follows. */
const withoutHint = (text: string) =>
  text
    .replace(/^\ufeff/, '')
    .replace(/^"?sep=.?"?\r?\n/i, '')
    .trimStart()

function listedBy(header: string[], headings: (Heading | undefined)[], rows: string[][]): Listed {
  const unknown = header.filter((_, i) => headings[i] === undefined)
  const columns = headings.flatMap((heading, i) => (heading ? [[i, heading] as const] : []))
  return {
    rows: rows.map((cells) => rowOf(cells, columns)),
    ignored: [...unknown, ...rows.flatMap((cells) => cells.slice(header.length))],
  }
}

/** Of two columns of one name the first that says something. */
function rowOf(cells: string[], columns: (readonly [number, Heading])[]): Cells {
  const said: Partial<Record<Heading, string>> = {}
  for (const [i, heading] of columns) {
    const text = cells[i]?.trim()
    if (text && !said[heading]) said[heading] = text
  }
  const { first, last, ...row } = said
  const name = row.name ?? [first, last].filter(Boolean).join(' ')
  return name ? { ...row, name } : row
}
