import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { connect } from '../src/db/connect'
import { readEnv } from '../src/env'
import { runJobs } from '../src/jobs/run'
import { STEPS } from '../src/jobs/steps'
import { DAY_MS } from '../src/limits'
import { pruneJobs } from '../src/models/jobs/lease'
import { pruneUndos } from '../src/models/undo/undo'
import { ROWS } from '../src/models/workspace/retention'
import { NO_CAPS } from '../test/cast'
import { Client, signedIn } from '../test/client'
import { one, run } from '../test/database'
import { formIn } from '../test/form'
import { startOver } from '../test/world'

const PEOPLE = 100_000
const AT_ONCE = 10_000
const AGENT = 'agent-support-triage'
/** When neither is kept any more. */
const FORGOTTEN_MS = 40 * DAY_MS

/** What D1 did since the last line of the table. */
type Work = { trips: number; read: number; written: number; statementMs: number; batchMs: number }
const nothing = (): Work => ({ trips: 0, read: 0, written: 0, statementMs: 0, batchMs: 0 })
let work = nothing()

/** D1 as it is, adding up what it says of each statement. */
const DB = Object.assign(Object.create(env.DB) as D1Database, {
  prepare: (sql: string) => watch(env.DB.prepare(sql)),
  batch: async <T>(batch: D1PreparedStatement[]) => tally(await env.DB.batch<T>(batch.map((each) => real.get(each) ?? each))),
})
const real = new WeakMap<D1PreparedStatement, D1PreparedStatement>()

function watch(statement: D1PreparedStatement): D1PreparedStatement {
  const watched = Object.assign(Object.create(statement) as D1PreparedStatement, {
    bind: (...values: unknown[]) => watch(statement.bind(...values)),
    all: async <T>() => tally([await statement.all<T>()])[0],
    run: async <T>() => tally([await statement.run<T>()])[0],
  })
  real.set(watched, statement)
  return watched
}

function tally<T extends D1Result[]>(results: T) {
  const metas = results.map(({ meta }) => meta)
  const ms = metas.map(({ duration }) => duration)
  work = {
    trips: work.trips + 1,
    read: metas.reduce((sum, meta) => sum + meta.rows_read, work.read),
    written: metas.reduce((sum, meta) => sum + meta.rows_written, work.written),
    statementMs: Math.max(work.statementMs, ...ms),
    batchMs: Math.max(
      work.batchMs,
      ms.reduce((sum, each) => sum + each, 0),
    ),
  }
  return results
}

/** Tenant Users who have joined, with what each is found by. */
async function people() {
  for (let from = 0; from < PEOPLE; from += AT_ONCE) {
    const numbers = `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${from + AT_ONCE}),
      p AS (SELECT 'p' || substr('00000' || i, -6) AS id FROM n)`
    await run(
      `INSERT INTO users (id, email, email_key, name, created_at) ${numbers} SELECT id, id || '@x.test', id || '@x.test', id, 1 FROM p`,
    )
    await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at, search_key, search_form)
      ${numbers} SELECT id, 'acme', id, id || '@x.test', id || '@x.test', 'user', 'active', 'all', 1, 1, id || ' ' || id || '@x.test', 1 FROM p`)
  }
}

const cells = ({ trips, read, written, statementMs, batchMs }: Work) =>
  [trips, read, written, statementMs.toFixed(0), batchMs.toFixed(0)].join(' | ')
const lines: string[] = []

async function line<T>(what: string, does: () => Promise<T>) {
  work = nothing()
  const result = await does()
  lines.push(`| ${what} | ${cells(work)} |`)
  return result
}

/** What is done again and again until nothing is left: how often, and the most that one time took of each. */
async function largest(what: string, does: () => Promise<unknown>, isLeft: () => Promise<unknown>) {
  let [most, times] = [nothing(), 0]
  for (; await isLeft(); times++) {
    work = nothing()
    await does()
    for (const key of KEYS) most[key] = Math.max(most[key], work[key])
  }
  lines.push(`| ${what}, the largest of ${times} | ${cells(most)} |`)
}
const KEYS = ['trips', 'read', 'written', 'statementMs', 'batchMs'] as const

const QUEUE = Object.assign(Object.create(env.JOB_QUEUE) as Queue, { send: async () => {} }) as Cloudflare.Env['JOB_QUEUE']

const runsOf = (what: string, id: string) =>
  largest(
    what,
    () => runJobs({ ...readEnv({ ...env, DB, JOB_QUEUE: QUEUE }), CAPS: NO_CAPS }, STEPS, [id]),
    () => one("SELECT 1 FROM jobs WHERE id = ? AND state = 'queued'", id),
  )

it(`prints what a change of ${PEOPLE} people costs`, { timeout: 3_600_000 }, async () => {
  await startOver()
  await people()
  const ada = new Client({ DB, JOB_QUEUE: QUEUE })
  for (const [name, value] of (await signedIn('ada')).cookies) ada.cookies.set(name, value)
  const action = '/w/acme/access/changes/disable'
  const page = await line('the question', async () => (await ada.get(`${action}?all=on&list=status%3Dactive%26role%3Duser`)).text())
  await line('the question about a search that finds all', () => ada.get(`${action}?all=on&list=q%3Dx.test`))
  const answer = await line('its answer', () => ada.post(action, formIn(page, action)))
  const report = answer.headers.get('Location') ?? ''
  const id = report.split('/').at(-1) ?? ''
  await line('the page of its progress', () => ada.get(report))
  await runsOf('runs of the job, twelve steps each', id)
  await line('its report', () => ada.get(report))
  await line('its report as a file', async () => (await ada.get(`${report}/report.csv`)).text())
  await line('its undo', () => ada.post(`/w/acme/access/undo/${id}`))
  await runsOf('runs of the job of the undo', `undo-${id}`)
  const [db, later] = [connect(DB), Date.now() + FORGOTTEN_MS]
  const forget = async (...statements: PromiseLike<unknown>[]) => {
    for (const statement of statements) await statement
  }
  await largest(
    'forgetting the undo, a minute',
    () => forget(...pruneUndos(db, later, ROWS)),
    () => one('SELECT 1 FROM undos'),
  )
  await largest(
    'forgetting both jobs, a round of the night',
    () => forget(...pruneJobs(db, later, ROWS)),
    () => one('SELECT 1 FROM jobs'),
  )
  await run(`INSERT INTO member_agents SELECT 'acme', id, '${AGENT}' FROM members WHERE id GLOB 'p0*'`)
  await line('deleting an agent that all lists name', () => ada.post(`/w/acme/agents/${AGENT}/delete`))
  const head = '| | D1 trips | rows read | rows written | longest statement, ms | longest trip, ms |\n|---|---|---|---|---|---|'
  console.info(`Disabling ${PEOPLE} people who match, and what else is about all of them:\n\n${head}\n${lines.join('\n')}`)
  expect(await one("SELECT count(*) AS n FROM members WHERE id GLOB 'p0*' AND status = 'active'")).toEqual({ n: PEOPLE })
})
