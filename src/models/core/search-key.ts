import { domainToASCII, domainToUnicode } from 'node:url'
import { invisible } from './invisible'

/** Of a key that these functions made; 0 is one that SQL made. */
export const SEARCH_FORM = 1

/** Of the whole key, so that a row of the database stays small whatever a name folds into. */
const KEY_CHARACTERS = 400
/** As long as a piece in the views member_pieces and domain_pieces. */
const PIECE_CHARACTERS = 16
/** More words narrow nothing down any more. */
const WORDS = 6

/** Accents of every script that writes without them too: Latin, Greek, Cyrillic, Arabic. Vowel signs of Indic scripts are letters of their own. */
const ACCENTS = /[\p{M}&&\p{Script=Inherited}]/gv
const SEPARATORS = /[\s<>()[\]{},;"“”«»|]+/u
/** Written without spaces, and in words of two characters. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/** Case, accents, width, composition and look-alikes of apostrophe and dash make no difference. */
export const folded = (text: string) =>
  text
    .replaceAll(invisible, '')
    .normalize('NFKD')
    .replaceAll(ACCENTS, '')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll(/[\u2018\u2019\u201b\u02bc\u2032]/g, "'")
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
    .normalize('NFC')

const wordsIn = (text: string) => folded(text).split(SEPARATORS).filter(Boolean)

/** The words of a name, each behind a space; empty without a name. */
export const nameKey = (name: string | null) => keyOf(wordsIn(name ?? ''))

/** What an agent is sorted and found by, short enough for the URL of a page that begins after it. */
export const agentKey = (name: string) => nameKey(name).slice(1, 200)

/** The address with its domain in either form. */
export function addressKey(email: string) {
  const [local, domain] = [email.slice(0, email.lastIndexOf('@') + 1), email.slice(email.lastIndexOf('@') + 1)]
  return keyOf([...new Set([domainToASCII(domain), domainToUnicode(domainToASCII(domain))].map((host) => folded(local + host)))])
}

/** What a person is found by. The name comes last, so that a key without a name is the beginning of one with it. */
export const personKey = ({ email, name }: { email: string; name: string | null }) => cut(addressKey(email) + nameKey(name))

const keyOf = (words: string[]) => cut(words.map((word) => ` ${word}`).join(''))

const cut = (key: string) => [...key].slice(0, KEY_CHARACTERS).join('')

/** What a key has to contain, the part that narrows down most first. */
export function needlesOf(typed: string): string[] {
  const words = wordsIn(typed).slice(0, WORDS)
  const all = words.length > 0 ? words : [typed.trim()].filter(Boolean)
  // One or two characters are in nearly every key: alone they are looked for at the beginning of words.
  const needles = all.some(isLong) ? all : all.map((word) => ` ${word}`)
  return needles.toSorted((a, b) => weight(b) - weight(a))
}

/** What the pieces begin with that each needle is found by; those of one or two characters among longer ones are not found by any. */
export const lookupsOf = (needles: string[]): string[][] =>
  needles
    .filter((needle) => needle.startsWith(' ') || isLong(needle))
    .map((needle) => (needle.startsWith(' ') ? [needle] : [needle, ` ${needle}`]).map(pieceOf))

const pieceOf = (text: string) => [...text].slice(0, PIECE_CHARACTERS).join('')

const isLong = (word: string) => [...word].length > 2 || ([...word].length > 1 && DENSE.test(word))

/** Between words of one length, those that are long enough to be looked up come first. */
const weight = (word: string) => [...word].length + (isLong(word) ? 100 : 0)
