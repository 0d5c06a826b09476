import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'
import { experimental_readRawConfig, type Unstable_RawConfig } from 'wrangler'
import { together, UNSET, VARIABLES } from '../src/variables.ts'
import { CONFIG, Refused } from './cloudflare.ts'
import { ask, onTerminal } from './terminal.ts'

/** The open settings of one deployment, which its operator keeps and commits: variables of the Worker by their names. */
export const FILE = 'deploy.json'

export type Settings = Record<string, string> & { APP_ORIGIN: string; MAIL_PROVIDER: string }

/** What is asked for on a terminal, and what a rehearsal takes for it. */
const QUESTIONS = {
  APP_ORIGIN: { question: 'The address people will use', example: 'https://access.example.com' },
  MAIL_PROVIDER: { question: 'Who sends the email, mailchannels or cloudflare', example: 'mailchannels' },
  MAIL_FROM: { question: 'The address that email comes from', example: 'invitations@example.com' },
}
type Asked = keyof typeof QUESTIONS

/** What the file says; what it lacks is asked for on a terminal and kept there. @throws Refused with a sentence for each setting to correct */
export async function readSettings(): Promise<Settings> {
  const known = valuesIn(keptText())
  const asked = onTerminal ? await askFor(missingIn(known)) : {}
  const settings = checked({ ...known, ...asked })
  if (Object.keys(asked).length > 0) writeFileSync(FILE, `${JSON.stringify(settings, null, 2)}\n`)
  return settings
}

/** The same for a rehearsal: asks nobody, keeps nothing, and takes an example for what is missing. */
export function exampleSettings(): Settings {
  const known = valuesIn(keptText())
  const examples = missingIn(known).map((name) => [name, QUESTIONS[name].example])
  if (examples.length > 0) console.log(`${FILE} does not say ${missingIn(known).join(', ')}; this rehearsal takes an example.\n`)
  return checked({ ...known, ...Object.fromEntries(examples) })
}

const missingIn = (known: Record<string, string>) => (Object.keys(QUESTIONS) as Asked[]).filter((name) => !known[name])

async function askFor(names: Asked[]) {
  const answers: Record<string, string> = {}
  for (const name of names) answers[name] = await ask(`${QUESTIONS[name].question} (such as ${QUESTIONS[name].example}): `)
  return answers
}

/** What the file says, and nothing else. @throws Refused where it is not there, or with a sentence for each setting to correct */
export function keptSettings(): Settings {
  if (!existsSync(FILE)) throw new Refused(`There is no ${FILE} yet: "npm run deploy" writes it.`)
  return checked(valuesIn(keptText()))
}

const keptText = () => (existsSync(FILE) ? readFileSync(FILE, 'utf8') : '{}')

const VALUES = v.record(v.string(), v.union([v.string(), v.number()]))

/** @throws Refused for anything but names with a text or a number each */
export function valuesIn(text: string): Record<string, string> {
  const json = v.safeParse(v.pipe(v.string(), v.startsWith('{'), v.parseJson(), VALUES), text.trim())
  if (!json.success) throw new Refused(`${FILE} must be one JSON object of names and values.`)
  return Object.fromEntries(Object.entries(json.output).map(([name, value]) => [name, String(value)]))
}

const PRODUCTION = v.pipe(v.object(VARIABLES), together())

/** For the deploy command itself and no variable of the Worker: the database's name, where it is not that of the repository. */
const OWN = 'DATABASE'

/** @throws Refused with a sentence for each setting to correct, in the Worker's own words */
export function checked(settings: Record<string, string>): Settings {
  const strangers = Object.keys(settings).filter(
    (name) => name === 'ENVIRONMENT' || !(name === OWN || Object.hasOwn(VARIABLES, name)),
  )
  const { issues = [] } = v.safeParse(PRODUCTION, { ...UNSET, ...settings, ENVIRONMENT: 'production' })
  const sentences = [...strangers.map((name) => `${name} is no setting of Latchkey.`), ...issues.map(({ message }) => message)]
  if (sentences.length > 0) throw new Refused(`${FILE} cannot be used as it is:\n  ${sentences.join('\n  ')}`)
  return settings as Settings
}

/** The configuration of the repository, as wrangler reads it. */
export const repositoryConfig = (): Unstable_RawConfig => experimental_readRawConfig({ config: 'wrangler.toml' }).rawConfig

type Ids = { database: string; namespace: string }

/** The same with this deployment's ids, settings and address. It stands beside the other, so that every path in it means the same. */
export function deploymentConfig({ APP_ORIGIN, DATABASE, ...settings }: Settings, { database, namespace }: Ids) {
  const config = repositoryConfig()
  const { hostname } = new URL(APP_ORIGIN)
  const ours = hostname.endsWith('.workers.dev')
  return {
    ...config,
    ...(ours ? { workers_dev: true } : { routes: [{ pattern: hostname, custom_domain: true }] }),
    vars: { ...config.vars, ...settings, APP_ORIGIN, ENVIRONMENT: 'production' },
    d1_databases: config.d1_databases?.map((one) => ({
      ...one,
      database_name: DATABASE ?? one.database_name,
      database_id: database,
    })),
    kv_namespaces: config.kv_namespaces?.map((one) => ({ ...one, id: namespace })),
    ...(settings.MAIL_PROVIDER === 'cloudflare' ? { send_email: [{ name: 'EMAIL' }] } : {}),
  }
}

export const writeConfig = (config: object) => writeFileSync(CONFIG, `${JSON.stringify(config, null, 2)}\n`)
