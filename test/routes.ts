import { env } from 'cloudflare:workers'
import { app } from '../src/app'
import { connect } from '../src/db/connect'
import { addressOf } from '../src/models/core/address'
import { forgotPassword } from '../src/models/identity/password-reset'
import { NO_CAPS } from './cast'
import { Client, signedIn } from './client'
import { linkIn, one, resetLinkIn } from './database'
import { allowSetup, SETUP_TOKEN } from './setup-token'
import { eventOf, type Signed, sentMail, signed } from './webhook'
import { startEmpty } from './world'

type Fields = Record<string, string | string[]>

/** Who is let in and no less: everybody, somebody with a session, an admin, somebody who opened their link, or the first of all. */
export type Caller = 'anyone' | 'user' | 'admin' | 'invitee' | 'resetter' | 'joiner' | 'founder' | 'provider'

/**
 * How one route is called so that it succeeds, in the seeded world. `trips` is its budget of D1 round trips (ARCHITECTURE.md).
 * `path` is needed where the pattern has a parameter, and `foreign` is then the same path with an object of another workspace.
 */
export type Route = {
  by: Caller
  trips: number
  path?: string | (() => Promise<string>)
  foreign?: string | (() => Promise<string>)
  fields?: Fields
  /** What a caller sends that signs instead of filling in a form. */
  signs?: () => Promise<Signed>
}

const PAGE = 1
const CHANGE = 2
const STATIC = 0

export const PASS_PHRASE = 'local only pass phrase'
export const NEW_PASSWORD = 'plum teapot orbit canyon'

const FOUNDING = { workspace: 'Initech', name: 'Fay Founder', email: 'fay@initech.test', password: NEW_PASSWORD }

const TRIAGE = '/agents/agent-support-triage'
const TOLD_OF = { id: 'mail-told-of', requestId: 'request-mail-told-of' }
const PLANNER = '/agents/agent-route-planner'
const AGENT = {
  name: 'Night Watch',
  description: 'Watches.',
  url: 'https://agents.acme.test/night',
  tags: 'ops, night',
  live: 'on',
}

