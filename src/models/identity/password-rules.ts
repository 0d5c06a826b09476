/** NIST SP 800-63B-4 3.1.1.2: length counts, composition does not; refuse what attackers try first and say why. */
export type PasswordProblem = 'too_short' | 'too_long' | 'repetitive' | 'common' | 'own_words' | 'breached'

export const MIN_CHARACTERS = 15
export const MAX_CHARACTERS = 256

const FEWEST_DIFFERENT = 6
/** What must remain when the guessable words are taken out, counted in letters and digits. */
const FEWEST_OWN = 6
const SHORTEST_WORD = 3

/** The words that long bad passwords are made of; the product's own are here too. */
const COMMON =
  'password passwort passphrase pass word phrase letmein welcome admin administrator login user guest access secret changeme default master monkey dragon ' +
  'football baseball iloveyou love princess sunshine shadow superman batman trustno1 qwertyuiop asdfghjkl zxcvbnm qwerty qwertz azerty asdf zxcv 1q2w3e4r ' +
  'correct horse battery staple hello computer internet company summer winter spring autumn test demo example latchkey abc123 123456789 1234567890 123456 12345 123'

/** Why a password is refused, or undefined. `ownWords` are the workspaces' and the person's names and address. */
export function passwordProblem(password: string, ownWords: string[]): Exclude<PasswordProblem, 'breached'> | undefined {
  const text = password.normalize('NFC')
  const length = [...text].length
  if (length < MIN_CHARACTERS) return 'too_short'
  if (length > MAX_CHARACTERS) return 'too_long'
  return guessable(text.toLowerCase(), ownWords)
}

function guessable(text: string, ownWords: string[]) {
  if (isRepetitive(text)) return 'repetitive'
  const letters = lettersOf(text)
  if (lettersWithout(letters, COMMON.split(' ')) < FEWEST_OWN) return 'common'
  if (lettersWithout(letters, [...wordsOf(ownWords), ...COMMON.split(' ')]) < FEWEST_OWN) return 'own_words'
  return undefined
}

/** However words are joined or broken up, they are the same to whoever guesses. */
const lettersOf = (text: string) => text.replaceAll(/[^\p{L}\p{N}]/gu, '')

function isRepetitive(text: string) {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0)
  const even = points.filter((point, i) => i > 0 && Math.abs(point - (points[i - 1] ?? 0)) <= 1).length
  const repeats = /^(.{1,8}?)\1+.{0,7}$/su.test(text)
  return new Set(points).size < FEWEST_DIFFERENT || even >= (points.length - 1) * 0.8 || repeats
}

function lettersWithout(text: string, words: string[]) {
  const rest = words.toSorted((a, b) => b.length - a.length).reduce((left, word) => left.replaceAll(word, ' '), text)
  // What holds none of the words is not made of them, be it without any letter.
  if (rest === text) return MIN_CHARACTERS
  return [...lettersOf(rest)].length
}

/** Each word of them, and all of each together: of short names only that is long enough to look for. */
const wordsOf = (texts: string[]) =>
  texts
    .map((text) => text.normalize('NFC').toLowerCase())
    .flatMap((text) => [lettersOf(text), ...text.split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length >= SHORTEST_WORD)
