import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf, keyOf, mailableForm, readAddress } from './address'

const key = (typed: string) => addressOf(typed)?.key

describe('an address', () => {
  it('keeps its typed form for display, trimmed', () => {
    expect(addressOf('  Ada.Byron@ACME.Test\n')).toEqual({ email: 'Ada.Byron@ACME.Test', key: 'ada.byron@acme.test' })
  })

  it.each([
    ['case', 'ADA@ACME.TEST', 'ada@acme.test'],
    ['composed and combining marks', 'zoe\u0301@acme.test', 'zo\u00e9@acme.test'],
    ['a mark that only the small letter has a character with', 'J\u030cx@acme.test', '\u01f0x@acme.test'],
    ['the Kelvin sign', '\u212aim@acme.test', 'kim@acme.test'],
    ['the \u00c5ngstr\u00f6m sign', '\u212bke@acme.test', '\u00e5ke@acme.test'],
    ['an international domain and its ASCII form', 'ada@B\u00dcCHER.example', 'ada@xn--bcher-kva.example'],
    ['full-width letters and dots in a domain', 'ada@\uff21\uff23\uff2d\uff25\uff0etest', 'ada@acme.test'],
    ['an ideographic full stop', 'ada@acme\u3002test', 'ada@acme.test'],
    ['full-width letters and sign', '\uff41da\uff20acme.test', 'ada@acme.test'],
    ['a zero-width space', 'ada@ac\u200bme.test', 'ada@acme.test'],
    ['a joiner', 'a\u200dda@acme.test', 'ada@acme.test'],
    ['marks of direction, as Windows copies them', '\u202aada@acme.test\u202c', 'ada@acme.test'],
    ['a left-to-right mark', '\u200eada@acme.test', 'ada@acme.test'],
    ['a word joiner', 'ada@\u2060acme.\u2060test', 'ada@acme.test'],
    ['a soft hyphen', 'ada@ac\u00adme.test', 'ada@acme.test'],
    ['a byte order mark', '\ufeffada@acme.test', 'ada@acme.test'],
    ['a selector of a variant', 'ada\ufe0f@acme.test', 'ada@acme.test'],
    ['a space that does not break', 'ada@acme.test\u00a0', 'ada@acme.test'],
  ])('is the same whatever its %s', (_, one, other) => {
    expect(key(one)).toBe(key(other))
    expect(key(one)).toBeDefined()
  })

  it.each([
    ['ada+agents@acme.test', 'ada@acme.test'],
    ['a.da@acme.test', 'ada@acme.test'],
    ['\u0455am@acme.test', 'sam@acme.test'],
    ['o\u2019neil@acme.test', "o'neil@acme.test"],
  ])('%s is another one than %s', (one, other) => {
    expect(key(one)).toBeDefined()
    expect(key(one)).not.toBe(key(other))
  })

  it('has a key that is its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), (local) => {
        const once = key(`${local}@acme.test`)
        if (once) expect(key(once)).toBe(once)
      }),
    )
  })

  const REFUSED = [
    '',
    'ada',
    '@acme.test',
    'ada@',
    'ada@acme',
    'ada@acme.',
    'ada@.test',
    'ada@acme..test',
    'ada@-acme.test',
    'ada@acme-.test',
    'ada@ac_me.test',
    'ada@127.0.0.1',
    'ada@[127.0.0.1]',
    'ada@0x7f.1',
    'ada@acme.123',
    'a da@acme.test',
    'ada@ac me.test',
    'ada@bob@acme.test',
    'ada@acme.test,bob@acme.test',
    'ada@acme.test;bob@acme.test',
    '"ada"@acme.test',
    '(ada)@acme.test',
    'ada\u0000@acme.test',
    '\ud800a@acme.test',
    'a\udc00@acme.test',
    '\ufffda@acme.test',
    'Ada ada@acme.test',
    'Ada <ada@acme.test> <bob@acme.test>',
    `${' '.repeat(1000)}ada@acme.test`,
  ]

  it('is refused where mail could not go to it', () => {
    for (const typed of REFUSED) expect(addressOf(typed), JSON.stringify(typed)).toBeUndefined()
  })

  const HOSTS = [
    'ada@ac\nme.test',
    'ada@acme.test\r\nBcc: eve@evil.test',
    'ada@ac\tme.test',
    'ada@acme.test/evil.test',
    'ada@acme.test\\evil.test',
    'ada@acme.test?evil.test',
    'ada@acme.test#evil.test',
    'ada@acme.test:25',
    'ada@acme%2etest',
  ]

  it('is refused where only a URL would make a host of its domain', () => {
    for (const typed of HOSTS) expect(addressOf(typed), JSON.stringify(typed)).toBeUndefined()
  })

  it('is at most 64 octets before the @ and 254 in all, as mail counts them', () => {
    const long = (local: number, domain: number) =>
      `${'a'.repeat(local)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(domain)}.test`

    expect(key(long(64, 40))).toBeDefined()
    expect(key(long(65, 40))).toBeUndefined()
    expect(key(long(64, 62))).toHaveLength(254)
    expect(key(long(64, 63))).toBeUndefined()
    expect(key(`${'é'.repeat(32)}@acme.test`)).toBeDefined()
    expect(key(`${'é'.repeat(33)}@acme.test`)).toBeUndefined()
  })
})

