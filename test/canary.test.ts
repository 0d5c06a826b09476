import { createMessageBatch } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { runCron } from '../src/cron'
import { readEnv } from '../src/env'
import { consume } from '../src/mail/deliver'
import { because, type Letter, type Outcome } from '../src/mail/provider'
import { Client, signedIn } from './client'
import { counted, type Failure } from './counted'
import { dump, linkIn, resetLinkIn, run } from './database'
import { leaksIn } from './leaks'
import { listen } from './logged'
import { call, callerOf, fieldsOf, NEW_PASSWORD, pathOf, patternOf, routeNamed, routeNames } from './routes'

/** Columns that hold what somebody typed, what opens a door, or what tells where somebody sits. */
const SECRET_COLUMNS = /email|_key|^key|name|note|jti|hash|secret$|nonce|agent$|^ip$|url|description|before|after|detail/
/** Form fields likewise; what the others hold are words of ours. */
const SECRET_FIELDS = /email|password|current|name|note|description|url|tags/
const TOO_SHORT_TO_TELL = 5

type Fields = Awaited<ReturnType<typeof fieldsOf>>

const HEADERS = {
  'User-Agent': 'Nightjar Browser/1.0',
  Referer: 'https://nightjar.test/invitation?token=nightjar.referer',
  'HX-Current-URL': 'https://latchkey.test/w/acme/access/users?q=nightjar-current-url',
  Authorization: 'Bearer nightjar-bearer',
}

beforeEach(async () => {
  await run("UPDATE tenants SET name = 'Nightjar Works ' || id")
  await run("UPDATE invitations SET note = 'Nightjar note to read'")
})

/** A part of a path that is a word of the product's own, and in the name of an event. */
const NO_SECRET = ':change'

/** Everything that must stay out of the log, as it stands in the database, the form, the browser and the link. */
async function secretsOf(client: Client, name: string, path: string, fields: Fields) {
  const { pattern } = routeNamed(name)
  const [, query = ''] = path.split('?')
  const ids = path
    .replace(/\?.*/, '')
    .split('/')
    .filter((segment, i) => !pattern.split('/').includes(segment) && pattern.split('/')[i] !== NO_SECRET)
  const cookies = [...client.cookies.values()].flatMap((cookie) => [cookie, ...cookie.split('.')])
  const parameters = [...new URLSearchParams(query).values()]
  return longEnough([
    ...(await rows()),
    ...typedIn(fields),
    ...Object.values(HEADERS),
    ...ids,
    query,
    ...parameters,
    ...cookies,
    client.ip,
  ])
}

const typedIn = (fields: Fields) => Object.entries(fields).flatMap(([field, values]) => (SECRET_FIELDS.test(field) ? values : []))

async function rows() {
  const cells = Object.values(await dump())
    .flat()
    .flatMap((row) => Object.entries(row))
  return cells.flatMap(([column, value]) => (SECRET_COLUMNS.test(column) ? [value] : []))
}

const longEnough = (values: unknown[]) =>
  values.filter((value): value is string => typeof value === 'string' && value.length >= TOO_SHORT_TO_TELL)

/** What one call writes to the log, and which secrets that gives away. */
async function heard(client: Client, name: string, path: string) {
  const fields = await fieldsOf(name)
  const before = await secretsOf(client, name, path, fields)
  const ear = listen()
  const answer = await call(client, name, { path, fields, headers: HEADERS })
  const lines = ear.stop()
  const leaks = leaksIn(lines.join('\n'), [...before, ...(await secretsOf(client, name, path, fields))])
  return { answer, lines: lines.map((line) => JSON.parse(line)), leaks }
}

const loud = routeNames.filter((name) => name !== 'GET /healthz')

/** Repeats what was asked: as an error of a library might, and as D1 does with a value that it cannot take. */
const repeated: Failure = (queries) => new Error(said(queries), { cause: new RangeError(said(queries)) })
const refused: Failure = (queries) => new Error(`D1_TYPE_ERROR: Type 'object' not supported for value '${said(queries)}'`)
const said = (queries: unknown) => `${JSON.stringify(queries)}\n    at ${JSON.stringify(queries)}`

it.each(loud)('%s writes one line and no secret, whichever round trip fails and when none does', async (name) => {
  for (let failsAt = 1, failed = true; failed; failsAt++) {
    const path = await pathOf(name)
    const client = Object.assign(await callerOf(name), { failsAt, failure: failsAt === 1 ? repeated : refused })
    const { answer, lines, leaks } = await heard(client, name, path)
    failed = client.roundTrips >= failsAt
    const line = {
      action: patternOf(name),
      outcome: failed ? 'failed' : 'done',
      status: answer.status,
      requestId: expect.any(String),
    }
    expect(leaks, `trip ${failsAt}`).toEqual([])
    expect(lines, `trip ${failsAt}`).toEqual([expect.objectContaining(line)])
  }
})

