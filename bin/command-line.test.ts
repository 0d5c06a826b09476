import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { publicWebhookKey } from '../test/webhook-key.ts'
import { type Account, newAccount, standInApi } from './testing/stand-in.ts'

const SETTINGS = {
  APP_ORIGIN: 'https://access.initech.test',
  MAIL_PROVIDER: 'mailchannels',
  MAIL_FROM: 'hello@initech.test',
  LOCATION: 'weur',
}
const API_KEY = 'the-key-of-the-provider'
const WITH_WEBHOOK = { ...SETTINGS, MAILCHANNELS_CUSTOMER: 'initech' }

/** A copy of the repository as far as the tools touch it, a `wrangler` that comes first on the path, and Cloudflare's API. */
let home: string
let api: Server
const account = (): Account => JSON.parse(readFileSync(join(home, 'account.json'), 'utf8'))
const keepAccount = (kept: Account) => writeFileSync(join(home, 'account.json'), JSON.stringify(kept))
const keptSettings = () => JSON.parse(readFileSync(join(home, 'deploy.json'), 'utf8'))
const keepSettings = (settings: object) => writeFileSync(join(home, 'deploy.json'), JSON.stringify(settings))

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'latchkey-'))
  for (const part of ['wrangler.toml', 'migrations', 'views/css', 'views/client'])
    cpSync(part, join(home, part), { recursive: true })
  for (const folder of ['public', 'bin']) mkdirSync(join(home, folder))
  symlinkSync(resolve('node_modules'), join(home, 'node_modules'))
  writeFileSync(join(home, 'bin/wrangler'), `#!/bin/sh\nexec "${process.execPath}" "${resolve('bin/testing/stand-in.ts')}" "$@"\n`)
  chmodSync(join(home, 'bin/wrangler'), 0o755)
  api = createServer(async ({ url = '', headers }, response) => {
    const ours = headers.authorization === 'Bearer token-of-the-operator'
    const result = ours ? await standInApi(account())(url) : undefined
    response.writeHead(!ours ? 403 : result === undefined ? 404 : 200)
    response.end(JSON.stringify({ result, errors: ours ? [] : [{ code: 10000, message: 'Authentication error' }] }))
  })
  await once(api.listen(0, 'localhost'), 'listening')
})

afterAll(() => {
  api.close()
  rmSync(home, { recursive: true })
})

const originOf = (server: Server) => `http://localhost:${(server.address() as AddressInfo).port}`

beforeEach(() => {
  for (const file of ['deploy.json', 'wrangler.deploy.json', 'deploy.staging.json', 'wrangler.deploy.staging.json'])
    rmSync(join(home, file), { force: true })
  keepAccount(newAccount())
})

