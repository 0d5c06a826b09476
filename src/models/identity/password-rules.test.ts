import { describe, expect, it } from 'vitest'
import { PASSWORD_CHARACTERS } from '../../limits'
import { passwordProblem } from './password-rules'

const { least, most } = PASSWORD_CHARACTERS
const GOOD = 'plum teapot orbit canyon'
const NOBODY: string[] = []
const problemOf = (password: string, ownWords = NOBODY) => passwordProblem(password, ownWords)

/** Characters that neither repeat nor count up. */
const varied = (length: number) => Array.from({ length }, (_, i) => String.fromCodePoint(0x1f300 + ((i * 37) % 97))).join('')

describe('a password', () => {
  it('of words that do not belong together is taken', () => {
    expect(problemOf(GOOD)).toBeUndefined()
    expect(problemOf('  leading and trailing  ')).toBeUndefined()
    expect(problemOf('løgn, vår & ångström!')).toBeUndefined()
    expect(problemOf('Xk9#mQ2vLp7$wRt')).toBeUndefined()
  })

  it('of no letters at all is taken', () => {
    expect(problemOf('#;%&/()=?!*+~-_<|')).toBeUndefined()
  })

  it('has 15 to 256 characters, counted as code points', () => {
    expect(problemOf(varied(least - 1))).toBe('too_short')
    expect(problemOf(varied(least))).toBeUndefined()
    expect(problemOf(varied(most))).toBeUndefined()
    expect(problemOf(varied(most + 1))).toBe('too_long')
    expect([least, most]).toEqual([15, 256])
  })

  it('is counted after its marks are composed', () => {
    const marks = 'z\u030ca\u0301s\u030cn\u0303o\u0308q'

    expect([...`${marks}plumtea`]).toHaveLength(18)
    expect([...`${marks}plumtea`.normalize('NFC')]).toHaveLength(13)
    expect(problemOf(`${marks}plumtea`)).toBe('too_short')
    expect(problemOf(`${marks}plumteapo`)).toBeUndefined()
  })

  it.each([
    'aaaaaaaaaaaaaaaaaaaa',
    'abcdefghijklmnopqrst',
    'zyxwvutsrqponmlkjihg',
    '12345678901234567890',
    'xkqpxkqpxkqpxkqpxkqp',
    'abababababababababab',
  ])('%s is repetitive', (password) => {
    expect(problemOf(password)).toBe('repetitive')
  })

  it.each([
    'MyPassword-12345!',
    'Password123456789',
    'correct horse battery staple',
    'qwertyuiop asdfghjkl',
    'LetMeIn-Welcome-2026',
    'tenant admin user agents',
    'thisismypassword',
    'my super secret password',
    'ilovemymother123',
    'iloveyouforever1',
    'manchesterunited',
    'liverpoolfc123456',
    'jesuschrist12345',
    'jordan23michael23',
    'P@ssw0rd!P@ssword',
  ])('%s is common', (password) => {
    expect(problemOf(password)).toBe('common')
  })

  it.each(['christopher12345', 'unbelievable12345', '20261984kxqwzrtm'])('%s, a word and a number, is common', (password) => {
    expect(problemOf(password)).toBe('common')
  })

  it.each([
    '1qaz2wsx3edc4rfv',
    'zaq12wsxcde34rfv',
    'q1w2e3r4t5y6u7i8',
    'qazwsxedcrfvtgbyhn',
    'qwertzuiopasdfgh',
    'azertyuiopqsdfgh',
  ])('%s, a walk over the keyboard, is common', (password) => {
    expect(problemOf(password)).toBe('common')
  })

  it.each([
    'wet street after freezer',
    'the dog ate seven green apples',
    'love letters in the attic trunk',
    'summer rain tastes like copper',
    'tiger 93847261 piano',
    '7f3a9c2e5b1d8046af',
  ])('%s is one of its own, although some of it is common', (password) => {
    expect(problemOf(password)).toBeUndefined()
  })

  it.each([
    ['Initech workspace', 'initech-admin-2026', ['Initech']],
    ['their name', 'Ada-Byron-Ada-Byron', ['Ada Byron']],
    ['their address', 'ada.byron@initech.test', ['ada.byron@initech.test']],
    ['the product', 'latchkey initech 1', ['Initech']],
    ['their short names, joined', 'Initech-LiWu-Initech-2026', ['Initech', 'Li Wu']],
    ['their words, broken up', 'in-it-ech latch-key 26', ['Initech']],
  ])('made of %s is refused as their own words', (_, password, words) => {
    expect(problemOf(password, words)).toBe('own_words')
    expect(problemOf(password), 'for somebody else').not.toBe('own_words')
  })

  it('may hold an own word among others', () => {
    expect(problemOf('initech teapot orbit canyon', ['Initech'])).toBeUndefined()
  })
})
