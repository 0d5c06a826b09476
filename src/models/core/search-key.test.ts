import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressKey, nameKey, needlesOf, personKey } from './search-key'

const finds = (typed: string, person: { email: string; name: string | null }) =>
  needlesOf(typed).every((needle) => personKey(person).includes(needle))
const named = (name: string, email = 'x1@acme.test') => ({ name, email })

describe('a person is found', () => {
  it.each([
    ['Åsa', 'Åsa Öberg'],
    ['åsa', 'Åsa Öberg'],
    ['asa', 'Åsa Öberg'],
    ['ÖBERG', 'Åsa Öberg'],
    ['O\u0308berg', 'Åsa Öberg'],
    ['sa Öberg', 'Åsa Öberg'],
    ['öberg åsa', 'Åsa Öberg'],
    ['müller anna', 'Anna Müller'],
    ['muller', 'Anna Mu\u0308ller'],
    ['strasse', 'Straße'],
    ['STRAẞE', 'Straße'],
    ['istanbul', 'İstanbul'],
    ['ισορροπίας', 'ΙΣΟΡΡΟΠΙΑΣ'],
    ['иванов', 'Иванов Пётр'],
    ['петр', 'Иванов Пётр'],
    ['محمد', 'مُحَمَّد'],
    ['小明', '王小明'],
    ['ｗａｎｇ', 'Wang'],
    ['김', '김철수'],
    ['철수', '김철수'],
    ["o'brien", 'Sean O’Brien'],
    ['o’brien', "Sean O'Brien"],
    ['mary-jane', 'Mary–Jane'],
    ['mar\u00adsh', 'Mar\u200bsh'],
    ['marsh zoe', '"Marsh, Zoe"'],
    ['b ok', 'Bob Okafor'],
    ['Zoe Marsh <x1@acme.test>', 'Zoe Marsh'],
  ])('by %s, whose name is %s', (typed, name) => {
    expect(finds(typed, named(name)), personKey(named(name))).toBe(true)
  })

  it.each([
    ['jurgen@bücher', 'Jürgen@Bücher.example'],
    ['BÜCHER.example', 'jürgen@xn--bcher-kva.example'],
    ['xn--bcher', 'jürgen@bücher.example'],
    ['jürgen@xn--bcher-kva.example', 'jürgen@bücher.example'],
  ])('by %s, whose address is %s', (typed, email) => {
    expect(finds(typed, { name: null, email })).toBe(true)
  })

  it.each([
    ['ob', 'Bob Okafor'],
    ['b bo z', 'Bob Okafor'],
    ['कि', 'का'],
    ['okafor ada', 'Bob Okafor'],
  ])('not by %s, whose name is %s', (typed, name) => {
    expect(finds(typed, named(name))).toBe(false)
  })

  it('by any three characters in a row of a word of theirs', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ÅbéßİΣς王한жç3.’-'), minLength: 3, maxLength: 30 })
    fc.assert(
      fc.property(word, fc.nat(27), (name, at) => {
        const part = name.slice(Math.min(at, name.length - 3)).slice(0, 3)
        expect(finds(part, named(name)), `${part} in ${name}`).toBe(true)
      }),
    )
  })
})

it('a key without a name is the beginning of the one with it', () => {
  expect(personKey({ email: 'Bob@Acme.test', name: null })).toBe(addressKey('bob@acme.test'))
  expect(personKey({ email: 'bob@acme.test', name: 'Bob' })).toBe(`${addressKey('bob@acme.test')}${nameKey('Bob')}`)
})

it('a key has at most 400 characters, and what is typed at most six words', () => {
  expect(nameKey('\ufdfa'.repeat(80)).length).toBeLessThanOrEqual(400)
  expect(needlesOf('a1b c2d e3f g4h i5j k6l m7n')).toHaveLength(6)
})

it('what narrows down most is looked up: the longest word, and one long enough before any other', () => {
  expect(needlesOf('ada okafor bo')).toEqual(['okafor', 'ada', 'bo'])
  expect(needlesOf('b ok')).toEqual([' ok', ' b'])
  expect(needlesOf('  ')).toEqual([])
  expect(needlesOf('()')).toEqual([' ()'])
})
