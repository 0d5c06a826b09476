import type { IncomingMessage, ServerResponse } from 'node:http'

/** How the provider behaves until told otherwise; those below `half_answer` have taken the mail and fail to say so. */
export type Mood =
  | 'well'
  | 'down'
  | 'busy'
  | 'busy_until'
  | 'hanging'
  | 'resetting'
  | 'refusing'
  | 'refusing_dkim'
  | 'unauthorized'
  | 'failing_result'
  | 'failing_sender'
  | 'puzzling'
  | 'redirecting'
  | 'half_answer'
  | 'taking_and_hanging'
  | 'taking_and_resetting'
  | 'taking_and_down'
/** Those in which a mail goes out. */
export const TAKING = new Set<Mood>(['well', 'half_answer', 'taking_and_hanging', 'taking_and_resetting', 'taking_and_down'])

const ACCEPTED = () => ({
  request_id: crypto.randomUUID(),
  results: [{ index: 0, message_id: `<${crypto.randomUUID()}@loopback>`, status: 'sent' }],
})

/** What the provider does in each. */
export const ANSWERS: Record<Mood, (response: ServerResponse, request: IncomingMessage) => void> = {
  well: (response) => json(response, 202, ACCEPTED()),
  down: (response) => json(response, 500, { errors: ['out of order'] }),
  busy: (response) => json(response.setHeader('Retry-After', '120'), 429, { errors: ['too many requests'] }),
  busy_until: (response) =>
    json(response.setHeader('Retry-After', new Date(Date.now() + 120_000).toUTCString()), 429, { errors: ['too many requests'] }),
  hanging: () => {},
  resetting: (_, request) => request.socket.resetAndDestroy(),
  half_answer: (response, request) => {
    response.writeHead(202, { 'Content-Type': 'application/json', 'Content-Length': '400' })
    response.write('{"request_id":"half', () => request.socket.destroy())
  },
  refusing: (response) => json(response, 400, { errors: ['recipient is not an address'] }),
  refusing_dkim: (response) => json(response, 400, { errors: ['invalid dkim_private_key'] }),
  unauthorized: (response) => json(response, 403, { message: 'Forbidden' }),
  failing_result: (response) =>
    json(response, 200, { request_id: 'r', results: [{ index: 0, message_id: 'm', status: 'failed', reason: 'suppressed' }] }),
  failing_sender: (response) =>
    json(response, 202, {
      request_id: 'r',
      results: [{ index: 0, status: 'failed', reason: '550 5.7.1 This sender is not authorized to send from acme.test' }],
    }),
  puzzling: (response) => json(response, 200, {}),
  redirecting: (response) => response.writeHead(307, { Location: '/tx/v1/send' }).end(),
  taking_and_hanging: () => {},
  taking_and_resetting: (_, request) => request.socket.resetAndDestroy(),
  taking_and_down: (response) => json(response, 502, { errors: ['bad gateway'] }),
}

export const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
