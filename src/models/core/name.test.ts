import { expect, it } from 'vitest'
import { NAME_CHARACTERS } from '../../limits'
import { nameOf } from './name'

it.each([
  ['  Ada   Byron ', 'Ada Byron'],
  ['Ada\r\nBcc: eve@evil.test', 'Ada Bcc: eve@evil.test'],
  ['Ada\u0000\u0007\u0085Byron', 'AdaByron'],
  ['Ada\u202enoryB\u202c', 'AdanoryB'],
  ['\u2066Ada\u2069 \u200eByron\u200f\u061c', 'Ada Byron'],
  ['Ada\u2028Byron', 'Ada Byron'],
  ['Zoe\u0301', 'Zo\u00e9'],
  ['O’Neil-Łukasz 李小龍', 'O’Neil-Łukasz 李小龍'],
  ['\ud800Ada', 'Ada'],
  ['نرگس\u200cزاده', 'نرگس\u200cزاده'],
  ['👩\u200d💻 Ada', '👩\u200d💻 Ada'],
  ['Ada\u200d \u200cByron', 'Ada Byron'],
])('%j is kept as %j', (typed, kept) => {
  expect(nameOf(typed)).toBe(kept)
})

it.each([undefined, '', '   ', '\u200b\u202e', '\u200d\u200c', '\u0000'])('%j leaves no name', (typed) => {
  expect(nameOf(typed)).toBeUndefined()
})

it('a name has at most 80 characters, none of them cut in two', () => {
  expect(nameOf('👍'.repeat(81))).toBe('👍'.repeat(NAME_CHARACTERS))
  expect(nameOf('a'.repeat(80))).toHaveLength(80)
})
