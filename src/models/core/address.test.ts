import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf, keyOf, mailableForm } from './address'

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
  ])('is the same whatever its %s', (_, one, other) => {
    expect(key(one)).toBe(key(other))
    expect(key(one)).toBeDefined()
  })

  it.each([
    ['ada+agents@acme.test', 'ada@acme.test'],
    ['a.da@acme.test', 'ada@acme.test'],
    ['\u0455am@acme.test', 'sam@acme.test'],
    ['\uff41da@acme.test', 'ada@acme.test'],
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
    'Ada <ada@acme.test>',
    '"ada"@acme.test',
    '(ada)@acme.test',
    'ada\u0000@acme.test',
    'ada\u202e@acme.test',
    'ada\u200b@acme.test',
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
    'ada@ac\u00adme.test',
    'ada@ac\u200bme.test',
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

it('what is no address still has something to look it up by, and never throws', () => {
  expect(keyOf('  Nobody AT all ')).toBe('nobody at all')
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
