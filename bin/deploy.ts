import { type Api, apiOf } from './api.ts'
import { readArguments } from './arguments.ts'
import { buildAssets } from './assets.ts'
import { Cloudflare, Refused } from './cloudflare.ts'
import { configFor, deploymentConfig, namesOf, writeConfig } from './deployment.ts'
import { adviceOn } from './diagnosis.ts'
import { rangeProblem } from './range.ts'
import { missingSecrets, receive } from './secrets.ts'
import { exampleSettings, FILE, LOCATIONS, readSettings, type Settings } from './settings.ts'
import { NO_WORKSPACE, newSetupToken } from './setup-token.ts'
import { inTheWay } from './take-over.ts'
import { ask, confirmOnTerminal, onTerminal } from './terminal.ts'
import { rehearsed, rehearsedApi, type Wrangler, wrangler } from './wrangler.ts'

type Run = {
  wrangler: Wrangler
  api: Api
  receive: (secret: string) => Promise<string>
  write: (config: object) => void
  say: (line: string) => void
  /** Asked before the first change; by default on the terminal, if there is one. */
  confirm?: (question: string) => Promise<boolean>
  /** Asked for where the database has to be made and the settings do not say where. */
  locate?: () => Promise<string>
  /** Whether what is said is read by a person and kept by nobody. */
  onTerminal: boolean
  /** The settings' file. */
  file?: string
  /** Whether to put it in the place of what is there under its address or its name. */
  takeOver?: boolean
}

/** Each step finds what an earlier run has left and goes on from there, so that a run that died is simply run again. */
export async function deploy(settings: Settings, run: Run) {
  const { wrangler, receive, write, say, file = FILE, locate = locateOnTerminal } = run
  const config = configFor(file)
  const cloudflare = new Cloudflare(wrangler, config)
  const { worker, tokens, database: usual, queues } = namesOf(settings)

  say('Check the sign-in with Cloudflare')
  const account = await cloudflare.checkSignIn()
  say('Check what uses this address and this name now')
  await mayGoOn(settings, account, run)
  say('Check which secrets are missing')
  const secrets = await missingSecrets(settings, await cloudflare.secrets(worker), receive, Date.now())
  say('Find or create the database')
  const database = await (settings.DATABASE
    ? chosenDatabase(cloudflare, settings.DATABASE, file)
    : cloudflare.database(usual, async () => whereIn(settings.LOCATION ?? (await locate()))))
  say('Find or create the list of used tokens')
  const namespace = await cloudflare.namespace(tokens)
  say('Find or create the queues')
  for (const queue of queues) await cloudflare.queue(queue)
  say(`Write ${config}`)
  write(deploymentConfig(settings, { database, namespace }))
  say('Migrate the database, under the version that runs now')
  await cloudflare.migrate()
  say(`Store ${Object.keys(secrets).join(', ') || 'no new secret'}`)
  if (Object.keys(secrets).length > 0) await cloudflare.addSecretsForNext(worker, secrets)
  say('Deploy')
  ourOwn(settings.APP_ORIGIN, await cloudflare.deploy(), file)
  say('Prepare a set-up link, if there is no workspace yet')
  const link = await (run.onTerminal ? setupLink(cloudflare, settings.APP_ORIGIN) : noLink(cloudflare))
  say(`\n  Latchkey   ${settings.APP_ORIGIN}`)
  if (link) say(`  set up     ${link}`)
}

/** @throws Refused where something would end that nobody has agreed to, or whoever is asked says no */
async function mayGoOn(settings: Settings, account: { id: string; words: string }, run: Run) {
  const { api, say, takeOver = false, file = FILE, confirm = confirmOnTerminal } = run
  const reasons = await inTheWay(settings, { api, account: account.id })
  if (reasons.length > 0 && !takeOver) throw new Refused([...reasons, otherwise(file)].join('\n'))
  for (const reason of reasons) say(`  ${reason}`)
  if (!(await confirm(`Deploy ${namesOf(settings).worker} for ${settings.APP_ORIGIN} to ${account.words}?`)))
    throw new Refused('Nothing was changed.')
}

const otherwise = (file: string) => `
Nothing was changed. For another deployment beside that one, give ${file} a NAME and an APP_ORIGIN of its own. To move this one to another
address, add the older one to OLD_ORIGINS. To replace what is there: npm run deploy -- --take-over`

const JURISDICTIONS = ['eu', 'fedramp']

const whereIn = (location: string) => [JURISDICTIONS.includes(location) ? '--jurisdiction' : '--location', location]

