import { type Wrangler, WranglerFailed } from './wrangler.ts'

type Account = { name: string; id: string }

/** What Latchkey asks of Cloudflare. Everything can be asked again: what is there already is found, not made twice. */
export class Cloudflare {
  private readonly wrangler: Wrangler
  private readonly deployment: string[]

  /** `config` is the generated configuration, where a command needs one. */
  constructor(wrangler: Wrangler, config = '') {
    this.wrangler = wrangler
    this.deployment = ['--config', config]
  }

  /** @returns the account, with `words` for its owner. @throws Refused when nobody is signed in, or it is open which account is meant */
  async checkSignIn(chosen = process.env.CLOUDFLARE_ACCOUNT_ID) {
    const { accounts = [] }: { accounts?: Account[] } = JSON.parse(await this.wrangler(['whoami', '--json']).catch(notSignedIn))
    if (chosen || accounts.length < 2) return inWords(chosen ? accounts.find(({ id }) => id === chosen) : accounts[0], chosen)
    const list = accounts.map(({ name, id }) => `\n  ${id}  ${name}`).join('')
    throw new Refused(`This sign-in reaches several accounts. Set CLOUDFLARE_ACCOUNT_ID to the one to deploy to:${list}`)
  }

  /** `options` are asked for only where it has to be made. */
  database = (name: string, options: () => Promise<string[]>) => this.findOrCreate(DATABASE, name, options)

  namespace = (title: string) => this.findOrCreate(NAMESPACE, title)

  /** @throws Refused with `advice` when there is none of this name */
  existingDatabase = (name: string, advice: string) => this.existing(DATABASE, name, advice)

  existingNamespace = (title: string, advice: string) => this.existing(NAMESPACE, title, advice)

  async queue(name: string) {
    const found = await this.wrangler(['queues', 'info', name]).catch(absent(/does not exist/))
    if (found === undefined) await this.wrangler(['queues', 'create', name])
  }

  /** The names of the secrets that the Worker has; none while there is no Worker. */
  async secrets(worker: string): Promise<string[]> {
    const list = await this.wrangler(['secret', 'list', '--name', worker]).catch(absent(/not found/))
    return list ? JSON.parse(list).map(({ name }: { name: string }) => name) : []
  }

  /** Adds these and leaves all others alone. A Worker that does not exist yet comes into being, without code and without an address. */
  addSecrets = (worker: string, secrets: Record<string, string>) =>
    this.wrangler(['secret', 'bulk', '--name', worker], JSON.stringify(secrets)).catch(rolledBack)

  /** The same for the version that is deployed next: after a rollback Cloudflare takes none for the one that runs. */
  async addSecretsForNext(worker: string, secrets: Record<string, string>) {
    await this.addSecrets(worker, secrets).catch((error) => {
      if (!(error instanceof RolledBack)) throw error
      return this.wrangler(['versions', 'secret', 'bulk', '--name', worker], JSON.stringify(secrets))
    })
  }

  migrate = () => this.wrangler(['d1', 'migrations', 'apply', 'DB', '--remote', ...this.deployment])

  /** @returns the addresses below workers.dev at which it answers now */
  async deploy(): Promise<string[]> {
    return (await this.wrangler(['deploy', ...this.deployment])).match(WORKERS_DEV) ?? []
  }

  /** Runs statements on the deployed database. @returns the rows of the last one */
  async execute(statements: string[]): Promise<unknown[]> {
    const command = ['d1', 'execute', 'DB', '--remote', '--json', '--yes', ...this.deployment, '--command', statements.join('; ')]
    return JSON.parse(await this.wrangler(command)).at(-1).results
  }

  /** @returns the id; wrangler's words about what it created are for people, so it is looked for again */
  private async findOrCreate(kind: Kind, name: string, options = async (): Promise<string[]> => []) {
    const found = await this.find(kind, name)
    if (found) return found
    await this.wrangler([...kind.create, name, ...(await options())])
    const made = await this.find(kind, name)
    if (!made) throw new Error(`wrangler ${kind.create.join(' ')} ${name} has created nothing that it lists.`)
    return made
  }

  private async existing(kind: Kind, name: string, advice: string) {
    const found = await this.find(kind, name)
    if (!found) throw new Refused(`There is no ${kind.noun} "${name}" in this account. ${advice}`)
    return found
  }

  private async find({ list, name, id }: Kind, wanted: string) {
    const all: Record<string, string>[] = JSON.parse(await this.wrangler(list))
    return all.find((one) => one[name] === wanted)?.[id]
  }
}

const inWords = (account: Account | undefined, id = '') =>
  account ? { id: account.id, words: `the account ${account.name} (${account.id})` } : { id, words: `the account ${id}`.trim() }

/** How wrangler lists and creates them, and what their name and id are called in its list. */
type Kind = { noun: string; list: string[]; create: string[]; name: string; id: string }

const DATABASE: Kind = { noun: 'database', list: ['d1', 'list', '--json'], create: ['d1', 'create'], name: 'name', id: 'uuid' }
const NAMESPACE: Kind = {
  noun: 'KV namespace',
  list: ['kv', 'namespace', 'list'],
  create: ['kv', 'namespace', 'create'],
  name: 'title',
  id: 'id',
}

const WORKERS_DEV = /https:\/\/[\w.-]+\.workers\.dev(?![\w.-])/g

/** What the operator has to put right before anything can go on: told in a sentence, without a stack. */
export class Refused extends Error {}

/** Anything else that wrangler says, for instance about the network, is told as it says it. */
function notSignedIn(error: unknown): never {
  if (!(error instanceof WranglerFailed && /"loggedIn":\s*false/.test(error.message))) throw error
  throw new Refused('No one is signed in to Cloudflare. Run "npx wrangler login", or set CLOUDFLARE_API_TOKEN.')
}

/** The version that runs is not the newest one, and only that one takes a secret. */
class RolledBack extends Refused {}

function rolledBack(error: unknown): never {
  if (!(error instanceof WranglerFailed && NOT_THE_NEWEST.test(error.message))) throw error
  throw new RolledBack(
    'This deployment was rolled back, and Cloudflare adds no secret to a version that is not the newest. Deploy forward first, with "npm run deploy".',
  )
}

const NOT_THE_NEWEST = /\b1021[45]\b|latest version of your Worker isn't currently deployed/

/** Undefined when wrangler says in these words that it is not there; any other trouble must not look like that. */
const absent = (words: RegExp) => (error: unknown) => {
  if (error instanceof WranglerFailed && words.test(error.message)) return undefined
  throw error
}
