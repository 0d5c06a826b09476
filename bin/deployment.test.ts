import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { configFor, deploymentConfig, namesOf } from './deployment.ts'
import { checked, valuesIn } from './settings.ts'

const SETTINGS = { APP_ORIGIN: 'https://access.initech.test', MAIL_PROVIDER: 'mailchannels', MAIL_FROM: 'hello@initech.test' }
const IDS = { database: 'uuid-of-latchkey', namespace: 'id-of-tokens' }

describe('settings', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['nothing', {}, ['APP_ORIGIN is missing', 'MAIL_PROVIDER must be', 'MAIL_FROM is missing']],
    ['plain http', { ...SETTINGS, APP_ORIGIN: 'http://access.initech.test' }, ['APP_ORIGIN must be https outside development.']],
    ['the local mailbox', { ...SETTINGS, MAIL_PROVIDER: 'local' }, ['The local mailbox is for development only.']],
    ['what nobody knows', { ...SETTINGS, MAX_PENDNG: '7' }, ['MAX_PENDNG is not a Latchkey setting.']],
    ['an environment', { ...SETTINGS, ENVIRONMENT: 'development' }, ['ENVIRONMENT is not a Latchkey setting.']],
    ['a secret', { ...SETTINGS, MAILCHANNELS_API_KEY: 'key' }, ['MAILCHANNELS_API_KEY is not a Latchkey setting.']],
    ['half of DKIM', { ...SETTINGS, DKIM_DOMAIN: 'initech.test' }, ['DKIM_DOMAIN and DKIM_SELECTOR must be set together']],
    ['nonsense', { ...SETTINGS, MAX_PENDING: 'many', MAIL_FROM: 'us' }, ['MAX_PENDING must be', 'MAIL_FROM is not an address.']],
    ['a bad name', { ...SETTINGS, NAME: 'Staging 2' }, ['NAME must be lower-case letters']],
    ['nowhere', { ...SETTINGS, LOCATION: 'here' }, ['LOCATION must be one of weur, ']],
    ['a port', { ...SETTINGS, APP_ORIGIN: 'https://access.initech.test:8443' }, ['with no port']],
    ['plain http for the key', { ...SETTINGS, MAILCHANNELS_BASE_URL: 'http://a.test' }, ['MAILCHANNELS_BASE_URL must be https']],
  ])('that say %s are refused, in a sentence each', (_, settings, sentences) => {
    for (const sentence of sentences) expect(() => checked(settings)).toThrow(sentence)
  })

  it('may be texts and numbers of one object', () => {
    expect(checked(valuesIn(JSON.stringify({ ...SETTINGS, MAX_PENDING: 7 })))).toEqual({ ...SETTINGS, MAX_PENDING: '7' })
    for (const text of ['', 'null', '[]', '"text"', '{"APP_ORIGIN":{}}'])
      expect(() => valuesIn(text), text).toThrow('deploy.json must be one JSON object of names and values.')
  })

  it.each([
    ['{\n  "NAME": "a"\n  "LOCATION": "eu"\n}', "Line 3, column 3: Expected ',' or '}' after property value"],
    ['{\n  "NAME": "a",\n}', 'Line 3, column 1: Expected double-quoted property name'],
    ['{\n  "NAME": \'a\'\n}', "Line 2, column 11: Unexpected token '''"],
    ['{\n  "NAME": "a",\n  "LOCATION": "eu', 'Line 3, column 18: Unterminated string'],
    ['{\n  "NAME":', 'Line 2, column 10: Unexpected end of JSON input'],
    ['\n{ "NAME": "a" }}', 'Line 2, column 16: Unexpected non-whitespace character after JSON'],
  ])('say where they stop being JSON: %j', (text, where) => {
    expect(() => valuesIn(text, 'deploy.staging.json')).toThrow(`deploy.staging.json is not valid JSON. ${where}`)
  })
})