/** @throws Refused where nobody is there to be asked, or for an answer that is none */
async function locateOnTerminal() {
  const places = LOCATIONS.join(', ')
  if (!onTerminal)
    throw new Refused(`LOCATION is missing: where the database is made cannot be changed afterwards. One of ${places}.`)
  const answer = await ask(`Where to make the database, which cannot be changed afterwards (${places}): `)
  if (LOCATIONS.some((location) => location === answer)) return answer
  throw new Refused(`The database was not made: "${answer}" is none of ${places}.`)
}

/** Writes what the other commands of an operator need, on a machine that has never deployed. Creates and changes nothing. */
export async function configure(settings: Settings, { wrangler, write, file = FILE }: Pick<Run, 'wrangler' | 'write' | 'file'>) {
  const cloudflare = new Cloudflare(wrangler)
  const { tokens, database: usual } = namesOf(settings)
  await cloudflare.checkSignIn()
  const advice = 'Deploy first, or set CLOUDFLARE_ACCOUNT_ID to the account that Latchkey runs in.'
  const database = settings.DATABASE
    ? await chosenDatabase(cloudflare, settings.DATABASE, file)
    : await cloudflare.existingDatabase(usual, advice)
  write(deploymentConfig(settings, { database, namespace: await cloudflare.existingNamespace(tokens, advice) }))
}

/** Never created: a slip of the pen would deploy a Latchkey in which nobody is. */
const chosenDatabase = (cloudflare: Cloudflare, name: string, file: string) =>
  cloudflare.existingDatabase(name, `DATABASE in ${file} must name one that exists: fix it, or "npx wrangler d1 create ${name}".`)

/** A host below workers.dev may be anybody's; any other one is in a zone of this account, or wrangler has failed. */
function ourOwn(origin: string, addresses: string[], file: string) {
  if (!origin.endsWith('.workers.dev') || addresses.includes(origin)) return
  const own = addresses[0] ?? 'no address below workers.dev'
  throw new Refused(`APP_ORIGIN in ${file} is ${origin}, but this deployment has ${own}. Correct it and run this again.`)
}

/** Shown here and nowhere else: the database keeps its hash. */
async function setupLink(cloudflare: Cloudflare, origin: string) {
  const { token, statements } = newSetupToken(Date.now())
  const stored = await cloudflare.execute(statements)
  return stored.length > 0 && `${origin}/setup?token=${token}\n             works once, within 24 hours${patience(origin)}`
}

const patience = (origin: string) =>
  origin.endsWith('.workers.dev') ? '' : '. A new address can take some minutes to get its DNS record and certificate'

async function noLink(cloudflare: Cloudflare) {
  const rows = await cloudflare.execute([NO_WORKSPACE])
  return rows.length > 0 && 'run "npm run deploy" on a terminal: it prints a link, which the log of a build should not keep'
}

const USAGE = 'npm run deploy -- [--dry-run | --config-only | --take-over] [--config deploy.<name>.json]'

async function main() {
  const say = console.log
  const { flags, file, config } = readArguments({ flags: ['dry-run', 'config-only', 'take-over'], usage: USAGE })
  if (flags.includes('dry-run')) return rehearse(exampleSettings(file), file, say)
  const settings = await readSettings(file)
  const write = writeConfig(file)
  if (flags.includes('config-only')) {
    await configure(settings, { wrangler, write, file })
    return say(`${config} is written. Nothing else was changed.`)
  }
  const problem = await rangeProblem(settings.PASSWORD_RANGE_URL)
  if (problem) throw new Refused(problem)
  buildAssets('.', settings.HSTS)
  const takeOver = flags.includes('take-over')
  await deploy(settings, { wrangler, api: apiOf(wrangler), receive, write, say, onTerminal, file, takeOver })
}

async function rehearse(settings: Settings, file: string, say: (line: string) => void) {
  await deploy(settings, {
    wrangler: rehearsed(say, settings),
    api: rehearsedApi,
    receive: async (name) => name,
    write: (config) => say(indented(JSON.stringify(config, null, 2))),
    say,
    confirm: async () => true,
    locate: async () => '(where you say)',
    onTerminal: true,
    file,
  })
  say('  set up     a link, shown by a real run')
  say('\nA dry run, as on an account with nothing in it yet: nothing was asked, changed or written.')
}

const indented = (text: string) => text.replaceAll(/^/gm, '    ')

if (import.meta.main)
  await main().catch((error) => {
    if (!(error instanceof Refused))
      console.error('\nStopped half-way, and the steps above are done. Fix what it says below and run it again.\n')
    console.error(error instanceof Error ? error.message : error)
    const advice = adviceOn(error)
    if (advice) console.error(`\n${advice}`)
    process.exitCode = 1
  })
