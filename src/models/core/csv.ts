/** What a cell of an export can hold; a list is one cell, its items behind semicolons. */
export type Cell = string | number | boolean | null | readonly string[]

/** Excel reads UTF-8 only behind this mark. Other readers know it, or can be told (`bom: true`). */
export const BOM = '\uFEFF'

/** One line of a file as RFC 4180 has it, with its line break, in which no spreadsheet finds a formula. */
export const csvLine = (cells: readonly Cell[]) => `${cells.map((cell) => quoted(inert(textOf(cell)))).join(',')}\r\n`

const textOf = (cell: Cell) => (cell === null ? '' : typeof cell === 'object' ? cell.join('; ') : `${cell}`)

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/**
 * An apostrophe before what a spreadsheet would take for a formula: a cell that begins with one of these signs, and inside a cell whatever a
 * program that separates by semicolons, tabs or lines would take for a cell of its own (OWASP, *CSV Injection*).
 */
const inert = (text: string) => (SIGN.test(text) ? text.replaceAll(FORMULA, "'$&") : text)

const SIGN = /[=+\-@\t\r]/
/** The quotes are for one that reads those that we double as an empty beginning. */
const FORMULA = /(?<=^|[;\t\r\n]"*)[=+\-@\t\r]/g
