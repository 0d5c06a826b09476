/** What an address comes in when it is copied from a mail program, a page or a sentence. */
const SHAPES = [
  /^\[(?<name>[^\]]*)\]\((?<inner>[^()]*)\)$/,
  /^(?<name>[^<>]*)<(?<inner>[^<>]*)>$/,
  /^\((?<inner>.*)\)$/s,
  /^\[(?<inner>[^[\]@]+@[^[\]]*)\]$/,
  /^"(?<inner>.*)"$/s,
  /^'(?<inner>.*)'$/s,
  /^mailto:(?<inner>[^?]*)(\?.*)?$/i,
]

const TRAILING = /[\s;,.!?]+$/
const UNPAIRED = /[)>\]"]+$/

type Unwrapped = { inner: string; name: string }

/** Takes off one layer after the other, and keeps the name that the outermost has. */
export function unwrapped(text: string, name = ''): Unwrapped {
  const bare = text.replace(TRAILING, '').trimStart()
  const shape = SHAPES.map((shape) => bare.match(shape)).find((match) => match !== null)
  if (shape) return unwrapped(decoded(bare, shape.groups?.inner ?? ''), name || unquoted(shape.groups?.name ?? ''))
  const paired = bare.replace(UNPAIRED, '')
  return paired === bare ? { inner: bare, name } : unwrapped(paired, name)
}

/** A URL writes some characters of an address in percent. */
function decoded(bare: string, inner: string) {
  if (!/^mailto:/i.test(bare)) return inner
  try {
    return decodeURIComponent(inner)
  } catch {
    return inner
  }
}

const unquoted = (name: string) =>
  name
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .replaceAll(/\\(.)/g, '$1')
