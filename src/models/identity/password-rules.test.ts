import { beforeAll, describe, expect, inject, it } from 'vitest'
import { MAX_CHARACTERS, MIN_CHARACTERS, passwordProblem } from './password-rules'

const GOOD = 'plum teapot orbit canyon'
const NOBODY: string[] = []
const problemOf = (password: string, ownWords = NOBODY, rangeUrl = '') => passwordProblem(password, ownWords, rangeUrl)

/** Characters that neither repeat nor count up. */
const varied = (length: number) => Array.from({ length }, (_, i) => String.fromCodePoint(0x1f300 + ((i * 37) % 97))).join('')

describe('a password', () => {
  it('of words that do not belong together is taken', async () => {
    expect(await problemOf(GOOD)).toBeUndefined()
    expect(await problemOf('  leading and trailing  ')).toBeUndefined()
    expect(await problemOf('løgn, vår & ångström!')).toBeUndefined()
    expect(await problemOf('Xk9#mQ2vLp7$wRt')).toBeUndefined()
  })

  it('of no letters at all is taken', async () => {
    expect(await problemOf('#;%&/()=?!*+~-_<|')).toBeUndefined()
  })

  it('has 15 to 256 characters, counted as code points', async () => {
    expect(await problemOf(varied(MIN_CHARACTERS - 1))).toBe('too_short')
    expect(await problemOf(varied(MIN_CHARACTERS))).toBeUndefined()
    expect(await problemOf(varied(MAX_CHARACTERS))).toBeUndefined()
    expect(await problemOf(varied(MAX_CHARACTERS + 1))).toBe('too_long')
    expect([MIN_CHARACTERS, MAX_CHARACTERS]).toEqual([15, 256])
  })

  it('is counted after its marks are composed', async () => {
    const marks = 'z\u030ca\u0301s\u030cn\u0303o\u0308q'

    expect([...`${marks}plumtea`]).toHaveLength(18)
    expect([...`${marks}plumtea`.normalize('NFC')]).toHaveLength(13)
    expect(await problemOf(`${marks}plumtea`)).toBe('too_short')
    expect(await problemOf(`${marks}plumteapo`)).toBeUndefined()
  })

  it.each([
    'aaaaaaaaaaaaaaaaaaaa',
    'abcdefghijklmnopqrst',
    'zyxwvutsrqponmlkjihg',
    '12345678901234567890',
    'xkqpxkqpxkqpxkqpxkqp',
    'abababababababababab',
  ])('%s is repetitive', async (password) => {
    expect(await problemOf(password)).toBe('repetitive')
  })

  it.each([
    'MyPassword-12345!',
    'Password123456789',
    'correct horse battery staple',
    'qwertyuiop asdfghjkl',
    'LetMeIn-Welcome-2026',
  ])('%s is common', async (password) => {
    expect(await problemOf(password)).toBe('common')
  })

  it.each([
    ['Initech workspace', 'initech-admin-2026', ['Initech']],
    ['their name', 'Ada-Byron-Ada-Byron', ['Ada Byron']],
    ['their address', 'ada.byron@initech.test', ['ada.byron@initech.test']],
    ['the product', 'latchkey initech 1', ['Initech']],
  ])('made of %s is refused as their own words', async (_, password, words) => {
    expect(await problemOf(password, words)).toBe('own_words')
    expect(await problemOf(password), 'for somebody else').not.toBe('own_words')
  })

  it('may hold an own word among others', async () => {
    expect(await problemOf('initech teapot orbit canyon', ['Initech'])).toBeUndefined()
  })
})

describe('the range of breached passwords', () => {
  const rangeUrl = `${inject('providerUrl')}/range/`
  const BREACHED = 'velvet otter gravel monsoon'
  const PADDED = 'copper lantern meadow fjord'

  const digestOf = async (password: string) =>
    new Uint8Array(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(password))).toHex().toUpperCase()
  const answer = (prefix: string, lines: string[]) => fetch(rangeUrl + prefix, { method: 'PUT', body: lines.join('\r\n') })

  beforeAll(async () => {
    const [breached, padded] = [await digestOf(BREACHED), await digestOf(PADDED)]
    await answer(breached.slice(0, 5), [`${'0'.repeat(35)}:3`, `${breached.slice(5)}:12`])
    await answer(padded.slice(0, 5), [`${padded.slice(5)}:0`])
  })

  it('tells a breached one, from five characters of its hash', async () => {
    expect(await problemOf(BREACHED, NOBODY, rangeUrl)).toBe('breached')
    expect(await problemOf(BREACHED)).toBeUndefined()
  })

  it('is padded with lines that mean nothing', async () => {
    expect(await problemOf(PADDED, NOBODY, rangeUrl)).toBeUndefined()
  })

  it('knows nothing of others', async () => {
    expect(await problemOf(GOOD, NOBODY, rangeUrl)).toBeUndefined()
  })

  it.each(['http://127.0.0.1:1/range/', `${inject('providerUrl')}/nowhere/`])(
    'at %s cannot be had, and the local checks stand',
    async (url) => {
      expect(await problemOf(BREACHED, NOBODY, url)).toBeUndefined()
      expect(await problemOf('correct horse battery staple', NOBODY, url)).toBe('common')
    },
  )
})