/** Every route of the app, by method and pattern; what follows a `?` or a space tells ways of calling one route apart. */
export const ROUTES: Record<string, Route> = {
  'GET /': { by: 'user', trips: PAGE },
  'GET /healthz': { by: 'anyone', trips: STATIC },
  'GET /setup?token': { by: 'anyone', trips: STATIC, path: `/setup?token=${SETUP_TOKEN}` },
  'GET /setup': { by: 'founder', trips: PAGE },
  'POST /setup': { by: 'founder', trips: CHANGE, fields: FOUNDING },
  'GET /login': { by: 'anyone', trips: STATIC },
  'POST /login': { by: 'anyone', trips: CHANGE, fields: { email: 'bob@acme.test', password: PASS_PHRASE } },
  'POST /login (joining)': { by: 'joiner', trips: CHANGE, fields: { email: 'bob@acme.test', password: PASS_PHRASE } },
  'POST /logout': { by: 'anyone', trips: CHANGE },
  'POST /logout (signed in)': { by: 'user', trips: CHANGE },
  'GET /forgot-password': { by: 'anyone', trips: STATIC },
  'POST /forgot-password': { by: 'anyone', trips: CHANGE, fields: { email: 'bob@acme.test' } },
  'POST /forgot-password (pending)': { by: 'anyone', trips: CHANGE, fields: { email: 'pia@acme.test' } },
  'GET /reset-password?token': { by: 'anyone', trips: STATIC, path: resetLink },
  'GET /reset-password': { by: 'resetter', trips: PAGE },
  'POST /reset-password': { by: 'resetter', trips: CHANGE, fields: { password: NEW_PASSWORD } },
  'GET /invitation?token': { by: 'anyone', trips: STATIC, path: () => linkIn('pia@acme.test') },
  'GET /invitation': { by: 'invitee', trips: PAGE },
  'POST /invitation/accept': { by: 'invitee', trips: CHANGE, fields: { password: NEW_PASSWORD, name: 'Pia' } },
  'POST /invitation/accept (joining)': { by: 'joiner', trips: CHANGE },
  'POST /invitation/opened': { by: 'invitee', trips: 1 },
  'POST /invitation/decline': { by: 'invitee', trips: CHANGE },
  'POST /invitation/decline (never)': { by: 'invitee', trips: CHANGE, fields: { never: 'on' } },
  'POST /invitation/renew': { by: 'invitee', trips: CHANGE },
  'GET /agents': { by: 'user', trips: PAGE },
  'GET /agents?filter': { by: 'user', trips: PAGE, path: '/agents?q=triage&tag=support' },
  'GET /agents/new': { by: 'admin', trips: PAGE },
  'POST /agents': { by: 'admin', trips: CHANGE, fields: AGENT },
  'GET /agents/:id': { by: 'user', trips: PAGE, path: TRIAGE, foreign: PLANNER },
  'GET /agents/:id/open': { by: 'user', trips: PAGE, path: `${TRIAGE}/open`, foreign: `${PLANNER}/open` },
  'GET /agents/:id/edit': { by: 'admin', trips: PAGE, path: `${TRIAGE}/edit`, foreign: `${PLANNER}/edit` },
  'POST /agents/:id': { by: 'admin', trips: CHANGE, path: TRIAGE, foreign: PLANNER, fields: AGENT },
  'POST /agents/:id (offline)': { by: 'admin', trips: CHANGE, path: TRIAGE, foreign: PLANNER, fields: { live: 'off' } },
  'POST /agents/:id/delete': { by: 'admin', trips: CHANGE, path: `${TRIAGE}/delete`, foreign: `${PLANNER}/delete` },
  'GET /sections/:section': { by: 'user', trips: PAGE, path: '/sections/traces' },
  'GET /sections/:section/open': { by: 'user', trips: PAGE, path: connectedSection },
  'GET /access/users': { by: 'admin', trips: PAGE },
  'GET /access/users?filter': { by: 'admin', trips: PAGE, path: '/access/users?q=a&status=active&role=user&cursor=a' },
  'GET /access/users?attention': { by: 'admin', trips: PAGE, path: '/access/users?q=a&status=attention&cursor=a' },
  'POST /access/users/:id/resend': {
    by: 'admin',
    trips: CHANGE,
    path: '/access/users/pia/resend',
    foreign: '/access/users/cat/resend',
  },
  'POST /access/users/:id/delete': {
    by: 'admin',
    trips: CHANGE,
    path: '/access/users/pia/delete',
    foreign: '/access/users/cat/delete',
  },
  'GET /access/users/:id': { by: 'admin', trips: PAGE, path: '/access/users/bob', foreign: '/access/users/cat' },
  'POST /access/users/:id/address': {
    by: 'admin',
    trips: CHANGE,
    path: '/access/users/pia/address',
    foreign: '/access/users/cat/address',
    fields: { email: 'pia.new@acme.test' },
  },
  'POST /access/users/:id/role': {
    by: 'admin',
    trips: CHANGE,
    path: '/access/users/bob/role',
    foreign: '/access/users/cat/role',
    fields: { role: 'admin' },
  },
  'POST /access/users/:id/disable': {
    by: 'admin',
    trips: CHANGE,
    path: '/access/users/bob/disable',
    foreign: '/access/users/cat/disable',
  },
  'POST /access/users/:id/enable': {
    by: 'admin',
    trips: CHANGE,
    path: '/access/users/dov/enable',
    foreign: '/access/users/cat/enable',
  },
  'POST /access/users/:id/sign-out': {
    by: 'admin',
    trips: CHANGE,
    path: '/access/users/bob/sign-out',
    foreign: '/access/users/cat/sign-out',
  },
  'GET /access/activity': { by: 'admin', trips: PAGE },
  'GET /access/activity?filter': {
    by: 'admin',
    trips: PAGE,
    path: '/access/activity?person=bob&kind=signed_in&cursor=9999999999999.x',
  },
  'GET /access/permissions': { by: 'admin', trips: PAGE },
  'GET /access/permissions?filter': { by: 'admin', trips: PAGE, path: '/access/permissions?q=a&cursor=a' },
  'POST /access/permissions/defaults': { by: 'admin', trips: CHANGE, fields: { section: 'traces', access: 'off' } },
  'POST /access/permissions/columns': {
    by: 'admin',
    trips: CHANGE,
    fields: { section: 'traces', member: ['bob', 'pia'], access: ['off', 'on'] },
  },
  'POST /access/permissions/:id': {
    by: 'admin',
    trips: CHANGE,
    path: '/access/permissions/bob',
    foreign: '/access/permissions/cat',
    fields: { section: 'traces', access: 'off' },
  },
  'GET /access/agents': { by: 'admin', trips: PAGE },
  'GET /access/agents?filter': { by: 'admin', trips: PAGE, path: '/access/agents?q=a&cursor=a&agent_q=a&agents_after=A%2Fa' },
  'POST /access/agents/:id': {
    by: 'admin',
    trips: CHANGE,
    path: '/access/agents/bob',
    foreign: '/access/agents/cat',
    fields: { agent: 'agent-support-triage', access: 'off' },
  },
  'POST /access/agents/:id (mode)': {
    by: 'admin',
    trips: CHANGE,
    path: '/access/agents/bob',
    foreign: '/access/agents/cat',
    fields: { mode: 'list', agent: 'agent-support-triage' },
  },
  'GET /access/invitations/new': { by: 'admin', trips: PAGE },
  'POST /access/invitations': { by: 'admin', trips: CHANGE, fields: { email: 'nell@acme.test', role: 'user', note: 'Hello' } },
  'GET /access/settings': { by: 'admin', trips: PAGE },
  'POST /access/settings': {
    by: 'admin',
    trips: CHANGE,
    fields: { name: 'Acme GmbH', lifetime_hours: '24', url_traces: 'https://traces.acme.test', url_logs: '' },
  },
  'GET /access/mail': { by: 'admin', trips: PAGE },
  'POST /access/mail/test': { by: 'admin', trips: CHANGE },
  'GET /account': { by: 'user', trips: PAGE },
  'POST /account/sign-out': { by: 'user', trips: CHANGE },
  'POST /account/leave': { by: 'user', trips: CHANGE },
  'POST /account/name': { by: 'user', trips: CHANGE, fields: { name: 'Robert' } },
  'POST /account/notices': { by: 'admin', trips: CHANGE, fields: { notices: 'daily' } },
  'POST /account/password': { by: 'user', trips: CHANGE, fields: { current: PASS_PHRASE, password: NEW_PASSWORD } },
  'POST /account/sessions/:id/end': {
    by: 'user',
    trips: CHANGE,
    path: () => sessionPath('bob'),
    foreign: () => sessionPath('cat'),
  },
  'POST /workspaces/:slug/enter': {
    by: 'user',
    trips: CHANGE,
    path: '/workspaces/acme/enter',
    foreign: '/workspaces/globex/enter',
  },
  'POST /webhooks/mail/:provider': { by: 'provider', trips: PAGE, path: '/webhooks/mail/mailchannels', signs: signedNews },
}

