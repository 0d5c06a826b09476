import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { runCron } from '../src/cron'
import { readEnv } from '../src/env'
import { DAY_MS } from '../src/limits'
import { grow } from '../test/company'
import { run } from '../test/database'
import { startOver } from '../test/world'
import { ENTRIES } from './export-rows'

const PEOPLE = 100_000
const AT_ONCE = 10_000
const [MINUTE, NIGHT] = ['* * * * *', '17 3 * * *']
/** What reads fewer rows than this is not worth a line. */
const NOTED = 1_000

type Line = { times: number; read: number; written: number; ms: number }

/** The statements of a run by how they begin: how often each, and the most rows and time of one. */
let lines = new Map<string, Line>()

function note(sql: string, { rows_read, rows_written, duration }: D1Meta) {
  const words = sql
    .replaceAll(/["\s]+/g, ' ')
    .trim()
    .slice(0, 90)
  const line = lines.get(words) ?? { times: 0, read: 0, written: 0, ms: 0 }
  lines.set(words, {
    times: line.times + 1,
    read: Math.max(line.read, rows_read),
    written: Math.max(line.written, rows_written),
    ms: Math.max(line.ms, duration),
  })
}

const noted = new WeakMap<D1PreparedStatement, { statement: D1PreparedStatement; sql: string }>()

function watch(statement: D1PreparedStatement, sql: string): D1PreparedStatement {
  const tally = <R extends D1Result>(result: R) => {
    note(sql, result.meta)
    return result
  }
  const watched = Object.assign(Object.create(statement) as D1PreparedStatement, {
    bind: (...values: unknown[]) => watch(statement.bind(...values), sql),
    all: async () => tally(await statement.all()),
    run: async () => tally(await statement.run()),
  })
  noted.set(watched, { statement, sql })
  return watched
}

const DB = Object.assign(Object.create(env.DB) as D1Database, {
  prepare: (sql: string) => watch(env.DB.prepare(sql), sql),
  batch: async (batch: D1PreparedStatement[]) => {
    const results = await env.DB.batch(batch.map((each) => noted.get(each)?.statement ?? each))
    for (const [i, { meta }] of results.entries()) note(noted.get(batch[i] as D1PreparedStatement)?.sql ?? '', meta)
    return results
  },
})

async function print(what: string, cron: string, now = Date.now()) {
  lines = new Map()
  const silent = { sendBatch: async () => {}, send: async () => {} } as unknown as Queue
  await runCron(readEnv({ ...env, DB, MAIL_QUEUE: silent, JOB_QUEUE: silent } as never), cron, now)
  const all = [...lines.values()]
  const sum = (key: keyof Line) => all.reduce((total, line) => total + line[key] * (key === 'times' ? 1 : line.times), 0)
  const worst = [...lines].filter(([, { read, written }]) => read >= NOTED || written >= NOTED)
  const rows = worst.map(([sql, { times, read, written, ms }]) =>
    [`${times}x`.padStart(5), ...[read, written, Math.round(ms)].map((each) => `${each}`.padStart(10)), `  ${sql}`].join(''),
  )
  console.info(
    [`${what}: ${sum('times')} statements, at most ${sum('read')} rows read and ${sum('written')} written`, ...rows].join('\n'),
  )
}

it('prints what a run of the Cron reads and writes', { timeout: 3_600_000 }, async () => {
  await startOver()
  for (let from = 0; from < PEOPLE; from += AT_ONCE) await grow(from, from + AT_ONCE)
  await print('A minute with nothing to do', MINUTE)
  for (const statement of ENTRIES) await run(statement)
  await print('A minute with nothing to do, a million entries', MINUTE)
  for (let night = 1; night <= 3; night++) await print(`Night ${night} with a million old entries`, NIGHT)
  const now = Date.now()
  await run(
    'UPDATE invitations SET expires_at = ?1, expiry_notice_at = ?1, remind_at = ?1 WHERE id GLOB ?2',
    now - 1000,
    'i-person-*',
  )
  await print('A minute in which 100,000 invitations expired', MINUTE, now)
  await print('the next one', MINUTE, now + 60_000)
  await print('A night a year on', NIGHT, now + 365 * DAY_MS)
  await print('the next one', NIGHT, now + 366 * DAY_MS)
  expect(lines.size).toBeGreaterThan(0)
})
