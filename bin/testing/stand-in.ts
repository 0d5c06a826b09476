import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Api } from '../api.ts'
import { type Wrangler, WranglerFailed } from '../wrangler.ts'

type Worker = {
  secrets: Record<string, string>
  workerExists: boolean
  /** An older version runs than the newest one. */
  rolledBack: boolean
  deployed: object[]
}

/** What an account on Cloudflare remembers between two commands. `sql` is what has run on its database. */
export type Account = Worker & {
  signedIn: boolean
  token: string
  accounts: { id: string; name: string }[]
  subdomain: string | null
  databases: string[]
  namespaces: string[]
  queues: string[]
  migrated: string[]
  /** Workers by other names than that of the repository. */
  beside: Record<string, Worker>
  /** Addresses of Workers that are no Latchkey. */
  domains: { hostname: string; service: string }[]
  sql: string[]
  calls: string[]
}

const newWorker = (): Worker => ({ secrets: {}, workerExists: false, rolledBack: false, deployed: [] })

export const newAccount = (): Account => ({
  ...newWorker(),
  signedIn: true,
  token: 'token-of-the-operator',
  accounts: [{ id: 'account-1', name: 'Initech' }],
  subdomain: 'initech',
  databases: [],
  namespaces: [],
  queues: [],
  migrated: [],
  beside: {},
  domains: [],
  sql: [],
  calls: [],
})

function workerOf(account: Account, name = ''): Worker {
  if (name === 'latchkey') return account
  account.beside[name] ??= newWorker()
  return account.beside[name]
}

const named = (args: string[]) => args[args.indexOf('--name') + 1]

const fail = (words: string): never => {
  throw new WranglerFailed(words)
}

/**
 * Wrangler as far as the tools call it, on an account in memory. It is as strict as the real one: what is created twice, deployed
 * without its parts or read before it exists fails. `config` is what the generated file says.
 */
export function standIn(account: Account, config: () => Config): Wrangler {
  const commands: Record<string, (args: string[], input: string) => string> = {
    whoami: () => (account.signedIn ? JSON.stringify({ loggedIn: true, accounts: account.accounts }) : fail('{"loggedIn":false}')),
    'd1 list': () => JSON.stringify(account.databases.map((name) => ({ name, uuid: `uuid-of-${name}` }))),
    'd1 create': ([name = '']) => add(account.databases, name),
    'kv namespace list': () => JSON.stringify(account.namespaces.map((title) => ({ title, id: `id-of-${title}` }))),
    'kv namespace create': ([title = '']) => add(account.namespaces, title),
    'queues info': ([name = '']) =>
      account.queues.includes(name) ? `Queue Name: ${name}` : fail(`Queue "${name}" does not exist.`),
    'queues create': ([name = '']) => add(account.queues, name),
    'secret list': (args) => {
      const { workerExists, secrets } = workerOf(account, named(args))
      if (!workerExists) fail(`Worker "${named(args)}" not found.`)
      return JSON.stringify(Object.keys(secrets).map((name) => ({ name })))
    },
    'auth token': () => JSON.stringify({ type: 'oauth', token: account.token }),
    'secret bulk': (args, input) => {
      const worker = workerOf(account, named(args))
      if (worker.rolledBack) fail('A request to the Cloudflare API failed. [code: 10215]')
      if (!account.subdomain) fail('You need a workers.dev subdomain. [code: 10063]')
      worker.workerExists = true
      Object.assign(worker.secrets, JSON.parse(input))
      return 'Finished processing secrets'
    },
    'versions secret bulk': (args, input) => {
      Object.assign(workerOf(account, named(args)).secrets, JSON.parse(input))
      return 'Created a version'
    },
    'd1 migrations apply': () => {
      const files = readdirSync('migrations').filter((file) => !account.migrated.includes(file))
      for (const file of files.toSorted()) account.sql.push(readFileSync(`migrations/${file}`, 'utf8'))
      account.migrated.push(...files)
      return `${files.length} migrations applied`
    },
    deploy: () => {
      for (const missing of missingFor(account, config())) fail(`${missing} does not exist`)
      const worker = workerOf(account, config().name)
      Object.assign(worker, { workerExists: true, rolledBack: false })
      worker.deployed.push(config())
      return `Deployed ${config().name} triggers (1.2 sec)\n  ${config().workers_dev ? `https://${config().name}.initech.workers.dev` : 'a domain'}\n`
    },
    'd1 execute': (args) => {
      const statements = args[args.indexOf('--command') + 1]?.split('; ') ?? []
      const database = databaseOf(account)
      account.sql.push(...statements)
      return JSON.stringify(statements.map((sql) => ({ success: true, results: database.prepare(sql).all() })))
    },
  }
  const add = (list: string[], name: string) => {
    if (list.includes(name)) fail(`${name} exists already`)
    list.push(name)
    return `Created ${name}`
  }
  return async (args, input = '') => {
    const command =
      Object.keys(commands).find((name) => `${args.join(' ')} `.startsWith(`${name} `)) ?? fail(`Unknown command ${args}`)
    account.calls.push(args.join(' '))
    return commands[command]?.(args.slice(command.split(' ').length), input) ?? ''
  }
}