const NAMED: [string, string, string | undefined][] = [
  ['Zoe Marsh <z@acme.test>', 'z@acme.test', 'Zoe Marsh'],
  ['"Marsh, Zoe" <z@acme.test>', 'z@acme.test', 'Marsh, Zoe'],
  ['"Zoe \\"Z\\" Marsh" <z@acme.test>', 'z@acme.test', 'Zoe "Z" Marsh'],
  ["'Zoe Marsh' <z@acme.test>;", 'z@acme.test', 'Zoe Marsh'],
  ['Zoe Marsh <mailto:z@acme.test>', 'z@acme.test', 'Zoe Marsh'],
  ['Zoë\u200b Marsh <z@acme.test>', 'z@acme.test', 'Zoë Marsh'],
  ['z@acme.test <z@acme.test>', 'z@acme.test', undefined],
  ['<z@acme.test>', 'z@acme.test', undefined],
  ['mailto:z@acme.test', 'z@acme.test', undefined],
  ['MAILTO:z@acme.test?subject=Hello', 'z@acme.test', undefined],
  ['mailto:z%2Bagents@acme.test', 'z+agents@acme.test', undefined],
  ['mailto:z%@acme.test', 'z%@acme.test', undefined],
  ['z@acme.test;', 'z@acme.test', undefined],
  ['z@acme.test,', 'z@acme.test', undefined],
  ['z@acme.test.', 'z@acme.test', undefined],
  ['z@acme.test).', 'z@acme.test', undefined],
  ['z@acme.test>', 'z@acme.test', undefined],
  ['(z@acme.test)', 'z@acme.test', undefined],
  ["'z@acme.test'", 'z@acme.test', undefined],
  ['"z@acme.test"', 'z@acme.test', undefined],
  ['[z@acme.test]', 'z@acme.test', undefined],
  ['[z@acme.test](mailto:z@acme.test)', 'z@acme.test', undefined],
  ['[Zoe Marsh](mailto:z@acme.test)', 'z@acme.test', 'Zoe Marsh'],
]

