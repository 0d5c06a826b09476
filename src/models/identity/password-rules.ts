import { PASSWORD_CHARACTERS } from '../../limits'
import { COMMON } from './common-words'
import { isKeyboardWalk } from './keyboard-walk'

/** NIST SP 800-63B-4 3.1.1.2: length counts, composition does not; refuse what attackers try first and say why. */
export type PasswordProblem = 'too_short' | 'too_long' | 'repetitive' | 'common' | 'own_words' | 'breached'

const FEWEST_DIFFERENT = 6
/** What must remain when the guessable words are taken out, counted in letters and long numbers. */
const FEWEST_OWN = 6
const SHORTEST_WORD = 3

/** Why a password is refused, or undefined. `ownWords` are the workspaces' and the person's names and address. */
export function passwordProblem(password: string, ownWords: string[]): Exclude<PasswordProblem, 'breached'> | undefined {
  const text = password.normalize('NFC')
  const length = [...text].length
  if (length < PASSWORD_CHARACTERS.least) return 'too_short'
  if (length > PASSWORD_CHARACTERS.most) return 'too_long'
  return guessable(text.toLowerCase(), ownWords)
}

function guessable(text: string, ownWords: string[]) {
  if (isRepetitive(text)) return 'repetitive'
  const letters = lettersOf(text)
  const readings = [letters, lettersOf(withoutLeet(text))]
  if (readings.some((each) => isMadeOf(each, COMMON))) return 'common'
  if (readings.some((each) => isMadeOf(each, [...wordsOf(ownWords), ...COMMON]))) return 'own_words'
  if (isKeyboardWalk(letters) || WORD_AND_NUMBER.test(letters)) return 'common'
  return undefined
}

/** One word, be it a long one, with a number before or behind it. */
const WORD_AND_NUMBER = /^(\d+\p{L}{1,12}|\p{L}{1,12}\d+)$/u

const LEET: Record<string, string> = { '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '0': 'o', $: 's', '5': 's', '7': 't' }
const withoutLeet = (text: string) => text.replaceAll(/[@431!0$57]/g, (sign) => LEET[sign] ?? sign)

/** However words are joined or broken up, they are the same to whoever guesses. */
const lettersOf = (text: string) => text.replaceAll(/[^\p{L}\p{N}]/gu, '')

function isRepetitive(text: string) {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0)
  const even = points.filter((point, i) => i > 0 && Math.abs(point - (points[i - 1] ?? 0)) <= 1).length
  const repeats = /^(.{1,8}?)\1+.{0,7}$/su.test(text)
  return new Set(points).size < FEWEST_DIFFERENT || even >= (points.length - 1) * 0.8 || repeats
}

/** Too little is left without the words, and without the few digits that people put behind them. */
function isMadeOf(text: string, words: string[]) {
  const rest = words.toSorted((a, b) => b.length - a.length).reduce((left, word) => left.replaceAll(word, ' '), text)
  // What holds none of the words is not made of them, be it without any letter.
  return rest !== text && [...lettersOf(rest.replaceAll(FEW_DIGITS, ''))].length < FEWEST_OWN
}

const FEW_DIGITS = /(?<!\d)\d{1,4}(?!\d)/g

/** Each word of them, and all of each together: of short names only that is long enough to look for. */
const wordsOf = (texts: string[]) =>
  texts
    .map((text) => text.normalize('NFC').toLowerCase())
    .flatMap((text) => [lettersOf(text), ...text.split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length >= SHORTEST_WORD)
