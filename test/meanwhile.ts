import { env } from 'cloudflare:workers'
import { Client } from './client'

/** What happens before the next batch but one of whoever has it: after what a request read, and before what it writes. */
export type Meanwhile = { happens?: (() => Promise<unknown>) | undefined }

/** A browser or tool during whose next request something happens. */
export function clientMeanwhile(meanwhile: Meanwhile) {
  let batches = 0
  const DB = Object.assign(Object.create(env.DB) as D1Database, {
    batch: async <T>(statements: D1PreparedStatement[]) => {
      if (meanwhile.happens && ++batches === 2) {
        const { happens } = meanwhile
        meanwhile.happens = undefined
        batches = 0
        await happens()
      }
      return env.DB.batch<T>(statements)
    },
  })
  return new Client({ DB })
}
