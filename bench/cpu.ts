import { cpSync } from 'node:fs'
import { loadavg } from 'node:os'
import { run } from '../bin/command.ts'
import { COMPANY } from '../test/company-rows.ts'
import { PAGES } from './pages.ts'
import { built, cpuMs, type Served, serve, signIn } from './workerd.ts'

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
const BARE = '/w/acme/access/users'

type Page = { served: Served; path: string }

let cookie = ''

await built(STATE)
await run('wrangler', 'deploy', 'bench/bare-worker.ts', '--dry-run', '--outdir', `${STATE}/bare-worker`)
await fill()
cpSync(`${STATE}/latchkey`, `${STATE}/bare`, { recursive: true })
const latchkey = await serve(STATE, 'worker/index.js', 'latchkey')
const bare = await serve(STATE, 'bare-worker/bare-worker.js', 'bare')
try {
  await bench()
} finally {
  await latchkey.workerd.dispose()
  await bare.workerd.dispose()
}

/** People for the pages, and a session. */
async function fill() {
  const served = await serve(STATE, 'worker/index.js', 'latchkey')
  const db = await served.workerd.getD1Database('DB')
  for (const statement of COMPANY) await db.prepare(statement).run()
  cookie = await signIn(served)
  await served.workerd.dispose()
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

function median(values: number[]) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function row(name: string, ...cells: string[]) {
  return name.padEnd(24) + cells.map((cell) => cell.padStart(16)).join('')
}
