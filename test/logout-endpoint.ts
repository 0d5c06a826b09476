import type { IncomingMessage, ServerResponse } from 'node:http'

/** What the back-channel logout endpoint of a tool does with a request; a number is the status that it answers. */
export type LogoutMood = number | 'hanging' | 'resetting' | 'redirecting' | 'endless' | 'later'
/** One request as it came, and when (ms). */
export type Told = { token: string; type: string; path: string; at: number }

type Endpoint = { moods: LogoutMood[]; told: Told[] }

/**
 * Endpoints of tools, by a key of the test's: `PUT /tool/:key` says what it does with the next requests, one after the other, the last of them with all that
 * follow; `POST /tool/:key` is the endpoint; `GET /tool/:key` lists what came.
 */
export class LogoutEndpoints {
  private readonly endpoints = new Map<string, Endpoint>()

  answer(key: string, request: IncomingMessage, response: ServerResponse, body: string) {
    const endpoint = this.endpoints.get(key) ?? { moods: [200], told: [] }
    this.endpoints.set(key, endpoint)
    if (request.method === 'PUT') endpoint.moods = JSON.parse(body)
    if (request.method === 'PUT') return response.writeHead(204).end()
    if (request.method === 'GET') return response.end(JSON.stringify(endpoint.told))
    const token = new URLSearchParams(body).get('logout_token') ?? ''
    endpoint.told.push({ token, type: request.headers['content-type'] ?? '', path: request.url ?? '', at: Date.now() })
    act((endpoint.moods.length > 1 ? endpoint.moods.shift() : endpoint.moods[0]) ?? 200, request, response)
  }
}

function act(mood: LogoutMood, request: IncomingMessage, response: ServerResponse) {
  if (mood === 'hanging') return
  if (mood === 'resetting') return request.socket.resetAndDestroy()
  if (mood === 'redirecting') return response.writeHead(307, { Location: '/tool/elsewhere' }).end()
  if (mood === 'later') return response.writeHead(503, { 'Retry-After': '120' }).end()
  if (mood !== 'endless') return response.writeHead(mood).end()
  response.writeHead(200)
  const more = setInterval(() => response.write('x'.repeat(10_000)), 1)
  response.on('close', () => clearInterval(more))
}
