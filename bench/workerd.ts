import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { run } from '../bin/command.ts'
import { PASS_PHRASE } from '../src/dev/seed.ts'

export const ORIGIN = 'http://localhost'

export type Served = { workerd: Miniflare; pid: number; origin: URL }

/** The Worker as it would be deployed and a local database with the cast alone, both in a folder of their own. */
export async function built(state: string) {
  rmSync(state, { recursive: true, force: true })
  process.env.LATCHKEY_STATE = `${state}/latchkey`
  process.env.LATCHKEY_BARE = '1'
  const { prepare } = await import('../bin/local.ts')
  await prepare(console.log)
  await run('wrangler', 'deploy', '--dry-run', '--outdir', `${state}/worker`)
}

/** `limits`: variables of the Worker beside those of every benchmark. */
type More = { limits?: Record<string, string>; queueConsumers?: Record<string, object> }

export async function serve(root: string, script: string, state: string, { limits = {}, ...more }: More = {}): Promise<Served> {
  const others = workerds()
  const options = convertV4MiniflareOptions({
    modules: true,
    modulesRoot: root,
    scriptPath: `${root}/${script}`,
    compatibilityDate: '2026-10-23',
    compatibilityFlags: ['nodejs_compat'],
    bindings: {
      ...secrets(),
      ENVIRONMENT: 'development',
      MAIL_PROVIDER: 'local',
      MAIL_FROM: 'bench@acme.test',
      APP_ORIGIN: ORIGIN,
      ...limits,
    },
    d1Databases: { DB: 'local' },
    kvNamespaces: { USED_TOKENS: 'local' },
    queueProducers: { MAIL_QUEUE: 'latchkey-mail', JOB_QUEUE: 'latchkey-jobs' },
    ratelimits: { BURST: { namespace_id: '1001', simple: { limit: 100, period: 60 } } },
    resourcePersistencePath: `${process.cwd()}/${root}/${state}/v3`,
    handleStructuredLogs: () => {},
    ...more,
  })
  const workerd = new Miniflare(options)
  const origin = await workerd.ready
  return { workerd, origin, pid: workerds().find((pid) => !others.includes(pid)) ?? 0 }
}

function secrets() {
  const lines = readFileSync('.dev.vars', 'utf8').matchAll(/^(\w+)=(\S+)/gm)
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]))
}

/** The cookie of a session of Ada's. */
export async function signIn({ origin }: Served) {
  const body = new URLSearchParams({ email: 'ada@acme.test', password: PASS_PHRASE })
  const answer = await fetch(new URL('/login', origin), { method: 'POST', body, redirect: 'manual', headers: { Origin: ORIGIN } })
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
}

/** What each thread of a process has had of the processors, in nanoseconds there. */
export function cpuMs(pid: number) {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'))
  return threads.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e6
}

function workerds() {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return children.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'workerd\n').map(Number)
}
