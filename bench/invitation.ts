import { env } from 'cloudflare:workers'
import { runCron } from '../src/cron'
import { readEnv } from '../src/env'
import { MINUTE_MS } from '../src/limits'
import { deliver } from '../src/mail/deliver'
import type { Providers } from '../src/mail/provider'
import { hashPassword } from '../src/models/identity/password'
import { Client, signedIn, signedInAs } from '../test/client'
import { linkIn, one, run } from '../test/database'
import { pageOf, tokenOf } from '../test/links'
import { NEW_PASSWORD } from '../test/routes'
import { eventOf, signed } from '../test/webhook'
import { metered, nothing, type Usage } from './metered'

/** `times` of a step for one invitation: what is assumed of people, where the rest is measured. */
type Step = { what: string; times: number; mails?: number } & (Request | Background)
type Request = { as: () => Promise<Client>; ask: (client: Client) => Promise<unknown> }
type Background = { work: (bindings: Cloudflare.Env) => Promise<unknown> }

const TAKEN: Providers = {
  local: () => ({ send: async ({ id }) => ({ kind: 'sent', providerId: null, requestId: `request-${id}` }) }),
}
const NELL = 'nell@acme.test'
const MINUTES_A_MONTH = 30 * 24 * 60

const admin = () => signedIn('ada')
const anyone = async () => new Client()

/** One mail as it is written, and what its provider tells of it. */
const mailed = (kind: Kind): Step[] => [
  {
    what: `the ${kind} goes out`,
    times: 1,
    mails: 1,
    work: async (b) => deliver(readEnv(b), TAKEN, [await newest(kind)], Date.now()),
  },
  { what: `the provider tells of the ${kind}`, times: 2, as: anyone, ask: (c) => tell(c, kind) },
]

const everyMinute = (bindings: Cloudflare.Env) => runCron(readEnv(bindings), '* * * * *', Date.now())
const SOMETHING_ELSE: Step = { what: 'Cron with something to do', times: 0, work: cronThenQuiet }

/** In the order in which they happen, since each finds what the one before has left. */
export const STEPS: Step[] = [
  { what: 'the user table', times: 2, as: admin, ask: (c) => c.get('/w/acme/access/users') },
  { what: 'the form to invite, and each preview', times: 4, as: admin, ask: (c) => c.get('/w/acme/access/invitations/new') },
  { what: 'inviting', times: 1, as: admin, ask: (c) => c.post('/w/acme/access/invitations', { email: NELL, role: 'user' }) },
  ...mailed('invitation'),
  SOMETHING_ELSE,
  // Everybody is reminded here, and the Cron does it for one at a time.
  { what: 'Cron reminds', times: 1, work: remind },
  ...mailed('reminder'),
  { what: 'a scanner or the person follows the link', times: 3, as: anyone, ask: async (c) => c.get(await linkIn(NELL)) },
  { what: 'its page', times: 3, as: opened, ask: async (c) => c.get((await pageOf(NELL)).page) },
  {
    what: 'setting a password',
    times: 1,
    as: opened,
    ask: async (c) => c.post((await pageOf(NELL)).accept, { token: await tokenOf(NELL), password: NEW_PASSWORD, name: 'Nell' }),
  },
  { what: 'Cron writes to the inviter', times: 1, work: notify },
  ...mailed('notice'),
  { what: 'the sign-in page', times: 5, as: anyone, ask: (c) => c.get('/login') },
  { what: 'signing in', times: 5, as: anyone, ask: (c) => c.post('/login', { email: NELL, password: NEW_PASSWORD }) },
  // A visit is noted once a minute; people look at some pages in one.
  { what: 'the first page in a minute', times: 25, as: back, ask: (c) => c.get('/w/acme/agents') },
  { what: 'Agents, or another page', times: 75, as: async () => signedInAs(await userId()), ask: (c) => c.get('/w/acme/agents') },
]

/** However many people there are, and whether anything is to be done or not: the first run does what is, and is not counted. */
export const EVERY_MONTH: Step[] = [
  SOMETHING_ELSE,
  { what: 'Cron of every minute', times: MINUTES_A_MONTH, work: everyMinute },
  { what: 'Cron of every night', times: 30, work: (b) => runCron(readEnv(b), '17 3 * * *', Date.now()) },
]

/** What one time of it uses; what leads there is a step of its own, or is left out. */
export async function measure(step: Step): Promise<Usage> {
  const usage = nothing()
  const bindings = metered(usage)
  if ('work' in step) await step.work({ ...env, ...bindings })
  else await step.ask(continued(await step.as(), bindings))
  return { ...usage, requests: 'ask' in step ? 1 : 0, mails: step.mails ?? 0 }
}

function continued(client: Client, bindings: Partial<Cloudflare.Env>) {
  const next = new Client(bindings)
  for (const [name, value] of client.cookies) next.cookies.set(name, value)
  return next
}

async function cronThenQuiet(bindings: Cloudflare.Env) {
  await everyMinute(bindings)
  await run("UPDATE mails SET state = 'delivered' WHERE state = 'queued'")
}

async function remind(bindings: Cloudflare.Env) {
  await run(
    "UPDATE invitations SET remind_at = 1 WHERE state = 'open' AND member_id = (SELECT id FROM members WHERE email_key = ?)",
    NELL,
  )
  await everyMinute(bindings)
}

async function notify(bindings: Cloudflare.Env) {
  await run('UPDATE notices SET due_at = 1 WHERE mail_id IS NULL')
  await everyMinute(bindings)
}

async function opened() {
  const client = new Client()
  await client.get(await linkIn(NELL))
  return client
}

async function back() {
  const client = await signedInAs(await userId())
  await run('UPDATE sessions SET last_seen_at = last_seen_at - ?', 2 * MINUTE_MS)
  await run('UPDATE visits SET last_at = last_at - ?', 2 * MINUTE_MS)
  return client
}

const userId = async () => (await one<{ id: string }>('SELECT id FROM users WHERE email_key = ?', NELL))?.id ?? ''

type Kind = 'invitation' | 'reminder' | 'notice'

async function newest(kind: Kind) {
  const to = kind === 'notice' ? 'ada@acme.test' : NELL
  const row = await one<{ id: string }>(
    'SELECT id FROM mails WHERE kind = ? AND to_key = ? ORDER BY created_at DESC LIMIT 1',
    kind,
    to,
  )
  if (!row) throw new Error(`There is no ${kind} to ${to}.`)
  return row.id
}

async function tell(client: Client, kind: Kind) {
  const id = await newest(kind)
  await run("UPDATE mails SET provider = 'mailchannels' WHERE id = ?", id)
  return client.sign('/webhooks/mail/mailchannels', await signed([eventOf({ id, requestId: `request-${id}` }, 'delivered')]))
}

const HASHES = 20

/** Milliseconds that one password hash keeps the processor: the shortest of several, since others use it too. */
export async function hashMs() {
  let shortest = Number.POSITIVE_INFINITY
  for (let i = 0; i < HASHES; i++) {
    const start = await clock()
    await hashPassword(NEW_PASSWORD)
    shortest = Math.min(shortest, (await clock()) - start)
  }
  return shortest
}

/** The clock of a Worker stands still until it waits for something outside. */
async function clock() {
  await env.DB.prepare('SELECT 1').run()
  return Date.now()
}
