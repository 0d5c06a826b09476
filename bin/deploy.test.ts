import { createHash, createPrivateKey } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { experimental_getWranglerCommands } from 'wrangler'
import { configure, deploy } from './deploy.ts'
import type { deploymentConfig } from './deployment.ts'
import { confirmOnTerminal } from './terminal.ts'
import { type Account, databaseOf, newAccount, standIn, standInApi } from './testing/stand-in.ts'
import { rehearsed, rehearsedApi, type Wrangler, WranglerFailed } from './wrangler.ts'

const SETTINGS = { APP_ORIGIN: 'https://access.initech.test', MAIL_PROVIDER: 'mailchannels', MAIL_FROM: 'hello@initech.test' }
const API_KEY = 'the-key-of-the-provider'

let account: Account
let config: ReturnType<typeof deploymentConfig>

beforeEach(() => {
  account = newAccount()
  agree = async () => true
})

/** One run of `npm run deploy`. @returns what it said */
async function run(
  settings: Record<string, string> & typeof SETTINGS = SETTINGS,
  wrangler = onAccount(),
  onTerminal = true,
  more: object = {},
) {
  const said: string[] = []
  const say = (line: string) => said.push(line)
  await deploy(settings, {
    wrangler,
    api: standInApi(account),
    receive: async () => API_KEY,
    write,
    say,
    confirm: agree,
    locate: async () => 'weur',
    onTerminal,
    ...more,
  })
  return said.join('\n')
}

let agree = async (_question: string) => true

const write = (written: object) => {
  config = written as typeof config
}

const onAccount = () => standIn(account, () => config as never)

/** The account that fails at the nth command, before or after it has done it. */
function dyingAt(nth: number, after: boolean): Wrangler {
  const wrangler = onAccount()
  let calls = 0
  return async (args, input) => {
    const last = ++calls === nth
    const done = last && !after ? undefined : wrangler(args, input)
    if (!last) return done ?? ''
    await done?.catch(() => '')
    throw new Error('died')
  }
}

const FIND = ['whoami --json', 'secret list --name latchkey', 'd1 list --json']
const CONFIG = '--config wrangler.deploy.json'
const RELEASE = [
  `d1 migrations apply DB --remote ${CONFIG}`,
  `deploy ${CONFIG}`,
  expect.stringMatching(
    `^d1 execute DB --remote --json --yes ${CONFIG} --command DELETE FROM setup_tokens; INSERT INTO setup_tokens`,
  ),
]

