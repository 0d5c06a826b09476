import { describe, expect, it } from 'vitest'
import { safeHref, URL_CHARACTERS } from './url'

const ORIGIN = 'https://latchkey.test'
const hrefOf = (typed: string) => safeHref(typed, ORIGIN)

describe('a URL that an admin types', () => {
  it.each([
    ['an https address', ' https://traces.example.com/x?y=1#z ', 'https://traces.example.com/x?y=1#z'],
    ['a path of this site', '/reports?all=1', '/reports?all=1'],
    ['an address of this site, kept as a path', 'https://latchkey.test/reports', '/reports'],
    ['a path that would read as a host', '/.//evil.test/x', '/evil.test/x'],
    ['an address of this site that would', 'https://latchkey.test//evil.test/x', '/evil.test/x'],
    ['an address with a line break inside', 'https://a.example\n.com/', 'https://a.example.com/'],
  ])('may be %s', (_, typed, href) => {
    expect(hrefOf(typed)).toEqual({ href })
  })

  it.each([
    ['javascript:alert(1)'],
    ['JavaScript:alert(1)'],
    ['java\nscript:alert(1)'],
    ['data:text/html,hello'],
    ['http://traces.example.com'],
    ['http://latchkey.test/x'],
    ['blob:https://latchkey.test/0'],
    ['ftp://example.com'],
    ['//evil.test'],
    ['/\\evil.test'],
    ['/\t/evil.test'],
    ['traces.example.com'],
    ['https://'],
    ['reports'],
    [''],
  ])('may not be %j', (typed) => {
    expect(hrefOf(typed)).toEqual({ reason: 'not_https' })
  })

  it.each([['https://ada@example.com'], ['https://ada:secret@example.com/'], ['https://ada@latchkey.test/x']])(
    'may not carry credentials: %s',
    (typed) => {
      expect(hrefOf(typed)).toEqual({ reason: 'credentials' })
    },
  )

  it('has at most 2,000 characters, also once it is written out', () => {
    const start = 'https://example.com/'
    const fits = start + 'a'.repeat(URL_CHARACTERS - start.length)

    expect(hrefOf(fits)).toEqual({ href: fits })
    expect(hrefOf(`${fits}a`)).toEqual({ reason: 'too_long' })
    expect(hrefOf(start + 'ä'.repeat(700))).toEqual({ reason: 'too_long' })
  })
})
