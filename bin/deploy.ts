import { Cloudflare, CONFIG, Refused } from './cloudflare.ts'
import { deploymentConfig, exampleSettings, readSettings, repositoryConfig, type Settings, writeConfig } from './deployment.ts'
import { copyHtmx } from './local.ts'
import { missingSecrets, receive } from './secrets.ts'
import { newSetupToken } from './setup-token.ts'
import { rehearsed, type Wrangler, wrangler } from './wrangler.ts'

type Run = {
  wrangler: Wrangler
  receive: (secret: string) => Promise<string>
  write: (config: object) => void
  say: (line: string) => void
}

/** Each step finds what an earlier run has left and goes on from there, so that a run that died is simply run again. */
export async function deploy(settings: Settings, { wrangler, receive, write, say }: Run) {
  const cloudflare = new Cloudflare(wrangler)
  const { name: worker = '', d1_databases, queues } = repositoryConfig()

  say('Check the sign-in with Cloudflare')
  await cloudflare.checkSignIn()
  say('See which secrets are missing')
  const secrets = await missingSecrets(settings, await cloudflare.secrets(worker), receive, Date.now())
  say('Find or create the database')
  const database = await cloudflare.database(settings.DATABASE ?? d1_databases?.[0]?.database_name ?? '')
  say('Find or create the list of used tokens')
  const namespace = await cloudflare.namespace(`${worker}-used-tokens`)
  say('Find or create the queues')
  for (const { queue } of queues?.consumers ?? []) await cloudflare.queue(queue)
  say(`Write ${CONFIG}`)
  write(deploymentConfig(settings, { database, namespace }))
  say('Migrate the database, under the version that runs now')
  await cloudflare.migrate()
  say(`Store ${Object.keys(secrets).join(', ') || 'no new secret'}`)
  if (Object.keys(secrets).length > 0) await cloudflare.addSecrets(worker, secrets)
  say('Deploy')
  await cloudflare.deploy()
  say('Prepare a set-up link, if there is no workspace yet')
  const { token, statements } = newSetupToken(Date.now())
  const stored = await cloudflare.execute(statements)
  say(`\n  Latchkey   ${settings.APP_ORIGIN}`)
  // The link is shown here and nowhere else: the database keeps its hash.
  if (stored.length > 0) say(`  set up     ${settings.APP_ORIGIN}/setup?token=${token}\n             works once, within 24 hours`)
}

async function main() {
  const say = console.log
  if (process.argv.includes('--dry-run')) {
    await deploy(exampleSettings(), { wrangler: rehearsed(say), receive: async (name) => name, write: () => {}, say })
    return say('\nA rehearsal on an account in which nothing is there yet: nothing was asked, changed or written.')
  }
  copyHtmx()
  await deploy(await readSettings(), { wrangler, receive, write: writeConfig, say })
}

if (import.meta.main)
  await main().catch((error) => {
    if (!(error instanceof Refused))
      console.error('\nStopped on the way. What is done is done; mend what is said below and run it again.\n')
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