describe('the configuration', () => {
  it('is that of the repository with the ids, settings and address of the deployment', () => {
    expect(deploymentConfig(checked({ ...SETTINGS, MAX_PENDING: '7' }), IDS)).toMatchObject({
      name: 'latchkey',
      routes: [{ pattern: 'access.initech.test', custom_domain: true }],
      workers_dev: false,
      vars: { ...SETTINGS, MAX_PENDING: '7', ENVIRONMENT: 'production' },
      d1_databases: [{ binding: 'DB', database_id: IDS.database, migrations_dir: 'migrations' }],
      kv_namespaces: [{ binding: 'USED_TOKENS', id: IDS.namespace }],
    })
  })

  it('uses another database where one is named, which the Worker need not know', () => {
    const { d1_databases, vars } = deploymentConfig(checked({ ...SETTINGS, DATABASE: 'latchkey-restored' }), IDS)
    expect(d1_databases).toMatchObject([{ binding: 'DB', database_name: 'latchkey-restored', database_id: IDS.database }])
    expect(vars).not.toHaveProperty('DATABASE')
  })

  it('names everything for the deployment, and keeps what is for the command alone from the Worker', () => {
    const own = { NAME: 'initech-staging', LOCATION: 'weur' }
    const { name, d1_databases, queues, ratelimits, vars } = deploymentConfig(checked({ ...SETTINGS, ...own }), IDS)
    const { worker, database, tokens, queues: named } = namesOf(own)

    expect([name, d1_databases?.[0]?.database_name, tokens]).toEqual([worker, database, 'initech-staging-used-tokens'])
    expect(queues?.producers).toMatchObject([{ queue: 'initech-staging-mail' }, { queue: 'initech-staging-jobs' }])
    expect(queues?.consumers).toMatchObject([
      { queue: 'initech-staging-mail', dead_letter_queue: 'initech-staging-mail-dead' },
      { queue: 'initech-staging-mail-dead' },
      { queue: 'initech-staging-jobs', dead_letter_queue: 'initech-staging-jobs-dead' },
      { queue: 'initech-staging-jobs-dead' },
    ])
    expect(named).toEqual(queues?.consumers?.map(({ queue }) => queue))
    for (const setting of Object.keys(own)) expect(vars).not.toHaveProperty(setting)
    const [limiter] = deploymentConfig(checked(SETTINGS), IDS).ratelimits ?? []
    expect(limiter?.namespace_id).toMatch(/^[1-9]\d+$/)
    expect(ratelimits?.[0]?.namespace_id).not.toBe(limiter?.namespace_id)
  })

  it.each([
    ['deploy.json', 'wrangler.deploy.json'],
    ['deploy.staging.json', 'wrangler.deploy.staging.json'],
  ])('of %s is written to %s', (file, config) => expect(configFor(file)).toBe(config))

  it.each(['../deploy.json', 'package.json', 'deploy.json.bak'])('is not made from %s', (file) =>
    expect(() => configFor(file)).toThrow('--config must name a file of this folder'),
  )

  it('binds Cloudflare Email Service only where it sends', () => {
    const { send_email } = deploymentConfig(checked({ ...SETTINGS, MAIL_PROVIDER: 'cloudflare' }), IDS)
    expect(send_email).toEqual([{ name: 'EMAIL', allowed_sender_addresses: ['hello@initech.test'] }])
    expect(deploymentConfig(checked(SETTINGS), IDS).send_email).toBeUndefined()
  })

  it('answers at the addresses of before too', () => {
    const moved = { ...SETTINGS, OLD_ORIGINS: 'https://old.initech.test, https://latchkey.initech.workers.dev' }
    expect(deploymentConfig(checked(moved), IDS)).toMatchObject({
      workers_dev: true,
      routes: ['access.initech.test', 'old.initech.test'].map((pattern) => ({ pattern, custom_domain: true })),
    })
  })

  it('has no domain of its own under workers.dev', () => {
    const config = deploymentConfig(checked({ ...SETTINGS, APP_ORIGIN: 'https://latchkey.initech.workers.dev' }), IDS)
    expect(config).toMatchObject({ workers_dev: true })
    expect(config).not.toHaveProperty('routes')
  })
})

it('a batch of the Queue is small enough that each of its emails has a connection, of the six that an invocation may hold', () => {
  const [, most] = /queue = "latchkey-mail"\nmax_batch_size = (\d+)/.exec(readFileSync('wrangler.toml', 'utf8')) ?? []
  expect(Number(most)).toBeLessThan(6)
})
