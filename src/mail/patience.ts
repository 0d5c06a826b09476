const FIRST_RETRY_MS = 5_000
/** Short enough that mail goes out soon after the provider is back. */
const LONGEST_RETRY_MS = 5 * 60_000
/** A provider's `Retry-After` is honoured up to here; a longer one would outlive most links. */
const LONGEST_PATIENCE_MS = 60 * 60_000
/** A person has to mend something first. */
const MENDING_MS = 10 * 60_000

/**
 * How long a mail waits after its `attempts`-th attempt, in ms: exponential with full jitter, so that the mails of one outage do not come
 * back together, and on top of what the provider asks for.
 */
export function retryDelay(attempts: number, afterMs = 0, random = Math.random()): number {
  const backoff = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
  return Math.min(afterMs, LONGEST_PATIENCE_MS) + Math.round(backoff * random)
}

/** Between half of it and all of it. */
export const mendingDelay = (random = Math.random()) => Math.round((MENDING_MS * (1 + random)) / 2)

/** What a `Retry-After` asks for, in ms: it holds seconds or an HTTP date (RFC 9110, 10.2.3). Nonsense and the past ask for nothing. */
export function patienceOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return ms > 0 ? ms : undefined
}
