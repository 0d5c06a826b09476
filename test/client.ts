import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { generateSignedCookie } from 'hono/cookie'
import { app } from '../src/app'
import { type JobMessage, type LogoutMessage, type MailMessage, readEnv } from '../src/env'
import { type Keyring, signerOf } from '../src/models/identity/keyring'
import { newSession } from '../src/models/identity/session'
import { counted, type Failure, type Query, type Spell } from './counted'
import { insertSession, insertVisit } from './session'
import type { Signed } from './webhook'

type Fields = Record<string, string | string[]>
/** A header that is undefined is not sent. */
type Options = { htmx?: boolean; headers?: Record<string, string | undefined> }

/** Each client has an address of its own, so that no test meets the limits of another's. */
let clients = 0

/** A browser that keeps its cookies, talks to the real app and keeps what its last request asked of D1. */
export class Client {
  readonly cookies = new Map<string, string>()
  readonly ip = `198.18.${++clients >> 8}.${clients & 255}`
  roundTrips = 0
  /** Those of an answer that is still being sent. */
  trips = () => this.roundTrips
  queries: Query[] = []
  /** The rows that its last request read and wrote, as D1 bills them. */
  bill = { read: 0, written: 0, trips: [] as number[] }
  /** The mails that went to the Queue, which delivers none of them: its consumer would write between two looks at the rows. */
  readonly posted: string[] = []
  /** The jobs that were begun, which nobody runs here. */
  readonly begun: string[] = []
  /** How often the Queue heard that apps have to be told of sign-outs. */
  wakes = 0
  /** Which D1 round trip of a request ends in an error; 0 for none. */
  failsAt = 0
  /** How it fails; by an error of SQLite's own unless it is set. */
  failure: Failure | undefined
  /** How often in a row, and whether after its work is done. */
  spell: Spell = {}

  /** `bindings` replaces some bindings and variables, for instance a KV that answers stale. */
  constructor(private readonly bindings: Partial<Cloudflare.Env> = {}) {}

  get(path: string, options: Options = {}) {
    return this.send('GET', path, undefined, options)
  }

  post(path: string, fields: Fields = {}, options: Options = {}) {
    const pairs = Object.entries(fields).flatMap(([name, values]) => [values].flat().map((value) => [name, value]))
    return this.send('POST', path, new URLSearchParams(pairs), options)
  }

  /** A request that is signed, and comes from no page of ours. */
  sign(path: string, { body, headers }: Signed) {
    return this.send('POST', path, body, { headers: { Origin: undefined, ...headers } })
  }

  async send(method: string, path: string, body: BodyInit | undefined, { htmx, headers }: Options = {}) {
    const context = createExecutionContext()
    const database = counted(this.bindings.DB ?? env.DB, this.failsAt, this.failure, this.spell)
    const bindings = readEnv({ ...env, MAIL_QUEUE: this.queue, JOB_QUEUE: this.jobs, ...this.bindings, DB: database })
    const sent = Object.entries({ ...this.headers(htmx), ...headers }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    )
    const init = { method, ...(body === undefined ? {} : { body }), headers: sent }
    const response = await app.request(env.APP_ORIGIN + path, init, bindings, context)
    await waitOnExecutionContext(context)
    this.roundTrips = database.roundTrips()
    this.trips = database.roundTrips
    this.queries = database.queries
    this.bill = database.bill
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie)
    return response
  }

  /** Holds the cookie of a session. */
  enterWith(secret: string) {
    return this.holdSigned('session', secret, readEnv(env).SESSION_KEYS)
  }

  /** Holds the cookie that tells browsers apart. */
  isBrowser(secret: string) {
    return this.holdSigned('browser', secret, readEnv(env).BROWSER_KEYS)
  }

  private async holdSigned(name: string, secret: string, keys: Keyring) {
    const cookie = await generateSignedCookie(name, secret, signerOf(keys, Date.now()).key, { prefix: 'host' })
    this.cookies.set(`__Host-${name}`, (cookie.split(';')[0] ?? '').split('=').slice(1).join('='))
  }

  /** Follows the redirect of a form, as a browser does. */
  async submit(path: string, fields: Fields = {}, options: Options = {}) {
    const response = await this.post(path, fields, options)
    const location = response.headers.get('Location')
    return location ? this.get(location, options) : response
  }

  private queue = Object.assign(Object.create(env.MAIL_QUEUE) as Queue<MailMessage>, {
    sendBatch: async (batch: Iterable<MessageSendRequest<MailMessage>>) => {
      this.posted.push(...[...batch].map(({ body }) => body.mailId))
      return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }
    },
  })

  private jobs = Object.assign(Object.create(env.JOB_QUEUE) as Queue<JobMessage | LogoutMessage>, {
    send: async (message: JobMessage | LogoutMessage) => {
      if ('jobId' in message) this.begun.push(message.jobId)
      else this.wakes++
      return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }
    },
  })

  private keep(cookie: string) {
    const [pair = ''] = cookie.split(';')
    const at = pair.indexOf('=')
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
    if (value === '' || /max-age=0/i.test(cookie)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }

  private headers(htmx = false): Record<string, string> {
    const partial = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return { Origin: env.APP_ORIGIN, 'CF-Connecting-IP': this.ip, ...(cookie ? { Cookie: cookie } : {}), ...(htmx ? partial : {}) }
  }
}

/** A client with a live session of one of the cast, without paying for scrypt, who was in `tenantId` a moment ago. */
export const signedIn = (name: 'ada' | 'bob' | 'cat' | 'dov', tenantId = name === 'cat' ? 'globex' : 'acme') =>
  signedInAs(`user-${name}`, tenantId)

/** Bob is a second admin, who acts beside Ada. */
export async function bobAsAdmin() {
  await env.DB.prepare("UPDATE members SET role = 'admin' WHERE id = 'bob'").run()
  return signedIn('bob')
}

export async function signedInAs(userId: string, tenantId = 'acme') {
  const session = await newSession()
  await insertSession(session, userId)
  await insertVisit(session, userId, tenantId)
  const client = new Client()
  await client.enterWith(session.secret)
  return client
}
