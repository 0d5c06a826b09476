import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'
import { together, UNSET, VARIABLES } from '../src/variables.ts'
import { Refused } from './cloudflare.ts'
import { ask, onTerminal } from './terminal.ts'

/** The open settings of one deployment, which its operator keeps and commits. `--config` names another file, for another deployment. */
export const FILE = 'deploy.json'

export type Settings = Record<string, string> & {
  APP_ORIGIN: string
  MAIL_PROVIDER: string
  NAME?: string
  DATABASE?: string
  LOCATION?: string
  OLD_ORIGINS?: string
}

/** What is asked for on a terminal, and what a rehearsal takes for it. */
const QUESTIONS = {
  APP_ORIGIN: { question: 'The address people will use', example: 'https://access.example.com' },
  MAIL_PROVIDER: { question: 'Who sends the email, mailchannels or cloudflare', example: 'mailchannels' },
  MAIL_FROM: { question: 'The address that email comes from', example: 'invitations@example.com' },
}
type Asked = keyof typeof QUESTIONS

/** Where a database can be made, which nothing can change afterwards. The last two are jurisdictions: it never leaves them. */
export const LOCATIONS = ['weur', 'eeur', 'enam', 'wnam', 'apac', 'oc', 'eu', 'fedramp'] as const

/** For the deploy command itself and no variable of the Worker. */
export const OWN = {
  /** What everything in the account is named for: Worker, database, list of used tokens, queues. */
  NAME: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z][a-z\d-]{0,40}$/, 'NAME must be lower-case letters, digits and dashes, 41 at most.')),
  ),
  /** The database by name, where it is not that of the deployment's own name. */
  DATABASE: v.optional(v.string()),
  LOCATION: v.optional(v.picklist(LOCATIONS, `LOCATION must be one of ${LOCATIONS.join(', ')}.`)),
}

const DEPLOYED = v.pipe(v.object({ ...VARIABLES, ...OWN }), together())

/** What the file says; what it lacks is asked for on a terminal and kept there. @throws Refused with a sentence for each setting to correct */
export async function readSettings(file: string): Promise<Settings> {
  const known = valuesIn(keptText(file), file)
  const asked = onTerminal ? await askFor(missingIn(known)) : {}
  const settings = checked({ ...known, ...asked }, file)
  if (Object.keys(asked).length > 0) keep(settings, file)
  return settings
}

/** The same for a rehearsal: asks nobody, keeps nothing, and takes an example for what is missing. */
export function exampleSettings(file: string): Settings {
  const known = valuesIn(keptText(file), file)
  const examples = missingIn(known).map((name) => [name, QUESTIONS[name].example])
  if (examples.length > 0) console.log(`${file} does not say ${missingIn(known).join(', ')}; this dry run uses examples.\n`)
  return checked({ ...known, ...Object.fromEntries(examples) }, file)
}

/** What the file says, and nothing else. @throws Refused where it is not there, or with a sentence for each setting to correct */
export function keptSettings(file: string): Settings {
  if (!existsSync(file)) throw new Refused(`There is no ${file} yet: "npm run deploy" writes it.`)
  return checked(valuesIn(keptText(file), file), file)
}

/** Only what the deployment is called, for commands that need nothing else; that of the repository where there is no file. */
export const keptName = (file: string) => ({ NAME: valuesIn(keptText(file), file).NAME })

export const keep = (settings: Settings, file: string) => writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`)

const missingIn = (known: Record<string, string>) => (Object.keys(QUESTIONS) as Asked[]).filter((name) => !known[name])

async function askFor(names: Asked[]) {
  const answers: Record<string, string> = {}
  for (const name of names) answers[name] = await ask(`${QUESTIONS[name].question} (such as ${QUESTIONS[name].example}): `)
  return answers
}

const keptText = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '{}')

const VALUES = v.record(v.string(), v.union([v.string(), v.number()]))

/** @throws Refused for anything but names with a text or a number each */
export function valuesIn(text: string, file = FILE): Record<string, string> {
  const broken = text.trim().startsWith('{') && brokenAt(text)
  if (broken) throw new Refused(`${file} is not valid JSON. ${broken}.`)
  const json = v.safeParse(v.pipe(v.string(), v.startsWith('{'), v.parseJson(), VALUES), text.trim())
  if (!json.success) throw new Refused(`${file} must be one JSON object of names and values.`)
  return Object.fromEntries(Object.entries(json.output).map(([name, value]) => [name, String(value)]))
}

/** Where a text stops being JSON, and why; nothing for JSON. */
function brokenAt(text: string) {
  const error = jsonError(text)
  if (!error) return undefined
  const at = Number(error.match(/at position (\d+)/)?.[1] ?? endOfStart(text))
  const lines = text.slice(0, at).split('\n')
  return `Line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}: ${error.replace(/(, [".]|( in JSON)? at position ).*/s, '')}`
}

/** Of an unexpected token Node does not say where it is: what comes before it can still become JSON. */
function endOfStart(text: string) {
  const at = Array.from(text, (_, i) => i).find((i) => jsonError(text.slice(0, i + 1))?.startsWith('Unexpected token'))
  return at ?? text.length
}

function jsonError(text: string) {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return String(error instanceof Error ? error.message : error)
  }
}

/** @throws Refused with a sentence for each setting to correct, in the Worker's own words */
export function checked(settings: Record<string, string>, file = FILE): Settings {
  const strangers = Object.keys(settings).filter((name) => name === 'ENVIRONMENT' || !Object.hasOwn({ ...VARIABLES, ...OWN }, name))
  const { issues = [] } = v.safeParse(DEPLOYED, { ...UNSET, ...settings, ENVIRONMENT: 'production' })
  const sentences = [...strangers.map((name) => `${name} is not a Latchkey setting.`), ...issues.map(({ message }) => message)]
  if (sentences.length > 0) throw new Refused(`${file} cannot be used as it is:\n  ${sentences.join('\n  ')}`)
  return settings as Settings
}