/** As `npm run` starts it, without a terminal. */
async function run(tool: string, args: string[] = [], env: Record<string, string> = { MAILCHANNELS_API_KEY: API_KEY }) {
  const PATH = [join(home, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter)
  const STAND_IN_ACCOUNT = join(home, 'account.json')
  const { NODE_COMPILE_CACHE = '' } = process.env
  const child = spawn(process.execPath, [resolve(tool), ...args], {
    cwd: home,
    env: { PATH, HOME: home, NODE_COMPILE_CACHE, STAND_IN_ACCOUNT, CLOUDFLARE_API_BASE_URL: originOf(api), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(chunk))
  const [status] = await once(child, 'close')
  return { status, printed: Buffer.concat(printed).toString() }
}

it('npm run deploy goes from nothing to a deployment, and puts no link into a log', async () => {
  keepSettings(SETTINGS)
  const first = await run('bin/deploy.ts')
  expect(first).toEqual({ status: 0, printed: expect.stringContaining('set up     run "npm run deploy" on a terminal') })
  expect(first.printed).not.toContain('/setup?token=')
  const { secrets } = account()
  for (const secret of Object.values(secrets)) expect(first.printed).not.toContain(secret)
  // Wrangler itself reads what was written.
  expect(unstable_readConfig({ config: join(home, 'wrangler.deploy.json') })).toMatchObject({
    vars: { APP_ORIGIN: SETTINGS.APP_ORIGIN, MAIL_FROM: SETTINGS.MAIL_FROM, ENVIRONMENT: 'production' },
    d1_databases: [{ binding: 'DB', database_id: 'uuid-of-latchkey' }],
  })
})

it('--config-only writes what wrangler needs on another machine, and deploys nothing', async () => {
  keepSettings(SETTINGS)
  expect(await run('bin/deploy.ts', ['--config-only'], {})).toEqual({ status: 1, printed: expect.stringContaining('Deploy first') })
  await run('bin/deploy.ts')
  rmSync(join(home, 'wrangler.deploy.json'))
  keepAccount({ ...account(), calls: [] })

  expect((await run('bin/deploy.ts', ['--config-only'], {})).status).toBe(0)
  expect(existsSync(join(home, 'wrangler.deploy.json'))).toBe(true)
  expect(account().calls).toEqual(['whoami --json', 'd1 list --json', 'kv namespace list'])
})

it('--dry-run needs no account and no settings, calls nothing and writes nothing', async () => {
  keepAccount({ ...newAccount(), signedIn: false })
  const { status, printed } = await run('bin/deploy.ts', ['--dry-run'], {})

  expect(status, printed).toBe(0)
  expect(printed).toContain('npx wrangler deploy --config wrangler.deploy.json')
  expect(printed).toContain('"pattern": "access.example.com"')
  expect(printed).not.toContain('/setup?token=')
  expect(account().calls).toEqual([])
  expect(['deploy.json', 'wrangler.deploy.json'].filter((file) => existsSync(join(home, file)))).toEqual([])
})

it('npm run deploy --dry-run and --config-only mean the same without the extra --, when npm keeps the flag for itself', async () => {
  keepSettings(SETTINGS)
  const rehearsal = await run('bin/deploy.ts', [], { npm_config_dry_run: 'true', MAILCHANNELS_API_KEY: API_KEY })
  expect(rehearsal).toEqual({ status: 0, printed: expect.stringContaining('nothing was asked, changed or written') })
  expect(account()).toEqual(newAccount())

  const config = await run('bin/deploy.ts', [], { npm_config_config_only: 'true', MAILCHANNELS_API_KEY: API_KEY })
  expect(config).toEqual({ status: 1, printed: expect.stringContaining('Deploy first') })
  expect(account().deployed).toEqual([])
})

const PERSON =
  'npm run person -- (export <email> <file> | erase <email> | sign-out <email> | second-factor <email>) [--local | --config deploy.<name>.json] [--yes]'

it.each<[string, string[], Record<string, string>, string]>([
  [
    'deploy',
    ['--dryrun'],
    {},
    "Unknown option '--dryrun': npm run deploy -- [--dry-run | --config-only | --take-over] [--config deploy.<name>.json]",
  ],
  [
    'deploy',
    ['--dry-run=yes'],
    {},
    "Option '--dry-run' does not take an argument: npm run deploy -- [--dry-run | --config-only | --take-over] [--config deploy.<name>.json]",
  ],
  [
    'deploy',
    ['production'],
    {},
    "Unknown argument 'production': npm run deploy -- [--dry-run | --config-only | --take-over] [--config deploy.<name>.json]",
  ],
  [
    'rotate',
    ['everything'],
    {},
    "Unknown argument 'everything': npm run rotate -- [session | invitation | reset | join_link | join | browser | factor_link | totp | oidc] [--config deploy.<name>.json]",
  ],
  ['reset', ['--now'], {}, "Unknown option '--now': npm run reset"],
  [
    'rotate',
    [''],
    {},
    "Unknown argument '': npm run rotate -- [session | invitation | reset | join_link | join | browser | factor_link | totp | oidc] [--config deploy.<name>.json]",
  ],
  [
    'rotate',
    ['session', 'reset'],
    {},
    "Unknown argument 'reset': npm run rotate -- [session | invitation | reset | join_link | join | browser | factor_link | totp | oidc] [--config deploy.<name>.json]",
  ],
  [
    'rotate',
    ['session', '--now'],
    {},
    "Unknown option '--now': npm run rotate -- [session | invitation | reset | join_link | join | browser | factor_link | totp | oidc] [--config deploy.<name>.json]",
  ],
  [
    'rotate',
    ['session'],
    { npm_config_dry_run: 'true' },
    "Unknown option '--dry-run': npm run rotate -- [session | invitation | reset | join_link | join | browser | factor_link | totp | oidc] [--config deploy.<name>.json]",
  ],
  [
    'deploy',
    [],
    { npm_config_config: 'deploy.staging.json' },
    'Write -- before --config: npm run deploy -- [--dry-run | --config-only | --take-over] [--config deploy.<name>.json]',
  ],
  [
    'webhook',
    ['deploy.staging.json'],
    { npm_config_config: 'true' },
    'Write -- before --config: npm run webhook -- [<key id>] [--config deploy.<name>.json]',
  ],
  ['person', ['delete', 'bob@acme.test'], {}, `Unknown command 'delete': ${PERSON}`],
  ['person', ['erase'], {}, PERSON],
  ['webhook', ['--key', 'other'], {}, "Unknown option '--key': npm run webhook -- [<key id>] [--config deploy.<name>.json]"],
  ['webhook', ['mckey', 'other'], {}, "Unknown argument 'other': npm run webhook -- [<key id>] [--config deploy.<name>.json]"],
  [
    'webhook',
    [],
    { npm_config_dry_run: 'true' },
    "Unknown option '--dry-run': npm run webhook -- [<key id>] [--config deploy.<name>.json]",
  ],
])('npm run %s with %j and %j is refused with one sentence, and nothing is asked of anybody', async (tool, args, env, sentence) => {
  keepSettings(SETTINGS)
  const before = account()
  // Nobody listens there: a request would be another complaint.
  const elsewhere = { MAILCHANNELS_API_KEY: API_KEY, MAILCHANNELS_BASE_URL: 'http://localhost:1' }

  expect(await run(`bin/${tool}.ts`, args, { ...elsewhere, ...env })).toEqual({ status: 1, printed: `${sentence}\n` })
  expect(account()).toEqual(before)
  expect(keptSettings()).toEqual(SETTINGS)
})

it.each([
  ['deploy', '--help', /^npm run deploy -- \[--dry-run .*\n$/],
  ['rotate', '-h', /^npm run rotate -- .*\n$/],
  ['webhook', '--help', /^npm run webhook -- .*\n$/],
  ['person', '--help', /^npm run person -- .*\n$/],
  ['workspace', '-h', /^npm run workspace -- .*\n$/],
  ['reset', '--help', /^npm run reset\n$/],
])('npm run %s -- %s prints the usage and does nothing else', async (tool, flag, usage) => {
  expect(await run(`bin/${tool}.ts`, [flag])).toEqual({ status: 0, printed: expect.stringMatching(usage) })
  expect(account().calls).toEqual([])
})

it('settings that cannot be used are refused before anything is asked, without a stack', async () => {
  keepSettings({ ...SETTINGS, APP_ORIGIN: undefined })
  const { status, printed } = await run('bin/deploy.ts')

  expect([status, printed]).toEqual([
    1,
    expect.stringMatching(/^deploy\.json cannot be used as it is:\n {2}APP_ORIGIN is missing: [^\n]*\n$/),
  ])
  expect(account().calls).toEqual([])
})

it('without the key of its provider and without a terminal it says what to do, and creates nothing', async () => {
  keepSettings(SETTINGS)
  const { status, printed } = await run('bin/deploy.ts', [], {})

  expect([status, printed]).toEqual([
    1,
    expect.stringContaining('MAILCHANNELS_API_KEY is not stored yet. Give it once in the environment'),
  ])
  expect(account().databases).toEqual([])
})

it('npm run deploy puts nothing in the place of another Worker, but with --take-over', async () => {
  keepSettings(SETTINGS)
  keepAccount({ ...newAccount(), domains: [{ hostname: 'access.initech.test', service: 'website' }] })
  const { status, printed } = await run('bin/deploy.ts')
  expect([status, printed]).toEqual([1, expect.stringContaining('is the address of the Worker "website", which would lose it.')])
  expect([account().databases, account().secrets]).toEqual([[], {}])

  expect(await run('bin/deploy.ts', ['--take-over'])).toMatchObject({ status: 0 })
  expect(account().deployed).toHaveLength(1)
})

it('--config deploys what another file describes beside the first, and rotates its keys', async () => {
  const staging = { ...SETTINGS, NAME: 'latchkey-staging', APP_ORIGIN: 'https://staging.initech.test' }
  keepSettings(SETTINGS)
  writeFileSync(join(home, 'deploy.staging.json'), JSON.stringify(staging))
  await run('bin/deploy.ts')
  const { secrets } = account()
  expect(await run('bin/deploy.ts', ['--config', 'deploy.staging.json'])).toMatchObject({ status: 0 })
  expect(unstable_readConfig({ config: join(home, 'wrangler.deploy.staging.json') })).toMatchObject({ name: 'latchkey-staging' })
  expect(await run('bin/rotate.ts', ['reset', '--config', 'deploy.staging.json'])).toMatchObject({ status: 0 })

  expect(account().secrets).toEqual(secrets)
  expect(Object.keys(account().beside['latchkey-staging']?.secrets ?? {})).toHaveLength(Object.keys(secrets).length + 1)
})

it('a token that lacks a permission is told with what Cloudflare says, and where to read which it needs', async () => {
  keepSettings(SETTINGS)
  keepAccount({ ...newAccount(), token: 'of-too-little-use' })
  const { status, printed } = await run('bin/deploy.ts')
  expect([status, printed]).toEqual([1, expect.stringContaining('Authentication error (10000)')])
  expect(printed).toContain('docs/operations.md lists under Install')
})

it('a range API that is none is refused before anything is asked of Cloudflare', async () => {
  keepSettings({ ...SETTINGS, PASSWORD_RANGE_URL: 'https://localhost:1/range/' })
  const { status, printed } = await run('bin/deploy.ts')
  expect([status, printed]).toEqual([
    1,
    'PASSWORD_RANGE_URL does not answer as a range API: https://localhost:1/range/00000 gave no answer.\n',
  ])
  expect(account()).toEqual(newAccount())
})

it('npm run rotate adds the next key and tells what becomes of the older one', async () => {
  keepAccount({ ...newAccount(), workerExists: true, secrets: { SESSION_KEY_20260101T0000Z: 'a', RESET_KEY_20260101T0000Z: 'b' } })
  const { status, printed } = await run('bin/rotate.ts', ['session'])
  const [old = '', added = ''] = Object.keys(account().secrets).filter((name) => name.startsWith('SESSION_KEY_'))

  expect(status, printed).toBe(0)
  expect(old).toBe('SESSION_KEY_20260101T0000Z')
  expect(printed).toMatch(new RegExp(`^${old}   signs until .*, is needed until .*\n${added}   signs from .*\n$`))
  expect(printed).not.toContain(account().secrets[added])
})

const [OLD_KEY, NEW_KEY] = ['old', 'new'].map(publicWebhookKey)

/** `npm run webhook` beside a MailChannels that gives this key. */
async function webhook(key: string) {
  const asked: string[] = []
  const server = createServer(({ method, url = '', headers }, response) => {
    asked.push(`${method} ${url} ${headers['x-api-key']}`)
    response.end(url.includes('public-key') ? JSON.stringify({ id: 'mckey', key }) : method === 'GET' ? '[]' : '')
  })
  await once(server.listen(0), 'listening')
  const { port } = server.address() as AddressInfo
  const env = { ...process.env, MAILCHANNELS_API_KEY: API_KEY, MAILCHANNELS_BASE_URL: `http://localhost:${port}` }
  const child = spawn(process.execPath, [resolve('bin/webhook.ts')], { cwd: home, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let complained = ''
  child.stderr.on('data', (chunk) => {
    complained += chunk
  })
  const [status] = await once(child, 'close')
  server.close()
  return { status, complained, asked }
}

it('npm run webhook enrols the deployment with MailChannels once, and pins the key beside an older one', async () => {
  keepSettings({ ...WITH_WEBHOOK, MAILCHANNELS_WEBHOOK_KEYS: `old:${OLD_KEY}` })
  expect(await webhook(NEW_KEY ?? '')).toEqual({
    status: 0,
    complained: '',
    asked: [
      `GET /tx/v1/webhook ${API_KEY}`,
      `POST /tx/v1/webhook?endpoint=${encodeURIComponent(`${SETTINGS.APP_ORIGIN}/webhooks/mail/mailchannels`)} ${API_KEY}`,
      `GET /tx/v1/webhook/public-key?id=mckey ${API_KEY}`,
    ],
  })
  expect(keptSettings()).toEqual({ ...WITH_WEBHOOK, MAILCHANNELS_WEBHOOK_KEYS: `old:${OLD_KEY},mckey:${NEW_KEY}` })
})

it.each<[string, object | undefined, RegExp]>([
  ['without deploy.json', undefined, /^There is no deploy\.json yet: "npm run deploy" writes it\.\n$/],
  [
    'without an address',
    { ...SETTINGS, APP_ORIGIN: undefined },
    /^deploy\.json cannot be used as it is:\n {2}APP_ORIGIN is missing/,
  ],
  ['without the handle of the account', SETTINGS, /^Set MAILCHANNELS_CUSTOMER in deploy\.json first/],
])('npm run webhook %s says so, and asks MailChannels nothing', async (_, settings, words) => {
  if (settings) keepSettings(settings)
  expect(await webhook(NEW_KEY ?? '')).toEqual({ status: 1, complained: expect.stringMatching(words), asked: [] })
})

it('npm run webhook keeps no key that the Worker would refuse', async () => {
  keepSettings(WITH_WEBHOOK)
  const { status, complained } = await webhook('new')
  expect([status, complained]).toEqual([1, expect.stringContaining('MAILCHANNELS_WEBHOOK_KEYS must hold Ed25519 keys')])
  expect(keptSettings()).toEqual(WITH_WEBHOOK)
})
