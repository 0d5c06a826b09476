import { rmSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { answers, originOf, startWorker } from '../bin/local-worker.ts'
import { PASS_PHRASE } from '../src/dev/seed.ts'

/** How long an unrelated page takes beside people who sign in, in hashes: `npm run bench:hashing`, PORT as with `npm run dev`. */
const PEOPLE = [0, 1, 4, 16, 64]
const PROBES = 60
/** Between two pages, in hashes: as on a quiet machine, where one takes a fifth of a second, some seven pages a second. */
const MEAN_PAUSE = 0.8
const ALONE = 9

const PORT = Number(process.env.PORT ?? 8789)
const ORIGIN = originOf(PORT)
const STATE = '.wrangler/bench'

let strangers = 0

rmSync(STATE, { recursive: true, force: true })
process.env.LATCHKEY_STATE = STATE
const { prepare } = await import('../bin/local.ts')
await prepare(console.log)
const worker = startWorker({ port: PORT, state: STATE })
try {
  if (!(await answers(worker, ORIGIN))) throw new Error('The Worker does not start.')
  await bench()
} finally {
  worker.kill('SIGTERM')
}

async function bench() {
  const cookie = await session()
  const page = () => fetch(`${ORIGIN}/w/acme/agents`, { headers: { Cookie: cookie } }).then(read(200))
  const hash = await medianOf(ALONE, signInOfNobody)
  await medianOf(ALONE, page)
  console.log(
    `One sign-in alone takes ${hash.toFixed(0)} ms, and is the hash of this table. Load ${load()} on ${cpus().length} processors.\n`,
  )
  console.log(row('signing in', 'page p50 ms', 'p95 ms', 'p50 hashes', 'p95 hashes', 'sign-ins/s', 'told to wait', 'load'))
  for (const people of PEOPLE) console.log(row(`${people}`, ...(await beside(people, page, hash))))
}

/** Pages asked for at random times, whether the one before has come or not, while so many people do nothing but sign in. */
async function beside(people: number, page: () => Promise<unknown>, hash: number) {
  const counted = { done: 0, told: 0 }
  let over = false
  const storm = Array.from({ length: people }, async () => {
    while (!over) counted[(await signInOfNobody()) === 503 ? 'told' : 'done']++
  })
  await setTimeout(people && 1500)
  const start = performance.now()
  counted.done = 0
  const probes: Promise<number>[] = []
  for (let i = 0; i < PROBES; i++) {
    await setTimeout(-Math.log(1 - Math.random()) * MEAN_PAUSE * hash)
    probes.push(timed(page))
  }
  const taken = (await Promise.all(probes)).toSorted((a, b) => a - b)
  const aSecond = (counted.done * 1000) / (performance.now() - start)
  over = true
  await Promise.all(storm)
  const [p50, p95] = [quantile(taken, 0.5), quantile(taken, 0.95)]
  return [
    p50.toFixed(0),
    p95.toFixed(0),
    (p50 / hash).toFixed(2),
    (p95 / hash).toFixed(2),
    aSecond.toFixed(1),
    `${counted.told}`,
    load(),
  ]
}

/** Somebody unknown costs what somebody known does, and is not slowed down for what others did. */
function signInOfNobody() {
  const stranger = ++strangers
  const ip = `10.${stranger >> 16}.${(stranger >> 8) & 255}.${stranger & 255}`
  const body = new URLSearchParams({ email: `stranger-${stranger}@bench.test`, password: PASS_PHRASE })
  return fetch(`${ORIGIN}/login`, { method: 'POST', body, headers: { Origin: ORIGIN, 'CF-Connecting-IP': ip } }).then(
    read(422, 503),
  )
}

async function session() {
  const body = new URLSearchParams({ email: 'ada@acme.test', password: PASS_PHRASE })
  const answer = await fetch(`${ORIGIN}/login`, { method: 'POST', body, redirect: 'manual', headers: { Origin: ORIGIN } })
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

function read(...expected: number[]) {
  return async (answer: Response) => {
    await answer.arrayBuffer()
    if (!expected.includes(answer.status)) throw new Error(`${answer.url} answered ${answer.status}`)
    return answer.status
  }
}

async function timed(what: () => Promise<unknown>) {
  const start = performance.now()
  await what()
  return performance.now() - start
}

async function medianOf(times: number, what: () => Promise<unknown>) {
  const taken: number[] = []
  for (let i = 0; i < times; i++) {
    // Otherwise it would wait for the rest after the one before.
    await setTimeout(500)
    taken.push(await timed(what))
  }
  return quantile(
    taken.toSorted((a, b) => a - b),
    0.5,
  )
}

function quantile(sorted: number[], q: number) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0
}

function load() {
  return (loadavg()[0] ?? 0).toFixed(1)
}

function row(first: string, ...cells: string[]) {
  return first.padEnd(12) + cells.map((cell) => cell.padStart(14)).join('')
}
