export const NAME_CHARACTERS = 80

/** Controls and the marks that turn text around (Unicode "Bidi_Control") never reach a page or a subject line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu

/** What was typed, as one line without controls. */
export const oneLine = (typed: string) => typed.normalize('NFC').replaceAll(/\s+/g, ' ').replaceAll(UNPRINTABLE, '').trim()

/** What was typed, in lines, without other controls. */
export const linesOf = (typed: string) =>
  typed
    .split(/\r\n|\r|\n/)
    .map((line) => line.normalize('NFC').replaceAll(UNPRINTABLE, ''))
    .join('\n')
    .trim()

/** A person's or workspace's name as we keep it: one line, no controls, at most 80 characters; undefined when nothing is left. */
export const nameOf = (typed: string | undefined): string | undefined =>
  [...oneLine(typed ?? '')].slice(0, NAME_CHARACTERS).join('').trim() || undefined
