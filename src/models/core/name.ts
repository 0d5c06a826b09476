import { NAME_CHARACTERS } from '../../limits.ts'

/** Controls and the marks that turn text around (Unicode "Bidi_Control") never reach a page or a subject line. */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu

/** Persian, Indic scripts and composed emoji are written with joiners; anywhere else one only makes two names look alike. */
const STRAY_JOINER =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{Extended_Pictographic}])/gu

const printable = (text: string) => text.replaceAll(UNPRINTABLE, '').replaceAll(STRAY_JOINER, '')

/** What was typed, as one line without controls. */
export const oneLine = (typed: string) => printable(typed.normalize('NFC').replaceAll(/\s+/g, ' ')).trim()

/** What was typed, in lines, without other controls. */
export const linesOf = (typed: string) =>
  typed
    .split(/\r\n|\r|\n/)
    .map((line) => printable(line.normalize('NFC')))
    .join('\n')
    .trim()

/**
 * Scheme, "www." or a path after a host: nobody's name, but a way to send strangers a link under our name. Begins nowhere within a host, or a
 * long text of a stranger would be read as often as it has characters.
 */
export const WEB_ADDRESS = /\b(?:[a-z][a-z\d+.-]{0,30}:\/\/|www\.)\S*|(?<![\w-]|[\w-]\.)[\w-]+(?:\.[\w-]+)+\/\S*/gi

export const hasWebAddress = (text: string) => text.search(WEB_ADDRESS) >= 0

/** A person's or workspace's name as we keep it: one line, no controls, at most 80 characters; undefined when nothing is left. */
export const nameOf = (typed: string | undefined): string | undefined =>
  [...oneLine(typed ?? '')].slice(0, NAME_CHARACTERS).join('').trim() || undefined
