import { readFileSync } from 'node:fs'
import { ENTRIES, EXPORTS, PEOPLE } from './export-rows.ts'
import { built, cpuMs, ORIGIN, type Served, serve, signIn } from './workerd.ts'

/**
 * Time, CPU and memory of big exports: `npm run bench:exports`, on Linux. The Worker and its local D1 share a process, so both count. What that
 * has before the first export and what it reaches tell whether an export grows with what it exports.
 */
const STATE = '.wrangler/bench-exports'
const MIB = 1024 ** 2

await built(STATE)
const served = await serve(STATE, 'worker/index.js', 'latchkey')
try {
  const db = await served.workerd.getD1Database('DB')
  for (const statement of [...PEOPLE, ...ENTRIES]) await db.prepare(statement).run()
  const cookie = await signIn(served)
  console.log(row('', 'seconds', 'CPU seconds', 'MiB of file', 'MiB before', 'MiB at most'))
  for (const [what, [path, fields]] of Object.entries(EXPORTS)) console.log(row(what, ...(await measured(path, fields, cookie))))
} finally {
  await served.workerd.dispose()
}

async function measured(path: string, fields: Record<string, string>, cookie: string) {
  const [began, cpu, before] = [performance.now(), cpuMs(served.pid), residentMiB(served)]
  let [most, bytes] = [before, 0]
  const watch = setInterval(() => (most = Math.max(most, residentMiB(served))), 50)
  const answer = await fetch(new URL(`/w/acme/access/${path}/export`, served.origin), {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { Origin: ORIGIN, Cookie: cookie },
  })
  for await (const part of answer.body ?? []) bytes += part.byteLength
  clearInterval(watch)
  if (answer.status !== 200) throw new Error(`the export of ${path} answered ${answer.status}`)
  const seconds = [(performance.now() - began) / 1000, (cpuMs(served.pid) - cpu) / 1000]
  return [...seconds.map((each) => each.toFixed(1)), ...[bytes / MIB, before, most].map((each) => each.toFixed(0))]
}

/** What of the process is in memory. */
function residentMiB({ pid }: Served) {
  const [, kib = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) / 1024
}

function row(name: string, ...cells: string[]) {
  return name.padEnd(32) + cells.map((cell) => cell.padStart(14)).join('')
}
