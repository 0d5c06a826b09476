import type { Cells } from './cells'

/** `ignored`: the columns and cells that say nothing to us, as they are called or are. */
export type Listed = { rows: Cells[]; ignored: string[] }

/** The people of a list that was pasted in any form: lines, commas, semicolons, `Name <a@b>`, a few columns of a spreadsheet. */
export function pastedRows(text: string): Listed {
  const lines = text.split(/\r\n|\r|\n/).map((line) => peopleIn(line.replace(LEAD, '')))
  return { rows: lines.flatMap(({ rows }) => rows), ignored: lines.flatMap(({ ignored }) => ignored) }
}

/** What stands before an item of a list, or before the people in the head of an email. */
const LEAD = /^\s*(?:(?:[-*\u2022\u2013]|\d+[.)])\s+|(?:to|cc|bcc):)/i

function peopleIn(line: string): Listed {
  const pieces = glued(piecesOf(line))
  const [only, another] = pieces.filter(isAddress)
  if (only === undefined) return { rows: line.trim() ? [{ email: line.trim() }] : [], ignored: [] }
  if (another === undefined && severalIn(only).length === 1) return withName(only, pieces)
  return { rows: pieces.flatMap((piece) => severalIn(piece).map((email) => ({ email }))), ignored: [] }
}

const SEPARATORS = ',;\t|'

/** What stands between commas, semicolons, tabs and bars, with those; none of them separates within quotes or the brackets of an address. */
function piecesOf(line: string): string[] {
  const pieces = ['']
  // One that is never closed, as in inches, is no quote.
  const hasQuotes = line.split('"').length % 2 === 1
  let within = ''
  for (const sign of line) {
    if (within === '' && SEPARATORS.includes(sign)) {
      pieces.push(sign, '')
      continue
    }
    if (within === '' && (sign === '<' || (sign === '"' && hasQuotes))) within = sign === '<' ? '>' : '"'
    else if (sign === within) within = ''
    pieces.push((pieces.pop() ?? '') + sign)
  }
  return pieces.map((piece) => (piece === '\t' ? piece : piece.trim()))
}

const isAddress = (piece: string) => piece.includes('@')
const isSeparator = (piece: string) => SEPARATORS.includes(piece)

/** `Doe, Jane <jane@x.test>` is one person: what stands before the comma is the beginning of the name. */
function glued(pieces: string[]): string[] {
  const whole: string[] = []
  for (const piece of pieces) {
    const [name = '', comma] = whole.slice(-2)
    const goesOn = comma === ',' && !isSeparator(name) && !isAddress(name) && piece.indexOf('<') > 0
    if (goesOn) whole.splice(-2, 2, `${name}, ${piece}`)
    else whole.push(piece)
  }
  return whole.filter((piece) => !isSeparator(piece))
}

/** The cells before the address are the name, or those after it, where they can be one. */
function withName(email: string, pieces: string[]): Listed {
  const at = pieces.indexOf(email)
  const [before = [], after = []] = [pieces.slice(0, at), pieces.slice(at + 1)].map((cells) =>
    cells.map(unquoted).filter(hasLetters),
  )
  const name = before.length > 0 ? before : after
  const others = name === before ? after : []
  if (email.includes('<') || name.length === 0 || name.length > 2) return { rows: [{ email }], ignored: [...name, ...others] }
  return { rows: [{ email, name: name.join(' ') }], ignored: others }
}

const hasLetters = (text: string) => /\p{L}/u.test(text)
const unquoted = (text: string) => text.replace(/^"(.*)"$/, '$1')

/** Addresses with nothing but space or a word between them, or each with its name before it. */
function severalIn(piece: string): string[] {
  const people = piece.split(/(?<=>)\s+/).filter(Boolean)
  if (people.length > 1 && people.every(isAddress)) return people
  const words = piece.split(/\s+(?:(?:and|&|\/)\s+)?/)
  return words.length > 1 && words.every((word) => isAddress(word) && !word.startsWith('<')) ? words : [piece]
}
