import { readArguments } from './arguments.ts'
import { buildAssets } from './assets.ts'
import { Cloudflare, CONFIG, Refused } from './cloudflare.ts'
import {
  deploymentConfig,
  exampleSettings,
  FILE,
  readSettings,
  repositoryConfig,
  type Settings,
  writeConfig,
} from './deployment.ts'
import { missingSecrets, receive } from './secrets.ts'
import { NO_WORKSPACE, newSetupToken } from './setup-token.ts'
import { confirmOnTerminal, onTerminal } from './terminal.ts'
import { rehearsed, type Wrangler, wrangler } from './wrangler.ts'

type Run = {
  wrangler: Wrangler
  receive: (secret: string) => Promise<string>
  write: (config: object) => void
  say: (line: string) => void
  /** Asked before the first change; by default on the terminal, if there is one. */
  confirm?: (question: string) => Promise<boolean>
  /** Whether what is said is read by a person and kept by nobody. */
  onTerminal: boolean
}

/** Each step finds what an earlier run has left and goes on from there, so that a run that died is simply run again. */
export async function deploy(settings: Settings, { wrangler, receive, write, say, confirm = confirmOnTerminal, onTerminal }: Run) {
  const cloudflare = new Cloudflare(wrangler)
  const { worker, tokens, database: usual, queues } = names()

  say('Check the sign-in with Cloudflare')
  const account = await cloudflare.checkSignIn()
  if (!(await confirm(`Deploy ${worker} for ${settings.APP_ORIGIN} to ${account}?`))) throw new Refused('Nothing was changed.')
  say('See which secrets are missing')
  const secrets = await missingSecrets(settings, await cloudflare.secrets(worker), receive, Date.now())
  say('Find or create the database')
  const database = await (settings.DATABASE ? chosenDatabase(cloudflare, settings.DATABASE) : cloudflare.database(usual))
  say('Find or create the list of used tokens')
  const namespace = await cloudflare.namespace(tokens)
  say('Find or create the queues')
  for (const queue of queues) await cloudflare.queue(queue)
  say(`Write ${CONFIG}`)
  write(deploymentConfig(settings, { database, namespace }))
  say('Migrate the database, under the version that runs now')
  await cloudflare.migrate()
  say(`Store ${Object.keys(secrets).join(', ') || 'no new secret'}`)
  if (Object.keys(secrets).length > 0) await cloudflare.addSecrets(worker, secrets)
  say('Deploy')
  ourOwn(settings.APP_ORIGIN, await cloudflare.deploy())
  say('Prepare a set-up link, if there is no workspace yet')
  const link = await (onTerminal ? setupLink(cloudflare, settings.APP_ORIGIN) : noLink(cloudflare))
  say(`\n  Latchkey   ${settings.APP_ORIGIN}`)
  if (link) say(`  set up     ${link}`)
}

/** Writes what the other commands of an operator need, on a machine that has never deployed. Creates and changes nothing. */
export async function configure(settings: Settings, { wrangler, write }: Pick<Run, 'wrangler' | 'write'>) {
  const cloudflare = new Cloudflare(wrangler)
  const { tokens, database: usual } = names()
  await cloudflare.checkSignIn()
  const advice = 'Deploy first, or set CLOUDFLARE_ACCOUNT_ID to the account that Latchkey runs in.'
  const database = settings.DATABASE
    ? await chosenDatabase(cloudflare, settings.DATABASE)
    : await cloudflare.existingDatabase(usual, advice)
  write(deploymentConfig(settings, { database, namespace: await cloudflare.existingNamespace(tokens, advice) }))
}

function names() {
  const { name: worker = '', d1_databases, queues } = repositoryConfig()
  const database = d1_databases?.[0]?.database_name ?? ''
  return { worker, tokens: `${worker}-used-tokens`, database, queues: queues?.consumers?.map(({ queue }) => queue) ?? [] }
}

/** Never created: a slip of the pen would deploy a Latchkey in which nobody is. */
const chosenDatabase = (cloudflare: Cloudflare, name: string) =>
  cloudflare.existingDatabase(name, `DATABASE in ${FILE} must name one that exists: fix it, or "npx wrangler d1 create ${name}".`)

/** A host below workers.dev may be anybody's; any other one is in a zone of this account, or wrangler has failed. */
function ourOwn(origin: string, addresses: string[]) {
  if (!origin.endsWith('.workers.dev') || addresses.includes(origin)) return
  const own = addresses[0] ?? 'no address below workers.dev'
  throw new Refused(`APP_ORIGIN in ${FILE} is ${origin}, but this deployment has ${own}. Correct it and run this again.`)
}

/** Shown here and nowhere else: the database keeps its hash. */
async function setupLink(cloudflare: Cloudflare, origin: string) {
  const { token, statements } = newSetupToken(Date.now())
  const stored = await cloudflare.execute(statements)
  return stored.length > 0 && `${origin}/setup?token=${token}\n             works once, within 24 hours`
}

async function noLink(cloudflare: Cloudflare) {
  const rows = await cloudflare.execute([NO_WORKSPACE])
  return rows.length > 0 && 'run "npm run deploy" on a terminal: it prints a link, which the log of a build should not keep'
}

const USAGE = 'npm run deploy -- [--dry-run | --config-only]'

async function main() {
  const say = console.log
  const { flags } = readArguments({ flags: ['dry-run', 'config-only'], usage: USAGE })
  if (flags.includes('dry-run')) return rehearse(exampleSettings(), say)
  const settings = await readSettings()
  if (flags.includes('config-only')) {
    await configure(settings, { wrangler, write: writeConfig })
    return say(`${CONFIG} is written. Nothing else was changed.`)
  }
  buildAssets('.', settings.HSTS)
  await deploy(settings, { wrangler, receive, write: writeConfig, say, onTerminal })
}

async function rehearse(settings: Settings, say: (line: string) => void) {
  const wrangler = rehearsed(say, settings)
  await deploy(settings, {
    wrangler,
    receive: async (name) => name,
    write: () => {},
    say,
    confirm: async () => true,
    onTerminal: true,
  })
  say('\nA rehearsal on an account in which nothing is there yet: nothing was asked, changed or written.')
}

if (import.meta.main)
  await main().catch((error) => {
    if (!(error instanceof Refused))
      console.error('\nStopped on the way. What is done is done. Put right what is said below and run it again.\n')
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
