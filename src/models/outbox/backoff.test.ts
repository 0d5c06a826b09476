import { describe, expect, it } from 'vitest'
import { backoff, repairBackoff, retryAfterMs } from './backoff'

const NOW = Date.UTC(2026, 10, 22)
const MINUTE_MS = 60_000

const NEW = { ageMs: MINUTE_MS }
const OLD = { ageMs: 60 * MINUTE_MS }
const longest = (attempts: number, { ageMs }: { ageMs: number }) => backoff({ attempts, ageMs }, 1) / 1000

describe('waiting for the next attempt', () => {
  it('doubles its longest wait, up to five minutes', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 99].map((attempts) => longest(attempts, NEW))).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300])
  })

  it('goes up to half an hour once the work is an hour old', () => {
    expect([1, 9, 10, 99].map((attempts) => longest(attempts, OLD))).toEqual([5, 1280, 1800, 1800])
  })

  it('costs a mail that nobody takes for three days some three hundred attempts, not thousands', () => {
    let [ageMs, attempts] = [0, 0]
    while (ageMs < 72 * 60 * MINUTE_MS) ageMs += backoff({ attempts: ++attempts, ageMs }, 0.5)
    expect(attempts).toBeLessThan(350)
  })

  it('takes any time up to that', () => {
    expect([0, 0.5, 1].map((random) => backoff({ attempts: 3, ...NEW }, random))).toEqual([0, 10_000, 20_000])
    expect(new Set(Array.from({ length: 20 }, () => backoff({ attempts: 7, ...NEW }))).size).toBeGreaterThan(1)
  })

  it('begins where the other side wants it to, an hour ahead at the most', () => {
    const asked = (afterMs: number) => ({ attempts: 1, afterMs, ...NEW })
    expect([0, 1].map((random) => backoff(asked(2 * MINUTE_MS), random))).toEqual([120_000, 125_000])
    expect(backoff(asked(24 * 60 * MINUTE_MS), 0)).toBe(60 * MINUTE_MS)
  })

  it('takes minutes when a person has to correct a setting, and more once that takes long', () => {
    expect([0, 1].map((random) => repairBackoff(NEW.ageMs, random))).toEqual([5 * MINUTE_MS, 10 * MINUTE_MS])
    expect([0, 1].map((random) => repairBackoff(OLD.ageMs, random))).toEqual([15 * MINUTE_MS, 30 * MINUTE_MS])
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
