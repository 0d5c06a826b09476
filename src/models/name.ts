export const NAME_CHARACTERS = 80

/** Controls and the marks that turn text around (Unicode "Bidi_Control") never reach a page or a subject line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu

/** A person's or workspace's name as we keep it: one line, no controls, at most 80 characters; undefined when nothing is left. */
export function nameOf(typed: string | undefined): string | undefined {
  const clean = (typed ?? '').normalize('NFC').replaceAll(/\s+/g, ' ').replaceAll(UNPRINTABLE, '').trim()
  return [...clean].slice(0, NAME_CHARACTERS).join('').trim() || undefined
}
