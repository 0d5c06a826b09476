import { D1_RETRIES } from '../limits'

/** The database could not be asked just now. `nothingWritten`: it is known that this connection has changed nothing. */
export class UnavailableError extends Error {
  override name = 'UnavailableError'

  constructor(
    readonly nothingWritten: boolean,
    cause: unknown,
  ) {
    super('The database is not available.', { cause })
  }
}

/** The answer to a write was lost: whether it happened, nobody can tell. */
export class UnsureError extends Error {
  override name = 'UnsureError'

  constructor(cause: unknown) {
    super('The answer of the database was lost.', { cause })
  }
}

/** Which trouble with the database an error comes from, however often it was wrapped on its way. */
export function troubleWithDatabase(error: unknown): UnavailableError | UnsureError | undefined {
  if (error instanceof UnavailableError || error instanceof UnsureError) return error
  return error instanceof Error && error.cause ? troubleWithDatabase(error.cause) : undefined
}

/** What an error of a call says: what it is about, how often a call that may run twice is tried again, and whether this one can have run. */
export type Verdict = { about: 'statement' | 'database' | 'unknown'; tries: number; ran: 'no' | 'perhaps' }

/** By its message alone, with or without the `D1_ERROR: ` before it: D1's errors have no codes. */
export function verdictOn(error: unknown): Verdict {
  const said = String(error)
  return VERDICTS.find(([words]) => words.test(said))?.[1] ?? { about: 'unknown', tries: 0, ran: 'perhaps' }
}

/**
 * https://developers.cloudflare.com/d1/observability/debug-d1 says which are worth another try. What resets the database ends every call that
 * waits in it, so that of a write nobody knows. An overloaded one has refused the call before running it, and many more tries would only
 * load it further; SQLite undoes the whole batch of a statement that it refuses.
 */
const VERDICTS: [RegExp, Verdict][] = [
  [/D1_TYPE_ERROR|D1_COLUMN_NOTFOUND|Wrong number of parameter bindings/, { about: 'statement', tries: 0, ran: 'no' }],
  [/SQLITE_(BUSY|LOCKED)|database is locked/, { about: 'database', tries: D1_RETRIES.most, ran: 'no' }],
  [/SQLITE_[A-Z]/, { about: 'database', tries: 0, ran: 'no' }],
  [/D1 DB is overloaded/, { about: 'database', tries: 1, ran: 'no' }],
  [
    /Network connection lost|caused object to be reset|reset because its code was updated|Replica disconnected from primary/,
    { about: 'database', tries: D1_RETRIES.most, ran: 'perhaps' },
  ],
  [
    /Cannot resolve D1 DB due to transient issue|request stream because client disconnected|internal error/i,
    { about: 'database', tries: D1_RETRIES.most, ran: 'perhaps' },
  ],
  [/D1_ERROR|D1 DB/, { about: 'database', tries: 0, ran: 'perhaps' }],
]
