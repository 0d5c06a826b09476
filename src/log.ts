/** What a line may say besides: ids of rows, numbers, words of ours; nothing that somebody typed. An undefined one is left out. */
export type Fields = Record<string, string | number | boolean | null | undefined>

/** Within a request also `requestId`, and with a session `tenant` and `actor`, the member's id. */
export type Line = Fields & { action: string; outcome: string }

/**
 * One JSON object on one line. What somebody has to look at goes to the error level, what was done another way to the warn level. No other file writes to the console.
 * `action` is what was asked for: a route's pattern, a queue's or a Cron's task, never a URL.
 */
export function log(line: Line) {
  const text = JSON.stringify({ at: new Date().toISOString(), ...line }, (_, value) => (isPlain(value) ? value : WITHHELD))
  if (ALARMING.has(line.outcome)) console.error(text)
  else if (line.outcome === BYPASSED) console.warn(text)
  else console.log(text)
}

/** docs/operations.md says what to do about each. */
const ALARMING = new Set(['failed', 'misconfigured', 'dead letter', 'incomplete'])

/** Something was out of order, and nobody has noticed. */
export const BYPASSED = 'bypassed'

const WITHHELD = '(withheld)'

/** The last guard, not the first: an address, a cookie, a query string or a signed token does not look like this. */
const PLAIN = /^[\w .,:;/()+-]{0,200}$/
const isPlain = (value: unknown) => typeof value !== 'string' || PLAIN.test(value)

/**
 * What may be said of an error: its class, and where it was thrown. Of its message only what D1 says, which names tables, columns and
 * rules; any other may repeat the value it stumbled over.
 */
export function troubleOf(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: typeof error }
  const messages = chainOf(error).map(({ message }) => message)
  return {
    error: error.name,
    cause: error.cause instanceof Error ? error.cause.name : undefined,
    d1: messages
      .find((message) => D1.test(message))
      ?.replace(QUOTED, '(...)')
      .slice(0, 200),
    code: messages.find((message) => CODE.test(message))?.match(CODE)?.[0],
    thrownAt: placeOf(error),
  }
}

/** An error and what it was caused by, and that by. */
const chainOf = (error: Error): Error[] => [error, ...(error.cause instanceof Error ? chainOf(error.cause) : [])]

const CODE = /\bSQLITE_[A-Z_]+\b/
const D1 = /^D1_[A-Z_]+: /
/** Greedy, so that a quote within a quote hides nothing. */
const QUOTED = /["'`].*["'`]/s

/** The first frame of its stack that is not the platform's own, as file, line and column. */
const placeOf = ({ message, stack = '' }: Error) => stack.replace(message, '').match(OWN_FRAME)?.[1]
const OWN_FRAME = /^ +at (?!.*internal:).*?([\w.-]+:\d+:\d+)\)?$/m
