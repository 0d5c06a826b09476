import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type Wrangler, WranglerFailed } from './wrangler.ts'

/** What an account on Cloudflare remembers between two commands. `dump` is the SQL that has run on its database. */
export type Account = {
  signedIn: boolean
  accounts: { id: string; name: string }[]
  databases: string[]
  namespaces: string[]
  queues: string[]
  migrated: string[]
  secrets: Record<string, string>
  workerExists: boolean
  deployed: object[]
  sql: string[]
  calls: string[]
}

export const newAccount = (): Account => ({
  signedIn: true,
  accounts: [{ id: 'account-1', name: 'Initech' }],
  databases: [],
  namespaces: [],
  queues: [],
  migrated: [],
  secrets: {},
  workerExists: false,
  deployed: [],
  sql: [],
  calls: [],
})

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
    'secret list': () =>
      account.workerExists
        ? JSON.stringify(Object.keys(account.secrets).map((name) => ({ name })))
        : fail('Worker "latchkey" not found.'),
    'secret bulk': (_, input) => {
      account.workerExists = true
      Object.assign(account.secrets, JSON.parse(input))
      return 'Finished processing secrets'
    },
    'd1 migrations apply': () => {
      const files = readdirSync('migrations').filter((file) => !account.migrated.includes(file))
      for (const file of files.toSorted()) account.sql.push(readFileSync(`migrations/${file}`, 'utf8'))
      account.migrated.push(...files)
      return `${files.length} migrations applied`
    },
    deploy: () => {
      for (const missing of missingFor(account, config())) fail(`${missing} does not exist`)
      account.workerExists = true
      account.deployed.push(config())
      return `Deployed latchkey triggers (1.2 sec)\n  ${config().workers_dev ? 'https://latchkey.initech.workers.dev' : 'a domain'}\n`
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

type Config = {
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
  const wrangler = standIn(account, () => JSON.parse(readFileSync('wrangler.deploy.json', 'utf8')))
  const input = process.stdin.isTTY ? '' : readFileSync(0, 'utf8')
  try {
    console.log(await wrangler(process.argv.slice(2), input))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
  writeFileSync(file, JSON.stringify(account))
}
