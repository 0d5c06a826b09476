import { env } from 'cloudflare:workers'
import type { JobMessage, MailMessage } from '../src/env'

/** What Cloudflare bills. `queueOperations`: each message is written, read and deleted. */
export type Usage = {
  requests: number
  rowsRead: number
  rowsWritten: number
  kvReads: number
  kvWrites: number
  queueOperations: number
  mails: number
}

export const nothing = (): Usage => ({
  requests: 0,
  rowsRead: 0,
  rowsWritten: 0,
  kvReads: 0,
  kvWrites: 0,
  queueOperations: 0,
  mails: 0,
})

const OPERATIONS_A_MESSAGE = 3

/** The bindings as they are, adding up what D1 says of each query, and each use of KV and the Queue. */
export function metered(usage: Usage) {
  const tally = <R extends D1Result>(result: R) => {
    usage.rowsRead += result.meta.rows_read
    usage.rowsWritten += result.meta.rows_written
    return result
  }
  const real = new WeakMap<D1PreparedStatement, D1PreparedStatement>()
  const watch = (statement: D1PreparedStatement): D1PreparedStatement => {
    const watched = Object.assign(Object.create(statement) as D1PreparedStatement, {
      bind: (...values: unknown[]) => watch(statement.bind(...values)),
      all: async () => tally(await statement.all()),
      run: async () => tally(await statement.run()),
    })
    real.set(watched, statement)
    return watched
  }
  const DB = Object.assign(Object.create(env.DB) as D1Database, {
    prepare: (sql: string) => watch(env.DB.prepare(sql)),
    batch: async (batch: D1PreparedStatement[]) => (await env.DB.batch(batch.map((one) => real.get(one) ?? one))).map(tally),
  })
  const USED_TOKENS = Object.assign(Object.create(env.USED_TOKENS) as KVNamespace, {
    get: (key: string) => {
      usage.kvReads++
      return env.USED_TOKENS.get(key)
    },
    put: (key: string, value: string, options: object) => {
      usage.kvWrites++
      return env.USED_TOKENS.put(key, value, options)
    },
  })
  const MAIL_QUEUE = Object.assign(Object.create(env.MAIL_QUEUE) as Queue<MailMessage>, {
    sendBatch: async (batch: Iterable<unknown>) => {
      usage.queueOperations += [...batch].length * OPERATIONS_A_MESSAGE
    },
  })
  const JOB_QUEUE = Object.assign(Object.create(env.JOB_QUEUE) as Queue<JobMessage>, {
    send: async () => {
      usage.queueOperations += OPERATIONS_A_MESSAGE
    },
  })
  return { DB, USED_TOKENS, MAIL_QUEUE, JOB_QUEUE }
}