describe('a first run', () => {
  it('creates what is missing, migrates, stores secrets, deploys, and prints the address and a set-up link, in this order', async () => {
    const said = await run()
    const [migrate, ...rest] = RELEASE

    expect(account.calls).toEqual([
      ...FIND,
      'd1 create latchkey --location weur',
      'd1 list --json',
      'kv namespace list',
      'kv namespace create latchkey-used-tokens',
      'kv namespace list',
      'queues info latchkey-mail',
      'queues create latchkey-mail',
      'queues info latchkey-mail-dead',
      'queues create latchkey-mail-dead',
      'queues info latchkey-jobs',
      'queues create latchkey-jobs',
      'queues info latchkey-jobs-dead',
      'queues create latchkey-jobs-dead',
      migrate,
      'secret bulk --name latchkey',
      ...rest,
    ])
    expect(said).toMatch(/https:\/\/access\.initech\.test\/setup\?token=[\w-]{43}\n/)
    expect(account.deployed).toHaveLength(1)
  })

  it('stores the hash of the link that it prints, for a day', async () => {
    const [, token = ''] = (await run()).match(/token=([\w-]+)/) ?? []
    const [row] = databaseOf(account).prepare('SELECT * FROM setup_tokens').all()

    expect(row?.token_hash).toBe(createHash('sha256').update(token).digest('hex'))
    expect(Math.abs(Number(row?.expires_at) - Date.now() - 24 * 3_600_000)).toBeLessThan(60_000)
  })

  it('makes keys that differ, of 256 bits or RSA, takes the API key, and shows none of them', async () => {
    const said = await run()
    const { MAILCHANNELS_API_KEY, ...keys } = account.secrets

    expect(MAILCHANNELS_API_KEY).toBe(API_KEY)
    expect(Object.keys(keys).map((name) => name.replace(/\d{8}T\d{4}Z$/, ''))).toEqual([
      'SESSION_KEY_',
      'INVITATION_KEY_',
      'RESET_KEY_',
      'JOIN_LINK_KEY_',
      'JOIN_KEY_',
      'BROWSER_KEY_',
      'FACTOR_LINK_KEY_',
      'TOTP_KEY_',
      'OIDC_KEY_',
    ])
    expect(new Set(Object.values(keys)).size).toBe(9)
    const [rsa, random] = [(name: string) => name.startsWith('OIDC_'), (name: string) => !name.startsWith('OIDC_')]
    for (const name of Object.keys(keys).filter(random)) expect(Buffer.from(keys[name] ?? '', 'base64url')).toHaveLength(32)
    for (const name of Object.keys(keys).filter(rsa))
      expect(createPrivateKey({ key: Buffer.from(keys[name] ?? '', 'base64url'), format: 'der', type: 'pkcs8' })).toMatchObject({
        asymmetricKeyDetails: { modulusLength: 2048 },
      })
    for (const secret of Object.values(account.secrets))
      expect(said + account.calls.join() + JSON.stringify(config)).not.toContain(secret)
  })
})

describe('a second run', () => {
  it('creates nothing, touches no secret, and migrates before it deploys', async () => {
    await run()
    const before = structuredClone(account)
    account.calls = []
    await run()

    expect(account.calls).toEqual([
      ...FIND,
      'kv namespace list',
      'queues info latchkey-mail',
      'queues info latchkey-mail-dead',
      'queues info latchkey-jobs',
      'queues info latchkey-jobs-dead',
      ...RELEASE,
    ])
    expect(account.secrets).toEqual(before.secrets)
  })

  it('voids the first link with a fresh one while there is no workspace, and prints none once there is', async () => {
    const links = [await run(), await run()]
    expect(databaseOf(account).prepare('SELECT * FROM setup_tokens').all()).toHaveLength(1)
    expect(links.map((said) => said.includes('/setup?token='))).toEqual([true, true])

    account.sql.push("INSERT INTO tenants (id, name, created_at) VALUES ('t', 'T', 1)")
    const said = await run()
    expect(said).toContain('https://access.initech.test')
    expect(said).not.toContain('/setup')
    expect(databaseOf(account).prepare('SELECT * FROM setup_tokens').all()).toEqual([])
  })

  it('asks for what a new setting needs, and for nothing else', async () => {
    await run({ ...SETTINGS, MAIL_PROVIDER: 'cloudflare' })
    const keys = { ...account.secrets }
    expect(Object.keys(keys)).not.toContain('MAILCHANNELS_API_KEY')

    await run({ ...SETTINGS, DKIM_DOMAIN: 'initech.test', DKIM_SELECTOR: 'mc' })
    expect(account.secrets).toEqual({ ...keys, MAILCHANNELS_API_KEY: API_KEY, DKIM_PRIVATE_KEY: API_KEY })
  })
})

describe('the place of the database', () => {
  it('is what LOCATION says, a jurisdiction too', async () => {
    await run({ ...SETTINGS, LOCATION: 'eu' })
    expect(account.calls).toContain('d1 create latchkey --jurisdiction eu')
  })

  it('has to be told where nobody can be asked, before anything is made', async () => {
    await expect(run(SETTINGS, onAccount(), false, { locate: undefined })).rejects.toThrow('LOCATION is missing')
    expect([account.databases, account.namespaces, account.secrets]).toEqual([[], [], {}])
  })

  it('is of no interest once it is there', async () => {
    await run()
    const locate = () => Promise.reject(new Error('asked'))
    await run(SETTINGS, onAccount(), true, { locate })
    expect(account.databases).toEqual(['latchkey'])
  })
})

