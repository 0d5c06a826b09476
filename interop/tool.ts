import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** A tool that knows nothing of signing in, and shows what it is told: as a page, and by /told as JSON. */
export const tool = createServer((request, response) => {
  const told = JSON.stringify({ method: request.method, url: request.url, headers: request.headers }, null, 2)
  if (request.url?.startsWith('/told')) return response.setHeader('Content-Type', 'application/json').end(told)
  response.setHeader('Set-Cookie', 'theme=dark; Path=/').setHeader('Content-Type', 'text/html')
  response.end(
    `<!doctype html><title>Traces</title><h1>Traces</h1><form method="post"><button>Send</button></form><pre>${escaped(told)}</pre>`,
  )
}).on('upgrade', greet)

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** A WebSocket that says one word (RFC 6455). */
function greet({ headers }: IncomingMessage, socket: Duplex) {
  const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.write(Buffer.concat([Buffer.from([0x81, 2]), Buffer.from('hi')]))
}
