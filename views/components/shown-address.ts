import { domainToASCII, domainToUnicode } from 'node:url'

/** Letters of one script each. Of Latin only those that nobody takes for another: no dotless i, no long s, none of the phonetic ones. */
const ALPHABETS = [
  /^[a-z\u00df-\u00f6\u00f8-\u0130\u0132-\u0137\u0139-\u017e]*$/,
  ...['Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Devanagari', 'Thai', 'Han', 'Hangul', 'Hiragana', 'Katakana'].map(
    (script) => new RegExp(`^\\p{Script_Extensions=${script}}*$`, 'u'),
  ),
]

/** Of plain letters alone, as nearly all are. */
const AS_IT_IS = /^(?!.*xn--)[\w.+@-]*$/i

/**
 * An address as people read it. A domain of other letters is shown in them where all are of one script, its ending included, and in ASCII
 * otherwise, because letters of two scripts can look like somebody else's domain. What is stored and sent to stays as it is.
 */
export function shownAddress(email: string) {
  if (AS_IT_IS.test(email)) return email
  const at = email.lastIndexOf('@') + 1
  const ascii = domainToASCII(email.slice(at))
  if (at < 1 || !ascii.includes('xn--')) return email
  const domain = domainToUnicode(ascii)
  const letters = domain.replaceAll(/[\d.-]/g, '')
  return email.slice(0, at) + (ALPHABETS.some((alphabet) => alphabet.test(letters)) ? domain : ascii)
}

/** Somebody by their name, and without one by their address. */
export const shownName = ({ name, email }: { name: string | null; email: string }) => name ?? shownAddress(email)
