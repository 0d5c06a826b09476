import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { run } from '../bin/command.ts'
import { PASS_PHRASE } from '../src/dev/seed.ts'
import { COMPANY } from '../test/company-rows.ts'
import { PAGES } from './pages.ts'

/**
 * The CPU time of the big pages beside a bare one: `npm run bench:cpu`, or `npm run bench:cpu 'user table'`, on Linux. Both are what would be
 * deployed, in a workerd each, with a local D1 whose work counts as well. Time on the processor, not on the clock, and in turns, since others use
 * the machine too.
 */
const AT_ONCE = [1, 16]
/** Requests by which V8 has compiled what is worth it. */
const WARMING = 800
const ROUNDS = 9
const REQUESTS = 48

const STATE = '.wrangler/bench-cpu'
const ORIGIN = 'http://localhost'
const BARE = '/w/acme/access/users'

type Served = { workerd: Miniflare; pid: number; origin: URL }
type Page = { served: Served; path: string }

let cookie = ''

rmSync(STATE, { recursive: true, force: true })
process.env.LATCHKEY_STATE = `${STATE}/latchkey`
process.env.LATCHKEY_BARE = '1'
const { prepare } = await import('../bin/local.ts')
await prepare(console.log)
await run('wrangler', 'deploy', '--dry-run', '--outdir', `${STATE}/worker`)
await run('wrangler', 'deploy', 'bench/bare-worker.ts', '--dry-run', '--outdir', `${STATE}/bare-worker`)
await fill()
cpSync(`${STATE}/latchkey`, `${STATE}/bare`, { recursive: true })
const latchkey = await serve('worker/index.js', 'latchkey')
const bare = await serve('bare-worker/bare-worker.js', 'bare')
try {
  await bench()
} finally {
  await latchkey.workerd.dispose()
  await bare.workerd.dispose()
}

/** People for the pages, and a session. */
async function fill() {
  const { workerd, origin } = await serve('worker/index.js', 'latchkey')
  const db = await workerd.getD1Database('DB')
  for (const statement of COMPANY) await db.prepare(statement).run()
  const body = new URLSearchParams({ email: 'ada@acme.test', password: PASS_PHRASE })
  const answer = await fetch(new URL('/login', origin), { method: 'POST', body, redirect: 'manual', headers: { Origin: ORIGIN } })
  cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  await workerd.dispose()
}

async function serve(script: string, state: string): Promise<Served> {
  const others = workerds()
  const options = convertV4MiniflareOptions({
    modules: true,
    modulesRoot: STATE,
    scriptPath: `${STATE}/${script}`,
    compatibilityDate: '2026-10-23',
    compatibilityFlags: ['nodejs_compat'],
    bindings: {
      ...secrets(),
      ENVIRONMENT: 'development',
      MAIL_PROVIDER: 'local',
      MAIL_FROM: 'bench@acme.test',
      APP_ORIGIN: ORIGIN,
    },
    d1Databases: { DB: 'local' },
    kvNamespaces: { USED_TOKENS: 'local' },
    queueProducers: { MAIL_QUEUE: 'latchkey-mail', JOB_QUEUE: 'latchkey-jobs' },
    ratelimits: { BURST: { namespace_id: '1001', simple: { limit: 100, period: 60 } } },
    resourcePersistencePath: `${process.cwd()}/${STATE}/${state}/v3`,
    handleStructuredLogs: () => {},
  })
  const workerd = new Miniflare(options)
  const origin = await workerd.ready
  return { workerd, origin, pid: workerds().find((pid) => !others.includes(pid)) ?? 0 }
}

function secrets() {
  const lines = readFileSync('.dev.vars', 'utf8').matchAll(/^(\w+)=(\S+)/gm)
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]))
}

async function bench() {
  const floor = { served: bare, path: BARE }
  await msOf(floor, WARMING, 1)
  console.log(`\nCPU of a page, and beside a bare table of the same 50 people; load ${(loadavg()[0] ?? 0).toFixed(1)}\n`)
  console.log(row('', ...AT_ONCE.flatMap((atOnce) => [`ms, ${atOnce} at once`, 'x bare'])))
  for (const [name, path] of PAGES.filter(([name]) => name.includes(process.argv[2] ?? ''))) {
    const page = { served: latchkey, path }
    await msOf(page, WARMING, 1)
    const cells = []
    for (const atOnce of AT_ONCE) cells.push(...(await beside(page, floor, atOnce)))
    console.log(row(name, ...cells))
  }
}

/** Medians of rounds in which each has its turn. */
async function beside(page: Page, floor: Page, atOnce: number) {
  const rounds = []
  for (let round = 0; round < ROUNDS; round++) {
    const ms = await msOf(page, REQUESTS, atOnce)
    rounds.push({ ms, ratio: ms / (await msOf(floor, REQUESTS, atOnce)) })
  }
  return [median(rounds.map(({ ms }) => ms)).toFixed(1), median(rounds.map(({ ratio }) => ratio)).toFixed(2)]
}

async function msOf({ served: { origin, pid }, path }: Page, requests: number, atOnce: number) {
  const before = cpuMs(pid)
  let left = requests
  const client = async () => {
    while (left-- > 0) await read(new URL(path, origin))
  }
  await Promise.all(Array.from({ length: atOnce }, client))
  return (cpuMs(pid) - before) / requests
}

async function read(url: URL) {
  const answer = await fetch(url, { headers: { Cookie: cookie } })
  await answer.arrayBuffer()
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
}

/** What each thread of a process has had of the processors, in nanoseconds there. */
function cpuMs(pid: number) {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'))
  return threads.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e6
}

function workerds() {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return children.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'workerd\n').map(Number)
}

function median(values: number[]) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function row(name: string, ...cells: string[]) {
  return name.padEnd(24) + cells.map((cell) => cell.padStart(16)).join('')
}
