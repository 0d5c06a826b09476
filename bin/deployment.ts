import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import type { Unstable_RawConfig } from 'wrangler'
import { Refused } from './cloudflare.ts'
import { FILE, OWN, type Settings } from './settings.ts'

/** The generated configuration of the deployment that `file` describes: the repository's, with its names, ids and settings. */
export function configFor(file = FILE) {
  if (!/^deploy(\.[\w-]+)?\.json$/.test(file))
    throw new Refused(`--config must name a file of this folder such as deploy.staging.json, not ${file}.`)
  return `wrangler.${file}`
}

/** The configuration of the repository. Not read by wrangler, which takes a second to load. */
const repositoryConfig = (): Unstable_RawConfig => parse(readFileSync('wrangler.toml', 'utf8'))

const QUEUES = ['mail', 'jobs']

/** What a deployment has in its account, all named for it, so that several are there side by side. */
export function namesOf({ NAME, DATABASE }: { NAME?: string | undefined; DATABASE?: string | undefined }) {
  const worker = NAME ?? repositoryConfig().name ?? ''
  const queues = QUEUES.flatMap((kind) => [`${worker}-${kind}`, `${worker}-${kind}-dead`])
  return { worker, queues, tokens: `${worker}-used-tokens`, database: DATABASE ?? worker }
}

type Ids = { database: string; namespace: string }

/** It is written beside that of the repository, so that every path in it means the same. */
export function deploymentConfig(settings: Settings, { database, namespace }: Ids) {
  const config = repositoryConfig()
  const names = namesOf(settings)
  const mine = <Part>(part: Part): Part =>
    QUEUES.reduce(
      (named, kind) => JSON.parse(JSON.stringify(named).replaceAll(`"${config.name}-${kind}`, `"${names.worker}-${kind}`)),
      part,
    )
  return {
    ...config,
    name: names.worker,
    ...placeOf(originsOf(settings)),
    vars: { ...config.vars, ...variablesIn(settings), ENVIRONMENT: 'production' },
    d1_databases: config.d1_databases?.map((one) => ({ ...one, database_name: names.database, database_id: database })),
    kv_namespaces: config.kv_namespaces?.map((one) => ({ ...one, id: namespace })),
    queues: mine(config.queues),
    ratelimits: config.ratelimits?.map((one) => ({ ...one, namespace_id: limiterOf(names.worker) })),
    ...(settings.MAIL_PROVIDER === 'cloudflare'
      ? { send_email: [{ name: 'EMAIL', allowed_sender_addresses: [settings.MAIL_FROM] }] }
      : {}),
  }
}

/** Where it is found, and where it was found before. */
export const originsOf = ({ APP_ORIGIN, OLD_ORIGINS }: Settings) => [
  APP_ORIGIN,
  ...(OLD_ORIGINS ? OLD_ORIGINS.split(',').map((origin) => origin.trim()) : []),
]

export const isWorkersDev = (origin: string) => new URL(origin).hostname.endsWith('.workers.dev')

function placeOf(origins: string[]) {
  const domains = origins.filter((origin) => !isWorkersDev(origin)).map((origin) => new URL(origin).hostname)
  return {
    workers_dev: origins.some(isWorkersDev),
    ...(domains.length > 0 ? { routes: domains.map((pattern) => ({ pattern, custom_domain: true })) } : {}),
  }
}

const variablesIn = (settings: Settings) =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !Object.hasOwn(OWN, name)))

/** Limiters of one number count together wherever they are in an account, so each deployment has a number of its own. */
const limiterOf = (worker: string) => String(createHash('sha256').update(worker).digest().readUInt32BE() % 2 ** 31 || 1)

export const writeConfig = (file: string) => (config: object) =>
  writeFileSync(configFor(file), `${JSON.stringify(config, null, 2)}\n`)
