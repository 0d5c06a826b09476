import { describe, expect, it } from 'vitest'
import { type Key, type Keyring, kidOf, letterOf, signerOf, startOf } from './keyring'

const keyOf = (startsAt: number): Key => ({ kid: kidOf(startsAt), startsAt, key: new Uint8Array(32) })
const MINUTE_MS = 60_000
const START = Date.UTC(2026, 10, 22, 21, 19)
const RING: Keyring = [keyOf(START - MINUTE_MS), keyOf(START), keyOf(START + MINUTE_MS)]

describe('of a keyring', () => {
  it('the newest key that has started signs, from its minute on', () => {
    const signers = [-1, 0, MINUTE_MS - 1, MINUTE_MS].map((ms) => signerOf(RING, START + ms).startsAt - START)
    expect(signers).toEqual([-MINUTE_MS, 0, 0, MINUTE_MS])
  })

  it('the oldest signs while none has started: somebody has to', () => {
    expect(signerOf(RING, 0)).toBe(RING[0])
  })
})

it('a key is named by the minute that it signs from', () => {
  expect(kidOf(START + 59_999)).toBe('20261122T2119Z')
  expect(startOf('20261122T2119Z')).toBe(START)
  for (const text of ['', '1', '20261122T2119', '20261322T2119Z', '2026-11-22T21:19', '20261122T2119Zx'])
    expect(startOf(text)).toBeNaN()
})

it('a link calls a key by one letter, which the keys of the next hour do not share', () => {
  const letters = Array.from({ length: 65 }, (_, i) => letterOf({ startsAt: START + i * MINUTE_MS }))

  expect(letters.join('')).toMatch(/^[\w-]{65}$/)
  expect(new Set(letters.slice(0, 64)).size).toBe(64)
  expect(letters[64]).toBe(letters[0])
})
