import { type Wrangler, WranglerFailed } from './wrangler.ts'

/** The generated configuration: that of the repository with the ids and settings of this deployment. */
export const CONFIG = 'wrangler.deploy.json'
const DEPLOYMENT = ['--config', CONFIG]

type Account = { name: string; id: string }

/** What Latchkey asks of Cloudflare. Everything can be asked again: what is there already is found, not made twice. */
export class Cloudflare {
  private readonly wrangler: Wrangler

  constructor(wrangler: Wrangler) {
    this.wrangler = wrangler
  }

  /** @throws Refused when nobody is signed in, or it is open which account is meant */
  async checkSignIn(chosen = process.env.CLOUDFLARE_ACCOUNT_ID) {
    const { accounts = [] }: { accounts?: Account[] } = JSON.parse(await this.wrangler(['whoami', '--json']).catch(notSignedIn))
    if (chosen || accounts.length < 2) return
    const list = accounts.map(({ name, id }) => `\n  ${id}  ${name}`).join('')
    throw new Refused(`This sign-in reaches several accounts. Set CLOUDFLARE_ACCOUNT_ID to the one to deploy to:${list}`)
  }

  database = (name: string) => this.findOrCreate(['d1', 'list', '--json'], ['d1', 'create', name], { name }, 'uuid')

  namespace = (title: string) =>
    this.findOrCreate(['kv', 'namespace', 'list'], ['kv', 'namespace', 'create', title], { title }, 'id')

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
    this.wrangler(['secret', 'bulk', '--name', worker], JSON.stringify(secrets))

  migrate = () => this.wrangler(['d1', 'migrations', 'apply', 'DB', '--remote', ...DEPLOYMENT])

  deploy = () => this.wrangler(['deploy', ...DEPLOYMENT])

  /** Runs statements on the deployed database. @returns the rows of the last one */
  async execute(statements: string[]): Promise<unknown[]> {
    const command = ['d1', 'execute', 'DB', '--remote', '--json', '--yes', ...DEPLOYMENT, '--command', statements.join('; ')]
    return JSON.parse(await this.wrangler(command)).at(-1).results
  }

  /** @returns the id; wrangler's words about what it created are for people, so it is looked for again */
  private async findOrCreate(list: string[], create: string[], named: Record<string, string>, id: string) {
    const find = async () => {
      const all: Record<string, string>[] = JSON.parse(await this.wrangler(list))
      return all.find((one) => Object.entries(named).every(([key, name]) => one[key] === name))?.[id]
    }
    const found = await find()
    if (found) return found
    await this.wrangler(create)
    const made = await find()
    if (!made) throw new Error(`wrangler ${create.join(' ')} has created nothing that it lists.`)
    return made
  }
}

/** What the operator has to mend before anything can go on: told in a sentence, without a stack. */
export class Refused extends Error {}

function notSignedIn(error: unknown): never {
  if (!(error instanceof WranglerFailed)) throw error
  throw new Refused('Nobody is signed in with Cloudflare. Run "npx wrangler login", or set CLOUDFLARE_API_TOKEN.')
}

/** Undefined when wrangler says in these words that it is not there; any other trouble must not look like that. */
const absent = (words: RegExp) => (error: unknown) => {
  if (error instanceof WranglerFailed && words.test(error.message)) return undefined
  throw error
}
