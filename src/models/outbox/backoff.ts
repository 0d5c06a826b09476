import { BACKOFF } from '../../limits'

/** Which attempt it was, how old the work is, what the other side asks for, and how long the first wait is at the most, in ms. */
type Tried = { attempts: number; ageMs: number; afterMs?: number | undefined; firstMs?: number }

/**
 * How long work waits for its next attempt, in ms: exponential with full jitter, so that what one outage held up does not come back together,
 * and on top of what the other side asks for.
 */
export function backoff({ attempts, ageMs, afterMs = 0, firstMs = BACKOFF.firstMs }: Tried, random = Math.random()): number {
  const longest = Math.min(firstMs * 2 ** (attempts - 1), longestAt(ageMs, BACKOFF.mostMs))
  return Math.min(afterMs, BACKOFF.retryAfterMostMs) + Math.round(longest * random)
}

/** Until a person has corrected a setting: between half of the longest wait and all of it. */
export const repairBackoff = (ageMs: number, random = Math.random()) =>
  Math.round((longestAt(ageMs, BACKOFF.repairMs) * (1 + random)) / 2)

const longestAt = (ageMs: number, mostMs: number) => (ageMs < BACKOFF.outageMs ? mostMs : BACKOFF.mostInOutageMs)

/** What a `Retry-After` asks for, in ms: it holds seconds or an HTTP date (RFC 9110, 10.2.3). Nonsense and the past ask for nothing. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return ms > 0 ? ms : undefined
}