describe('a deployment beside another one in the same account', () => {
  const STAGING = { ...SETTINGS, NAME: 'latchkey-staging', APP_ORIGIN: 'https://staging.initech.test' }

  it('has a Worker, a database, a list, queues and keys of its own, and leaves those of the other alone', async () => {
    await run()
    const { secrets, deployed } = structuredClone(account)
    await run(STAGING, onAccount(), true, { file: 'deploy.staging.json' })

    expect([account.secrets, account.deployed]).toEqual([secrets, deployed])
    expect(account.databases).toEqual(['latchkey', 'latchkey-staging'])
    expect(account.namespaces).toEqual(['latchkey-used-tokens', 'latchkey-staging-used-tokens'])
    expect(account.queues).toEqual(
      ['latchkey', 'latchkey-staging'].flatMap((name) => [
        `${name}-mail`,
        `${name}-mail-dead`,
        `${name}-jobs`,
        `${name}-jobs-dead`,
      ]),
    )
    expect(account.beside['latchkey-staging']?.deployed).toMatchObject([{ name: 'latchkey-staging' }])
    expect(Object.keys(account.beside['latchkey-staging']?.secrets ?? {})).toHaveLength(10)
    expect(account.calls.at(-1)).toContain('--config wrangler.deploy.staging.json')
  })

  it('is refused under the name of the other one, whose address would end, and nothing is changed', async () => {
    await run()
    const before = structuredClone({ ...account, calls: [] })
    account.calls = []
    const { NAME: _, ...unnamed } = STAGING
    await expect(run(unnamed)).rejects.toThrow(
      'The Worker "latchkey" of this account serves https://access.initech.test, which would end.',
    )
    expect({ ...account, calls: [] }).toEqual(before)
    expect(account.calls).toEqual(['whoami --json'])

    await run(unnamed, onAccount(), true, { takeOver: true })
    expect(account.deployed).toHaveLength(2)
  })
})

describe('what is there already under the address or the name', () => {
  const refused = async (settings: typeof SETTINGS, words: string) => {
    await expect(run(settings)).rejects.toThrow(words)
    expect([account.databases, account.secrets, account.deployed]).toEqual([[], {}, []])
  }

  it('is another Worker: refused without --take-over', async () => {
    account.domains = [{ hostname: 'access.initech.test', service: 'website' }]
    await refused(SETTINGS, 'access.initech.test is the address of the Worker "website", which would lose it.')
    const said = await run(SETTINGS, onAccount(), true, { takeOver: true })
    expect(said).toContain('is the address of the Worker "website"')
    expect(account.deployed).toHaveLength(1)
  })

  it('is something in the DNS: refused', () =>
    refused({ ...SETTINGS, APP_ORIGIN: 'https://localhost' }, 'localhost has a record in the DNS'))

  it('is a Worker of the same name that is no Latchkey: refused', async () => {
    account.workerExists = true
    await refused(SETTINGS, 'has a Worker "latchkey" that is no Latchkey')
  })

  it('is a Latchkey that died on its first way: goes on', async () => {
    account.workerExists = true
    account.secrets = { SESSION_KEY_20260101T0000Z: 'a' }
    await run()
    expect(account.deployed).toHaveLength(1)
  })

  it('is ours at an address that it is moved away from: goes on', async () => {
    await run()
    await run({ ...SETTINGS, APP_ORIGIN: 'https://people.initech.test', OLD_ORIGINS: SETTINGS.APP_ORIGIN } as typeof SETTINGS)
    expect(account.deployed).toHaveLength(2)
  })
})

it('in an account that never opened Workers nothing is stored, and it says where to open them', async () => {
  account.subdomain = null
  await expect(run()).rejects.toThrow('no workers.dev subdomain yet')
  expect([account.calls, account.secrets]).toEqual([['whoami --json'], {}])
})