describe('what is pasted', () => {
  it.each(NAMED)('%s is %s, of %s', (pasted, email, name) => {
    expect(readAddress(pasted)).toEqual({ address: { email, key: email }, name, suggestion: undefined })
    expect(key(pasted)).toBe(email)
  })

  it.each([
    ['', 'missing'],
    ['\u200b ', 'missing'],
    ['z@acme.test, y@acme.test', 'several'],
    ['z@acme.test y@acme.test', 'several'],
    ['Zoe <z@acme.test>; Yan <y@acme.test>', 'several'],
    ['z@acme.test\r\nBcc: y@evil.test', 'several'],
    ['zoe marsh@acme.test', 'space_inside'],
    ['zoe at acme', 'not_an_address'],
    ['zoe@acme', 'not_an_address'],
    [`${'z'.repeat(65)}@acme.test`, 'too_long'],
    ['.'.repeat(60_000), 'too_long'],
  ])('%j is refused as %s', (pasted, reason) => {
    expect(readAddress(pasted)).toMatchObject({ reason })
    expect(key(pasted)).toBeUndefined()
  })

  it('is understood in every wrapping, one in the other', () => {
    const wrap = fc.constantFrom<(inner: string) => string>(
      (inner) => `<${inner}>`,
      (inner) => `(${inner})`,
      (inner) => `"${inner}"`,
      (inner) => `mailto:${inner}`,
      (inner) => `${inner}; `,
      (inner) => `\u200b${inner}\u202c.`,
      (inner) => `Zoe Marsh <${inner}>`,
    )
    fc.assert(
      fc.property(fc.array(wrap, { maxLength: 1 }), fc.array(wrap, { maxLength: 1 }), ([one], [other]) => {
        const pasted = [one, other].reduce((inner, each) => each?.(inner) ?? inner, 'z@acme.test')
        if (!/<.*</.test(pasted)) expect(key(pasted), pasted).toBe('z@acme.test')
      }),
    )
  })

  it('never makes anything throw, and what it reads is the address that everybody else reads', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'az@.,;<>()[]"\' \u200b\u2019', 'mailto:', 'acme.test') }), (typed) => {
        const read = readAddress(typed)
        expect('address' in read ? read.address.key : undefined).toBe(key(typed))
        if ('address' in read) expect(key(read.address.email)).toBe(read.address.key)
      }),
    )
  })
})

describe('what was probably meant', () => {
  it.each([
    ['o\u2019brien@two.example', "o'brien@two.example"],
    ['o\u02bcbrien@two.example', "o'brien@two.example"],
    ['mary\u2013jane@two.example', 'mary-jane@two.example'],
    ['zoe@two\u2011three.example', 'zoe@two-three.example'],
    ['zoe\ufe6btwo.example', 'zoe@two.example'],
    ['zoe @two.example', 'zoe@two.example'],
    ['zoe@two. example', 'zoe@two.example'],
    ['zoe@gmial.com', 'zoe@gmail.com'],
    ['zoe@gmai.com', 'zoe@gmail.com'],
    ['zoe@gmaill.com', 'zoe@gmail.com'],
    ['zoe@gmail.co', 'zoe@gmail.com'],
    ['zoe@gmail.con', 'zoe@gmail.com'],
    ['zoe@gmial.con', 'zoe@gmail.com'],
    ['Zoe@Hotmial.com', 'Zoe@hotmail.com'],
    ['zoe@outlok.com', 'zoe@outlook.com'],
    ['zoe@yahooo.com', 'zoe@yahoo.com'],
    ['zoe@corp.cmo', 'zoe@corp.com'],
    ['Zoe <zoe@gmial.com>', 'zoe@gmail.com'],
  ])('by %s is %s', (typed, suggestion) => {
    expect(readAddress(typed).suggestion).toBe(suggestion)
  })

  it.each([
    'zoe@gmail.com',
    'zoe@mail.com',
    'zoe@ymail.com',
    'zoe@outlook.de',
    'zoe@yahoo.co.uk',
    'zoe@hotmail.fr',
    'zoe@corp.co',
    'zoe@constructor.test',
    "o'brien@two.example",
    'j\u00fcrgen@two.example',
    'nothing at all',
  ])('by %s is nothing else', (typed) => {
    expect(readAddress(typed).suggestion).toBeUndefined()
  })

  it('is an address itself, and means nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'gmail.con@\u2019\u2013 ') }), (typed) => {
        const { suggestion } = readAddress(typed)
        if (suggestion) expect(readAddress(suggestion)).toMatchObject({ address: { email: suggestion }, suggestion: undefined })
      }),
    )
  })
})

it('what is no address still has something to look it up by, which does not tell what it was, and never throws', () => {
  expect(keyOf('  Nobody AT all ')).toMatch(/^none [\da-f]{5}$/)
  expect(keyOf('  Nobody AT all ')).toBe(keyOf('nobody at all'))
  expect(keyOf('nobody at all')).not.toBe(keyOf('nobody else'))
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (typed) => {
      expect(keyOf(typed).length).toBeLessThanOrEqual(254)
    }),
  )
})

it.each([
  ['Pia.Novak@acme.test', 'Pia.Novak@acme.test'],
  ['Jürgen@Bücher.example', 'Jürgen@xn--bcher-kva.example'],
])('mail to %s goes to %s', (stored, to) => {
  expect(mailableForm(stored)).toBe(to)
})
