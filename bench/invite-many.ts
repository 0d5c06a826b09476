import { built, cpuMs, ORIGIN, serve, signIn } from './workerd.ts'

/**
 * The CPU time of inviting 1,000 people, by its parts: `npm run bench:invite-many`, on Linux. The Worker is what would be deployed; its local D1
 * shares the process, so the work of the database counts as well, which it does not at Cloudflare. The job runs in the Queue's consumer.
 */
const STATE = '.wrangler/bench-invite-many'
const FORM = '/w/acme/access/invitations/many'
const PEOPLE = 1_000
/** Of which the first warm V8. */
const ROUNDS = 9
const WARMING = 3
const POLL_MS = 20

await built(STATE)
const served = await serve(STATE, 'worker/index.js', 'latchkey', {
  limits: { MAX_PENDING: '100000', MAX_MAILS_A_DAY: '100000', MAX_MAILS_A_DAY_TOTAL: '100000' },
  queueConsumers: { 'latchkey-jobs': { maxBatchSize: 1, maxBatchTimeout: 0 } },
})
const db = await served.workerd.getD1Database('DB')
try {
  const cookie = await signIn(served)
  const rounds: Record<string, number>[] = []
  for (let round = 0; round < ROUNDS; round++) rounds.push(await invited(round, cookie))
  const warm = rounds.slice(WARMING)
  console.log(`\nCPU of inviting ${PEOPLE} people, the Worker and its local D1, median and most of ${warm.length} rounds\n`)
  for (const part of Object.keys(warm[0] ?? {}))
    console.log(
      row(
        part,
        warm.map((one) => one[part] ?? 0).toSorted((a, b) => a - b),
      ),
    )
} finally {
  await served.workerd.dispose()
}

/** Milliseconds on the processor, by part. */
async function invited(round: number, cookie: string) {
  const list = Array.from({ length: PEOPLE }, (_, i) => `Person ${i} <list${round}-${i}@corp.test>`).join('\n')
  const [storing, stored] = await timed(() => send('POST', FORM, cookie, { list, role: 'user' }))
  const page = new URL(stored.headers.get('Location') ?? '', ORIGIN).pathname
  const [review] = await timed(() => send('GET', page, cookie))
  const [sending] = await timed(async () => {
    await send('POST', `${page}/send`, cookie, { version: '1' })
    await isDone(page)
  })
  const [report] = await timed(() => send('GET', page, cookie))
  return { 'storing the list': storing, 'its review': review, 'sending it, with the job': sending, 'its report': report }
}

async function timed<T>(does: () => Promise<T>): Promise<[number, T]> {
  const before = cpuMs(served.pid)
  const result = await does()
  return [cpuMs(served.pid) - before, result]
}

async function send(method: string, path: string, cookie: string, fields?: Record<string, string>) {
  const body = fields && new URLSearchParams(fields)
  const answer = await fetch(new URL(path, served.origin), {
    method,
    redirect: 'manual',
    headers: { Cookie: cookie, Origin: ORIGIN },
    ...(body ? { body } : {}),
  })
  await answer.arrayBuffer()
  if (answer.status >= 400) throw new Error(`${path} answered ${answer.status}`)
  return answer
}

async function isDone(page: string) {
  const id = page.split('/').at(-1)
  while ((await db.prepare('SELECT state FROM jobs WHERE id = ?').bind(id).first('state')) !== 'done')
    await new Promise((done) => setTimeout(done, POLL_MS))
}

function row(part: string, ms: number[]) {
  const [median = 0, most = 0] = [ms[Math.floor(ms.length / 2)], ms.at(-1)]
  return part.padEnd(32) + [median, most].map((each) => `${each.toFixed(0)} ms`.padStart(12)).join('')
}