it('after a rollback a new secret goes to the version that is deployed next', async () => {
  await run({ ...SETTINGS, MAIL_PROVIDER: 'cloudflare' })
  Object.assign(account, { rolledBack: true, calls: [] })
  await run()

  expect(account.calls).toContain('versions secret bulk --name latchkey')
  expect(account.secrets.MAILCHANNELS_API_KEY).toBe(API_KEY)
  expect([account.deployed.length, account.rolledBack]).toEqual([2, false])
})

describe('without a terminal', () => {
  it('no link is made or printed, but how to get one is, while there is no workspace', async () => {
    await run()
    const links = databaseOf(account).prepare('SELECT * FROM setup_tokens').all()
    const said = await run(SETTINGS, onAccount(), false)
    expect(said).toContain('set up     run "npm run deploy" on a terminal')
    expect(said).not.toContain('/setup?token=')
    expect(databaseOf(account).prepare('SELECT * FROM setup_tokens').all()).toEqual(links)

    account.sql.push("INSERT INTO tenants (id, name, created_at) VALUES ('t', 'T', 1)")
    expect(await run(SETTINGS, onAccount(), false)).not.toContain('set up ')
  })
})

describe('the database that DATABASE names', () => {
  const RESTORED = { ...SETTINGS, DATABASE: 'latchkey-restored' }

  it('is never created', async () => {
    await expect(run(RESTORED)).rejects.toThrow('There is no database "latchkey-restored" in this account. DATABASE in deploy.json')
    expect(account.calls).toEqual(FIND)
  })

  it('is used where it is there', async () => {
    account.databases.push(RESTORED.DATABASE)
    await run(RESTORED)
    expect(config.d1_databases).toMatchObject([{ database_id: 'uuid-of-latchkey-restored' }])
  })
})

describe('an address below workers.dev', () => {
  it.each(['https://latchkey.elsewhere.workers.dev', 'https://latchkey.initech.workers.dev.workers.dev'])(
    'of somebody else gets no link: %s',
    async (APP_ORIGIN) => {
      const said = run({ ...SETTINGS, APP_ORIGIN })
      await expect(said).rejects.toThrow(`is ${APP_ORIGIN}, but this deployment has https://latchkey.initech.workers.dev.`)
      expect(databaseOf(account).prepare('SELECT * FROM setup_tokens').all()).toEqual([])
    },
  )

  it('of our own gets one', async () => {
    const own = 'https://latchkey.initech.workers.dev'
    expect(await run({ ...SETTINGS, APP_ORIGIN: own })).toContain(`${own}/setup?token=`)
  })
})

describe('the configuration alone', () => {
  it('is that of a whole run, and nothing is changed', async () => {
    await run()
    const [whole, { calls: _, ...before }] = [config, structuredClone(account)]
    account.calls = []
    await configure(SETTINGS, { wrangler: onAccount(), write })

    expect(config).toEqual(whole)
    expect(account).toEqual({ ...before, calls: ['whoami --json', 'd1 list --json', 'kv namespace list'] })
  })

  it.each(['databases', 'namespaces'] as const)('is refused where the %s are not there', async (list) => {
    await run()
    account[list] = []
    const written: object[] = []
    const write = (config: object) => written.push(config)
    await expect(configure(SETTINGS, { wrangler: onAccount(), write })).rejects.toThrow('Deploy first')
    expect([account[list], written]).toEqual([[], []])
  })
})

it('a run that dies at any command, having done it or not, is finished by the next one', async () => {
  await run()
  const commands = account.calls.length
  for (let nth = 1; nth <= commands; nth++)
    for (const after of [false, true]) {
      account = newAccount()
      await expect(run(SETTINGS, dyingAt(nth, after))).rejects.toThrow('died')
      const stored = { ...account.secrets }
      const said = await run()

      expect(said, `command ${nth}`).toContain('/setup?token=')
      expect(account.secrets).toMatchObject(stored)
      expect([Object.keys(account.secrets).length, account.databases.length, account.queues.length]).toEqual([10, 1, 4])
    }
})

