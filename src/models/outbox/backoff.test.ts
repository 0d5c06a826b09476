import { describe, expect, it } from 'vitest'
import { backoff, repairBackoff, retryAfterMs } from './backoff'

const NOW = Date.UTC(2026, 10, 22)
const MINUTE_MS = 60_000

describe('waiting for the next attempt', () => {
  it('doubles its longest wait, up to five minutes', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 99].map((attempts) => backoff(attempts, 0, 1) / 1000)).toEqual([
      5, 10, 20, 40, 80, 160, 300, 300, 300,
    ])
  })

  it('takes any time up to that', () => {
    expect([0, 0.5, 1].map((random) => backoff(3, 0, random))).toEqual([0, 10_000, 20_000])
    expect(new Set(Array.from({ length: 20 }, () => backoff(7))).size).toBeGreaterThan(1)
  })

  it('begins where the other side wants it to, an hour ahead at the most', () => {
    expect([0, 1].map((random) => backoff(1, 2 * MINUTE_MS, random))).toEqual([120_000, 125_000])
    expect(backoff(1, 24 * 60 * MINUTE_MS, 0)).toBe(60 * MINUTE_MS)
  })

  it('takes minutes when a person has to correct a setting', () => {
    expect([0, 1].map(repairBackoff)).toEqual([5 * MINUTE_MS, 10 * MINUTE_MS])
  })
})

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['Sun, 22 Nov 2026 00:02:00 GMT', 120_000],
    ['0', undefined],
    ['-5', undefined],
    ['Sat, 21 Nov 2026 00:00:00 GMT', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s means %s ms', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms)
  })
})
