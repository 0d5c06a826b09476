import Papa from 'papaparse/papaparse.min.js'

/** What a spreadsheet would take for a formula begins with one of these; an apostrophe makes it text (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/

/** A file that spreadsheets open as it is: with a header, CRLF, and a mark that says it is UTF-8. */
export const csvOf = (fields: string[], rows: string[][]) =>
  `\ufeff${Papa.unparse({ fields, data: rows }, { escapeFormulae: FORMULA, newline: '\r\n' })}\r\n`