describe('nothing is done', () => {
  it.each<[string, Partial<Account>, RegExp]>([
    ['without a sign-in', { signedIn: false }, /No one is signed in to Cloudflare\. Run "npx wrangler login"/],
    [
      'while it is open which account is meant',
      { accounts: ['a', 'b'].map((name) => ({ id: `id-${name}`, name })) },
      /Set CLOUDFLARE_ACCOUNT_ID to the one to deploy to:\n {2}id-a {2}a\n {2}id-b {2}b/,
    ],
  ])('%s', async (_, change, words) => {
    Object.assign(account, change)
    await expect(run()).rejects.toThrow(words)
    expect(account.calls).toEqual(['whoami --json'])
  })

  it('when wrangler cannot tell who is signed in, and its own words are told', async () => {
    const wrangler: Wrangler = async () => {
      throw new WranglerFailed('npx wrangler whoami --json\nfetch failed: getaddrinfo EAI_AGAIN api.cloudflare.com')
    }
    await expect(run(SETTINGS, wrangler)).rejects.toThrow('getaddrinfo EAI_AGAIN api.cloudflare.com')
  })

  it('when whoever is asked says no, and the question names the worker, the address and the account', async () => {
    const asked: string[] = []
    agree = async (question) => asked.push(question) === 0
    await expect(run()).rejects.toThrow('Nothing was changed.')
    expect(asked).toEqual(['Deploy latchkey for https://access.initech.test to the account Initech (account-1)?'])
    expect(account.calls).toEqual(['whoami --json'])
  })

  it('when Cloudflare answers otherwise than with "not there"', async () => {
    const wrangler: Wrangler = async (args) => {
      if (args[0] === 'secret') throw new Error('A request to the Cloudflare API failed.')
      return onAccount()(args)
    }
    await expect(run(SETTINGS, wrangler)).rejects.toThrow('API failed')
    expect(account.calls).toEqual(['whoami --json'])
  })
})

it.each(['', 'n', 'yep', 'no, yes'])('the answer %j is no yes', async (answer) => {
  expect(await confirmOnTerminal('Deploy?', async () => answer)).toBe(false)
})

it.each(['y', 'Yes'])('the answer %j is one', async (answer) => {
  expect(await confirmOnTerminal('Deploy?', async () => answer)).toBe(true)
})

it('wrangler has every command that is used, with every flag', async () => {
  await run()
  const calls = account.calls.map((call) => call.split(' '))
  expect(calls.flatMap((call) => strangersIn(call))).toEqual([])
})

it('a rehearsal says the very commands of a first run', async () => {
  await run()
  const said: string[] = []
  const say = (line: string) => said.push(line)
  await run(SETTINGS, rehearsed(say, SETTINGS), true, { api: rehearsedApi })
  const commandOf = (line: string) => line.replace(/^ *npx wrangler /, '').replace(/ {3}\(.*|'?DELETE FROM.*/, '')

  expect(said.map(commandOf)).toEqual(account.calls.map(commandOf))
})

/** Words of a command line that the installed wrangler does not know. */
function strangersIn(call: string[]) {
  const { registry, globalFlags } = experimental_getWranglerCommands()
  let node = registry
  const rest = [...call]
  while (rest[0] && node.subtree.has(rest[0])) node = node.subtree.get(rest.shift() ?? '') ?? node
  const known = { ...globalFlags, ...(node.definition?.type === 'command' ? node.definition.args : {}) }
  const flags = rest.filter((word) => word.startsWith('--')).map((word) => word.slice(2))
  const strange = flags.filter((flag) => !Object.hasOwn(known, flag))
  return node.definition?.type === 'command' ? strange : [call.join(' ')]
}
