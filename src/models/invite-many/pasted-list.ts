import type { Cells } from './cells'

/** The people of a list that was pasted in any form: lines, commas, semicolons, `Name <a@b>`, a few columns of a spreadsheet. */
export const pastedRows = (text: string): Cells[] => text.split(/\r\n|\r|\n/).flatMap(peopleIn)

function peopleIn(line: string): Cells[] {
  const pieces = glued(piecesOf(line))
  const [only, another] = pieces.filter(isAddress)
  if (only === undefined) return line.trim() ? [{ email: line.trim() }] : []
  if (another === undefined && severalIn(only).length === 1) return [withName(only, pieces)]
  return pieces.flatMap((piece) => severalIn(piece).map((email) => ({ email })))
}

/** What stands between commas, semicolons and tabs, with those; none of them separates within quotes or the brackets of an address. */
function piecesOf(line: string): string[] {
  const pieces = ['']
  // One that is never closed, as in inches, is no quote.
  const hasQuotes = line.split('"').length % 2 === 1
  let within = ''
  for (const sign of line) {
    if (within === '' && ',;\t'.includes(sign)) {
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
const isSeparator = (piece: string) => piece === '' || piece === ',' || piece === ';' || piece === '\t'

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

/** The other cells of the line are the name where they can be one. */
function withName(email: string, pieces: string[]): Cells {
  const name = pieces.filter((piece) => piece !== email).map(unquoted)
  return name.length === 0 || name.length > 2 || email.includes('<') ? { email } : { email, name: name.join(' ') }
}

const unquoted = (text: string) => text.replace(/^"(.*)"$/, '$1')

/** Addresses with nothing but space between them. */
function severalIn(piece: string): string[] {
  const words = piece.split(/\s+/)
  return words.length > 1 && words.every(isAddress) ? words : [piece]
}