/** What Cloudflare's API says of the account where it is asked beside wrangler. */
export const standInApi =
  (account: Account): Api =>
  async (path) => {
    const { pathname, searchParams } = new URL(path, 'https://api.test')
    if (pathname.endsWith('/workers/subdomain')) return account.subdomain ? { subdomain: account.subdomain } : undefined
    if (pathname.endsWith('/workers/domains'))
      return domainsOf(account).filter((one) => one.hostname === searchParams.get('hostname'))
    const worker = workerOf(account, pathname.split('/').at(-2))
    return worker.workerExists ? { bindings: bindingsOf(worker) } : undefined
  }

const lastOf = ({ deployed }: Worker) => deployed.at(-1) as Config | undefined

const bindingsOf = (worker: Worker) => [
  ...Object.entries(lastOf(worker)?.vars ?? {}).map(([name, text]) => ({ name, text })),
  ...Object.keys(worker.secrets).map((name) => ({ name })),
]

const domainsOf = (account: Account) => [
  ...account.domains,
  ...[account, ...Object.values(account.beside)].flatMap((worker) =>
    (lastOf(worker)?.routes ?? []).map(({ pattern }) => ({ hostname: pattern, service: lastOf(worker)?.name ?? '' })),
  ),
]

type Config = {
  name: string
  vars?: Record<string, string>
  routes?: { pattern: string }[]
  workers_dev?: boolean
  d1_databases: { database_id: string }[]
  kv_namespaces: { id: string }[]
  queues: { consumers: { queue: string }[] }
}

const missingFor = ({ databases, namespaces, queues }: Account, config: Config) => {
  const there = [...databases.map((name) => `uuid-of-${name}`), ...namespaces.map((title) => `id-of-${title}`), ...queues]
  const asked = [
    ...config.d1_databases.map((one) => one.database_id),
    ...config.kv_namespaces.map((one) => one.id),
    ...config.queues.consumers.map((one) => one.queue),
  ]
  return asked.filter((id) => !there.includes(id))
}

/** The account's database as it is now: everything that has run on it runs again. */
export function databaseOf({ sql }: Account) {
  const database = new DatabaseSync(':memory:')
  for (const statements of sql) database.exec(statements)
  return database
}

/** As the `wrangler` on somebody's path: the account is a file between two calls. */
if (import.meta.main) {
  const file = process.env.STAND_IN_ACCOUNT ?? ''
  const account: Account = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : newAccount()
  const config = process.argv[process.argv.indexOf('--config') + 1] ?? ''
  const wrangler = standIn(account, () => JSON.parse(readFileSync(config, 'utf8')))
  const input = process.stdin.isTTY ? '' : readFileSync(0, 'utf8')
  try {
    console.log(await wrangler(process.argv.slice(2), input))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
  writeFileSync(file, JSON.stringify(account))
}
