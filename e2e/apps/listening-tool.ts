import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

type Heard = { method: string; path: string; said: URLSearchParams }

/** A tool of another origin that keeps what browsers bring it, and sends on whoever posts to it. */
export async function serveListeningTool() {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    heard.push(await heardIn(request))
    const isForm = request.method === 'POST'
    response
      .writeHead(isForm ? 303 : 200, { 'Content-Type': 'text/html', ...(isForm && { Location: '/home' }) })
      .end('<!doctype html><title>Tool</title><link rel=icon href=data:,><h1>The tool</h1>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, heard, close: () => new Promise((resolve) => server.close(resolve)) }
}

async function heardIn(request: IncomingMessage): Promise<Heard> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://tool')
  const isForm = request.method === 'POST'
  return { method: request.method ?? '', path: pathname, said: isForm ? new URLSearchParams(await text(request)) : searchParams }
}
