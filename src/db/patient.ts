import { D1_RETRIES } from '../limits'
import { UnavailableError, UnsureError, type Verdict, verdictOn } from './trouble'

/** `writesAreSafe`: every write may run twice and leaves what it left the first time. */
type Patience = { writesAreSafe: boolean; random: () => number; sleep: (ms: number) => Promise<unknown> }

export const PATIENCE: Patience = {
  writesAreSafe: false,
  random: () => Math.random(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
}

/**
 * D1, with retries: a call made only of reads is tried again, and so is a write that may run twice. For any other write the caller learns whether it
 * can have happened. @throws UnavailableError, UnsureError; whatever else D1 throws it throws as it is, with nothing written by that call
 */
export function patient(d1: D1Database, patience: Patience = PATIENCE): D1Database {
  const calls = new Calls(patience)
  return Object.assign(Object.create(d1), {
    prepare: (sql: string) => new Statement(d1.prepare(sql), isRead(sql), calls),
    batch: (statements: D1PreparedStatement[]) => {
      const own = statements.map((one) => (one instanceof Statement ? one : new Statement(one, false, calls)))
      return calls.make(
        own.every(({ reads }) => reads),
        () => d1.batch(own.map(({ real }) => real)),
      )
    },
  })
}

class Statement implements D1PreparedStatement {
  constructor(
    readonly real: D1PreparedStatement,
    readonly reads: boolean,
    private readonly calls: Calls,
  ) {}

  bind(...values: unknown[]) {
    return new Statement(this.real.bind(...values), this.reads, this.calls)
  }

  first<T = unknown>(column: string): Promise<T | null>
  first<T = Record<string, unknown>>(): Promise<T | null>
  first<T>(column?: string) {
    return this.calls.make(this.reads, () => (column === undefined ? this.real.first<T>() : this.real.first<T>(column)))
  }

  run<T = Record<string, unknown>>() {
    return this.calls.make(this.reads, () => this.real.run<T>())
  }

  all<T = Record<string, unknown>>() {
    return this.calls.make(this.reads, () => this.real.all<T>())
  }

  raw<T = unknown[]>(options: { columnNames: true }): Promise<[string[], ...T[]]>
  raw<T = unknown[]>(options?: { columnNames?: false }): Promise<T[]>
  raw<T = unknown[]>(options?: { columnNames?: boolean }): Promise<T[] | [string[], ...T[]]> {
    const call = (): Promise<T[] | [string[], ...T[]]> =>
      options?.columnNames ? this.real.raw<T>({ columnNames: true }) : this.real.raw<T>()
    return this.calls.make(this.reads, call)
  }
}

/** Of a statement of a patient connection. */
export const isReadOnly = (statement: D1PreparedStatement) => statement instanceof Statement && statement.reads

/** The calls of one connection; whether one of them may have written is what its errors can say. */
class Calls {
  private written = false

  constructor(private readonly patience: Patience) {}

  async make<T>(reads: boolean, call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await call()
        if (!reads) this.written = true
        return answer
      } catch (error) {
        const verdict = verdictOn(error)
        if (!(reads || this.patience.writesAreSafe) || attempt > verdict.tries) throw this.endOf(error, reads, verdict)
        await this.patience.sleep(delayBefore(attempt, this.patience.random()))
      }
    }
  }

  private endOf(error: unknown, reads: boolean, { about, ran }: Verdict) {
    if (about === 'statement') return error
    if (!reads && ran === 'perhaps') return new UnsureError(error)
    return about === 'database' ? new UnavailableError(!this.written, error) : error
  }
}

/** Exponential with full jitter, so that the calls of one bad moment do not come back together. */
const delayBefore = (attempt: number, random: number) => Math.round(D1_RETRIES.firstMs * 2 ** (attempt - 1) * random)

/** A SELECT writes nothing in SQLite, and what else begins with WITH shows by its words. */
function isRead(sql: string) {
  if (/^\s*(SELECT|EXPLAIN)\b/i.test(sql)) return true
  return /^\s*WITH\b/i.test(sql) && !/\b(INSERT|UPDATE|DELETE|REPLACE)\b/i.test(sql.replaceAll(/'[^']*'/g, "''"))
}