export const routeNames = Object.keys(ROUTES)
export const getters = routeNames.filter((name) => name.startsWith('GET '))
/** The forms: what is signed comes from another origin, and answers for itself in src/routes/webhooks.test.ts. */
export const posters = routeNames.filter((name) => name.startsWith('POST ') && !ROUTES[name]?.signs)

/** What the app itself says it has. */
export const patterns = () => app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)
export const patternOf = (name: string) => name.replace(/( \(|\?).*$/, '')

export function routeNamed(name: string): Route & { method: string; pattern: string } {
  const route = ROUTES[name]
  if (!route) throw new Error(`${name} is missing in test/routes.ts`)
  const [method = '', pattern = ''] = patternOf(name).split(' ')
  return { ...route, method, pattern }
}

export async function pathOf(name: string): Promise<string> {
  const { path, pattern } = routeNamed(name)
  return typeof path === 'function' ? path() : (path ?? pattern)
}

/** Makes the call of the table; `fields` replace its form. */
export async function call(client: Client, name: string, { fields = routeNamed(name).fields ?? {}, ...options }: CallOptions = {}) {
  const { method, signs } = routeNamed(name)
  const path = options.path ?? (await pathOf(name))
  if (signs) return client.sign(path, await signs())
  return method === 'POST' ? client.post(path, fields, options) : client.send(options.method ?? method, path, undefined, options)
}
type CallOptions = { method?: string; path?: string; fields?: Fields; htmx?: boolean; headers?: Record<string, string | undefined> }

const CALLERS: Record<Caller, () => Promise<Client>> = {
  anyone: async () => new Client(),
  provider: withMailSent,
  user: () => signedIn('bob'),
  admin: () => signedIn('ada'),
  invitee: () => opened(new Client(), linkIn('pia@acme.test')),
  resetter: () => opened(new Client(), resetLink()),
  joiner: async () => opened(await signedIn('bob'), globexLink()),
  founder: () => opened(new Client(), setupLink()),
}

/** Somebody whom the route lets in. */
export const callerOf = (name: string) => CALLERS[routeNamed(name).by]()
export const caller = (who: Caller) => CALLERS[who]()

async function opened(client: Client, link: Promise<string>) {
  await client.get(await link)
  return client
}

async function setupLink() {
  await startEmpty()
  await allowSetup()
  return `/setup?token=${SETUP_TOKEN}`
}

async function resetLink() {
  await one("DELETE FROM password_resets WHERE user_id = 'user-bob'")
  const address = addressOf('bob@acme.test') ?? { email: '', key: '' }
  await forgotPassword(connect(env.DB), address, '192.0.2.1', NO_CAPS, Date.now())
  return resetLinkIn('bob@acme.test')
}

async function globexLink() {
  const cat = await signedIn('cat')
  await cat.post('/access/invitations', { email: 'bob@acme.test', role: 'user' })
  return linkIn('bob@acme.test')
}

function signedNews() {
  return signed([eventOf(TOLD_OF, 'hard-bounced'), eventOf(TOLD_OF, 'complained')])
}

async function withMailSent() {
  await sentMail(TOLD_OF.id)
  return new Client()
}

async function connectedSection() {
  await one("INSERT OR REPLACE INTO section_urls VALUES ('acme', 'traces', 'https://traces.acme.test/')")
  return '/sections/traces/open'
}

async function sessionPath(name: 'bob' | 'cat') {
  await signedIn(name)
  const session = await one<{ id: string }>('SELECT id FROM sessions WHERE user_id = ? ORDER BY rowid DESC LIMIT 1', `user-${name}`)
  return `/account/sessions/${session?.id}/end`
}
