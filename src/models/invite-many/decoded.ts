/** The marks that a file may begin with to say how its text is encoded (Unicode 16.0, 23.8). */
const MARKS: [number[], string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
]

/** Controls that no text has. */
const BINARY = /(?![\t-\r\x80-\x9f])\p{Cc}/u

/**
 * The text of a file that a spreadsheet has saved: UTF-8 or UTF-16, with a mark or without one, and otherwise Windows-1252, in which every byte is a
 * character. Undefined for what is no text, such as the spreadsheet itself.
 */
export function decoded(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes)
  return BINARY.test(text) ? undefined : text
}

function encodingOf(bytes: Uint8Array) {
  const marked = MARKS.find(([mark]) => mark.every((byte, i) => bytes[i] === byte))
  if (marked) return marked[1]
  return wideOf(bytes) ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252')
}

/** Of plain text in UTF-16 every other byte is zero nearly everywhere. */
function wideOf(bytes: Uint8Array) {
  const zeros = [0, 1].map((odd) => bytes.filter((byte, i) => byte === 0 && i % 2 === odd).length)
  const [high = 0, low = 0] = zeros
  if (low > bytes.length / 4 && high < low / 4) return 'utf-16le'
  return high > bytes.length / 4 && low < high / 4 ? 'utf-16be' : undefined
}

function isUtf8(bytes: Uint8Array) {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
    return true
  } catch {
    return false
  }
}
