import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { LogoutEndpoints } from './logout-endpoint.ts'
import { ANSWERS, json, type Mood, TAKING } from './provider-moods.ts'

/** One request as it came; `taken` says whether a mail goes out for it. */
export type Received = { path: string; headers: Record<string, string>; body: Sent; taken: boolean }
export type Sent = {
  from: { email: string; name?: string }
  personalizations: { to: { email: string }[] }[]
  subject: string
  content: { type: string; value: string }[]
  campaign_id?: string
  headers?: Record<string, string>
  tracking_settings?: object
  dkim_domain?: string
  dkim_selector?: string
  dkim_private_key?: string
}

/** With this API key the provider honours idempotency keys, as MailChannels does not. */
export const HONOURING_KEY = 'a key that honours idempotency keys'

declare module 'vitest' {
  interface ProvidedContext {
    providerUrl: string
  }
}

/** Starts the provider before all tests and stops it after them. */
export default async function setup(project: TestProject) {
  const { url, stop } = await startProvider()
  project.provide('providerUrl', url)
  return stop
}

/**
 * A loopback server that speaks MailChannels' `POST /tx/v1/send`, a breached-password range API, the logout endpoints of tools below `/tool`
 * (`LogoutEndpoints`), and DNS over HTTPS in JSON: `PUT /txt/:name`
 * sets the TXT records of a name as a list, or 'failing', 'hanging', 'redirecting' or 'endless'.
 * `PUT /control/mood/:address` sets a `Mood` for one recipient, `PUT /control/plans` a list of them for each of many, one for each request, before it;
 * `GET /control/received/:address` lists what came for one; `GET /control/taken/:domain` counts the mails that went to each address there;
 * `PUT /range/:prefix` sets the answer of `GET /range/:prefix` or, as `moved to :path`, redirects it. Test files run at once, so each keeps to addresses and prefixes of its own.
 */
export async function startProvider() {
  const world: World = {
    moods: new Map(),
    plans: new Map(),
    received: [],
    honoured: new Set(),
    ranges: new Map(),
    txt: new Map(),
    tools: new LogoutEndpoints(),
  }
  const server = createServer((request, response) => {
    // Whoever asked may hang up before they have said all.
    answer(world, request, response).catch(() => request.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }
}

type Txt = string[] | 'failing' | 'hanging' | 'redirecting' | 'endless'
type World = {
  moods: Map<string, Mood>
  plans: Map<string, Mood[]>
  received: Received[]
  honoured: Set<string>
  ranges: Map<string, string>
  txt: Map<string, Txt>
  tools: LogoutEndpoints
}

async function answer(world: World, request: IncomingMessage, response: ServerResponse) {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback')
  const [, room = '', noun = '', key = ''] = pathname.split('/').map(decodeURIComponent)
  const body = await textOf(request)
  const write = request.method === 'PUT'
  if (room === 'tool') return world.tools.answer(noun, request, response, body)
  if (pathname === '/tx/v1/send') return send(world, request, response, JSON.parse(body))
  if (room === 'range') return write ? done(response, world.ranges.set(noun, body)) : range(world, response, noun)
  if (room === 'txt' && write) return done(response, world.txt.set(noun, JSON.parse(body)))
  if (room === 'dns-query') return dns(world, response, searchParams.get('name') ?? '')
  return write ? set(world, response, noun, key, body) : tell(world, response, noun, key)
}

function set(world: World, response: ServerResponse, noun: string, key: string, body: string) {
  if (noun === 'mood') return done(response, world.moods.set(key, body as Mood))
  if (noun === 'plans') return done(response, planAll(world, JSON.parse(body)))
  response.writeHead(404).end()
}

function tell(world: World, response: ServerResponse, noun: string, key: string) {
  if (noun === 'taken') return json(response, 200, takenAt(world, key))
  if (noun === 'received') return json(response, 200, receivedAt(world, key))
  response.writeHead(404).end()
}

function send(world: World, request: IncomingMessage, response: ServerResponse, body: Sent) {
  const mood = moodFor(world, request, body)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  world.received.push({ path: request.url ?? '', headers, body, taken: TAKING.has(mood) && isNew(world, headers) })
  ANSWERS[mood](response, request)
}

function moodFor(world: World, request: IncomingMessage, body: Sent): Mood {
  if (!request.headers['x-api-key']) return 'unauthorized'
  const to = recipientOf(body)
  return world.plans.get(to)?.shift() ?? world.moods.get(to) ?? 'well'
}

function planAll({ plans }: World, planned: Record<string, Mood[]>) {
  for (const [address, moods] of Object.entries(planned)) plans.set(address, moods)
}

function isNew({ honoured }: World, headers: Record<string, string>) {
  const key = headers['idempotency-key']
  if (!key || headers['x-api-key'] !== HONOURING_KEY) return true
  return !honoured.has(key) && honoured.add(key) !== undefined
}

const receivedAt = ({ received }: World, address: string) => received.filter(({ body }) => recipientOf(body) === address)

function takenAt({ received }: World, domain: string) {
  const counts: Record<string, number> = {}
  for (const { body, taken } of received)
    if (taken && recipientOf(body).endsWith(`@${domain}`)) counts[recipientOf(body)] = (counts[recipientOf(body)] ?? 0) + 1
  return counts
}

const recipientOf = (body: Sent) => body.personalizations[0]?.to[0]?.email ?? ''

/** As Cloudflare's resolver: a string of more than 255 characters comes in parts, and a name may be an alias. */
function dns({ txt }: World, response: ServerResponse, name: string) {
  const found = txt.get(name)
  if (found === 'hanging') return
  if (found === 'redirecting') return response.writeHead(302, { Location: '/dns-query?name=elsewhere.test' }).end()
  if (found === 'endless') return response.end(`{"Status":0}${' '.repeat(2_000_000)}`)
  if (found === 'failing') return json(response, 200, { Status: 2 })
  if (!found) return json(response, 200, { Status: 3 })
  const quoted = (text: string) => (text.match(/.{1,255}/g) ?? []).map((part) => JSON.stringify(part)).join(' ')
  const alias = { name, type: 5, TTL: 60, data: 'elsewhere.test.' }
  json(response, 200, { Status: 0, Answer: [alias, ...found.map((text) => ({ name, type: 16, TTL: 60, data: quoted(text) }))] })
}

function range({ ranges }: World, response: ServerResponse, prefix: string) {
  const text = ranges.get(prefix) ?? ''
  const [, path] = /^moved to (\S+)$/.exec(text) ?? []
  if (path) return response.writeHead(302, { Location: path }).end()
  return response.writeHead(200, { 'Content-Type': 'text/plain' }).end(text)
}

const done = (response: ServerResponse, _changed: unknown) => response.writeHead(204).end()

async function textOf(request: IncomingMessage) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