const ODD = [
  '/nightjar-path',
  '/w/acme/access/users/nightjar-id',
  '/login/nightjar',
  '/invitation?token=nightjar-token',
  '/INVITATION/%3Ftoken=nightjar-token',
  '/%6eightjar',
]

it.each(ODD)('a request for %s is not repeated', async (path) => {
  const ada = await signedIn('ada')
  const ear = listen()
  for (const client of [new Client(), ada]) {
    await client.get(path, { headers: HEADERS })
    await client.post(path, { email: 'nightjar@acme.test', nightjar: 'nightjar' }, { headers: HEADERS })
    // The one header that is said, since a wrong APP_ORIGIN shows by it.
    await client.post(path, {}, { headers: { Origin: 'https://elsewhere.test' } })
    await client.send('POST', path, '{"nightjar"', { headers: { 'Content-Type': 'application/json; nightjar' } })
  }
  const lines = ear.stop()
  expect(lines).toHaveLength(8)
  expect(leaksIn(lines.join('\n'), ['nightjar', '%6eightjar', ...ada.cookies.values()])).toEqual([])
})

it('nor what a Queue or a KV that fails repeats', async () => {
  const failing = async (...asked: unknown[]) => Promise.reject(new Error(said(asked)))
  const ada = await signedIn('ada')
  const pia = new Client({
    MAIL_QUEUE: Object.assign(Object.create(env.MAIL_QUEUE), { sendBatch: failing }),
    USED_TOKENS: Object.assign(Object.create(env.USED_TOKENS), { put: failing, get: failing }),
  })
  const link = await linkIn('pia@acme.test')
  await ada.post('/w/acme/access/users/pia/address', { email: 'nightjar@acme.test' })
  const ear = listen()
  await pia.get(link)
  await pia.post('/forgot-password', { email: 'bob@acme.test' })
  const reset = await resetLinkIn('bob@acme.test')
  const page = (await pia.get(reset)).headers.get('Location') ?? ''
  await pia.post(page, { token: reset.split('=')[1] ?? '', password: NEW_PASSWORD })
  const lines = ear.stop()

  expect(lines.filter((line) => line.includes('"failed"'))).toHaveLength(3)
  expect(
    leaksIn(lines.join('\n'), [...longEnough(await rows()), link.split('=')[1] ?? '', reset.split('=')[1] ?? '', NEW_PASSWORD]),
  ).toEqual([])
})

it.each(['* * * * *', '17 3 * * *'])('nor what the database repeats to a task of the Cron %s', async (cron) => {
  const secrets = longEnough(await rows())
  for (let trip = 1, trips = 1; trip <= trips; trip++) {
    const DB = counted(env.DB, trip, repeated)
    const ear = listen()
    await runCron({ ...readEnv(env), DB }, cron, Date.now())
    const lines = ear.stop()
    trips = DB.roundTrips()
    expect(leaksIn(lines.join('\n'), secrets)).toEqual([])
    expect(lines.map((line) => JSON.parse(line).outcome).toSorted()).toEqual(['failed', 'incomplete'])
  }
})

const messages = () =>
  createMessageBatch('latchkey-mail', [{ id: 'message-1', timestamp: new Date(), attempts: 1, body: { mailId: 'mail-pia' } }])

/** Each repeats the whole letter, link included. */
const PROVIDERS: Record<string, (letter: string) => Promise<Outcome>> = {
  'refuses it': async (letter) => ({ kind: 'refused', ...because('provider_refused', letter) }),
  'wants it later': async (letter) => ({ kind: 'retry', ...because('provider_status', letter) }),
  'takes it under telling names': async (name) => ({ kind: 'sent', providerId: name, requestId: name }),
  'does not know us': async (letter) => ({ kind: 'misconfigured', ...because('misconfigured_refusal', letter) }),
  throws: async (letter) => Promise.reject(new TypeError(letter, { cause: letter })),
}

describe('of a mail and its link no word is written while the provider', () => {
  it.each(Object.entries(PROVIDERS))('%s', async (_, answer) => {
    const letters: Letter[] = []
    const send = (letter: Letter) => answer(said(letters[letters.push(letter) - 1]))
    const secrets = longEnough(await rows())
    const ear = listen()
    await consume(messages(), { ...readEnv(env), MAIL_PROVIDER: 'local' }, { local: () => ({ send }) })
    const lines = ear.stop()

    const written = letters.flatMap(({ to, subject, html, text }) => [to, subject, html, text])
    const links = written.flatMap((text) => text.match(/(?<=token=)[\w.-]+/g) ?? [])
    expect(links.length).toBeGreaterThan(0)
    expect(leaksIn(lines.join('\n'), [...secrets, ...links, ...written])).toEqual([])
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ action: 'deliver mail', row: 'mail-pia', kind: 'invitation', attempt: 1 }),
    )
  })
})
