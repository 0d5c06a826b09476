import type { Purpose } from '../models/identity/token'
import { MAILED_PATHS } from '../paths'

/** A URL below the path of an emailed link, and what may be its token, the likeliest first; the signature decides. */
type MailedLink = { purpose: Purpose; tokens: string[] }

/**
 * Takes back what mail programs and gateways do to a link: all that cannot be part of a token goes, whatever it is encoded as. Undefined for a URL
 * that is not below the path of an emailed link.
 */
export function mailedLinkIn(url: string): MailedLink | undefined {
  const readings = readingsOf(url)
  const purpose = readings.map(purposeOf).find((found) => found !== undefined)
  return purpose && { purpose, tokens: [...new Set(readings.flatMap(tokensIn))].slice(0, MOST_TOKENS) }
}

/** Far beyond what any gateway adds; a link has 300. */
const MOST_CHARACTERS = 4096
const MOST_TOKENS = 8
/** Gateways behind one another each encode the percent signs of the one before. */
const MOST_ENCODINGS = 5

/** An equals sign may be what is left of a soft break, or begin a character in quoted-printable (RFC 2045, 6.7): both are tried. */
function readingsOf(url: string): string[] {
  const { pathname, search } = new URL(url)
  const text = withoutPercents((pathname + search).slice(0, MOST_CHARACTERS)).replaceAll(/=\s+/g, '')
  return [text.replaceAll(QUOTED, characterOf), text].map((reading) => reading.replaceAll(/[^!-~]/g, ''))
}

const PERCENT = /%([\da-f]{2})/gi
const QUOTED = /=([\da-f]{2})/gi

function withoutPercents(text: string, left = MOST_ENCODINGS): string {
  const decoded = text.replaceAll(PERCENT, characterOf)
  return decoded === text || left === 0 ? text : withoutPercents(decoded, left - 1)
}

/** A byte; those of what is not ASCII go with the rest. */
const characterOf = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))

const PURPOSES = Object.entries(MAILED_PATHS).map(
  ([purpose, path]) => [purpose as Purpose, new RegExp(`^/*${path}(?![\\w-])`, 'i')] as const,
)

const purposeOf = (reading: string) => PURPOSES.find(([, path]) => path.test(reading))?.[0]

/** A header as jose writes it, dots that may be doubled, and behind 43 characters of a signature whatever was glued to it. */
const TOKEN = /(?=(eyJhbGciOi[\w-]+)\.+([\w-]+)\.+([\w-]{43}))/g

const tokensIn = (reading: string) =>
  [...reading.replaceAll(/[^\w.-]/g, '').matchAll(TOKEN)].map(
    ([, header, payload, signature]) => `${header}.${payload}.${signature}`,
  )
