import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'

/** How the provider behaves until told otherwise. */
export type Mood =
  | 'well'
  | 'down'
  | 'busy'
  | 'hanging'
  | 'resetting'
  | 'half_answer'
  | 'refusing'
  | 'unauthorized'
  | 'failing_result'
/** One request as it came; `answered` says whether the provider took the mail. */
export type Received = { path: string; headers: Record<string, string>; body: Sent; taken: boolean }
export type Sent = {
  from: { email: string; name?: string }
  personalizations: { to: { email: string }[] }[]
  subject: string
  content: { type: string; value: string }[]
  campaign_id?: string
  headers?: Record<string, string>
  tracking_settings?: object
}

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
 * A loopback server that speaks MailChannels' `POST /tx/v1/send`, which deduplicates nothing, and a breached-password range API.
 * `PUT /control/mood/:address` sets a `Mood` for one recipient; `GET /control/received/:address` lists what came for one;
 * `PUT /range/:prefix` sets the answer of `GET /range/:prefix`. Test files run at once, so each keeps to addresses and prefixes of its own.
 */
export async function startProvider() {
  const world: World = { moods: new Map(), received: [], ranges: new Map() }
  const server = createServer((request, response) => void answer(world, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }
}

type World = { moods: Map<string, Mood>; received: Received[]; ranges: Map<string, string> }

async function answer(world: World, request: IncomingMessage, response: ServerResponse) {
  const { pathname } = new URL(request.url ?? '/', 'http://loopback')
  const [, room = '', noun = '', key = ''] = pathname.split('/').map(decodeURIComponent)
  const body = await textOf(request)
  const write = request.method === 'PUT'
  if (pathname === '/tx/v1/send') return send(world, request, response, JSON.parse(body))
  if (room === 'range') return write ? done(response, world.ranges.set(noun, body)) : range(world, response, noun)
  if (noun === 'mood' && write) return done(response, world.moods.set(key, body as Mood))
  if (noun === 'received')
    return json(
      response,
      200,
      world.received.filter((one) => recipientOf(one.body) === key),
    )
  response.writeHead(404).end()
}

function send(world: World, request: IncomingMessage, response: ServerResponse, body: Sent) {
  const mood = moodFor(world, request, body)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  world.received.push({ path: request.url ?? '', headers, body, taken: mood === 'well' || mood === 'half_answer' })
  ANSWERS[mood](response, request)
}

const moodFor = (world: World, request: IncomingMessage, body: Sent): Mood =>
  request.headers['x-api-key'] ? (world.moods.get(recipientOf(body)) ?? 'well') : 'unauthorized'

const recipientOf = (body: Sent) => body.personalizations[0]?.to[0]?.email ?? ''

const ACCEPTED = () => ({
  request_id: crypto.randomUUID(),
  results: [{ index: 0, message_id: `<${crypto.randomUUID()}@loopback>`, status: 'sent' }],
})

const ANSWERS: Record<Mood, (response: ServerResponse, request: IncomingMessage) => void> = {
  well: (response) => json(response, 202, ACCEPTED()),
  down: (response) => json(response, 500, { errors: ['out of order'] }),
  busy: (response) => json(response.setHeader('Retry-After', '120'), 429, { errors: ['too many requests'] }),
  hanging: () => {},
  resetting: (_, request) => request.socket.resetAndDestroy(),
  half_answer: (response, request) => {
    response.writeHead(202, { 'Content-Type': 'application/json', 'Content-Length': '400' })
    response.write('{"request_id":"half', () => request.socket.destroy())
  },
  refusing: (response) => json(response, 400, { errors: ['recipient is not an address'] }),
  unauthorized: (response) => json(response, 403, { message: 'Forbidden' }),
  failing_result: (response) =>
    json(response, 200, { request_id: 'r', results: [{ index: 0, message_id: 'm', status: 'failed', reason: 'suppressed' }] }),
}

const range = ({ ranges }: World, response: ServerResponse, prefix: string) =>
  response.writeHead(200, { 'Content-Type': 'text/plain' }).end(ranges.get(prefix) ?? '')

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))

const done = (response: ServerResponse, _changed: unknown) => response.writeHead(204).end()

async function textOf(request: IncomingMessage) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
