import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const FILES: Record<string, [type: string, path: string]> = {
  '/single-page-app.js': ['text/javascript', 'e2e/apps/single-page-app.js'],
  '/oidc-client-ts.js': ['text/javascript', 'node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js'],
}
const PAGE: (typeof FILES)[string] = ['text/html', 'e2e/apps/single-page-app.html']

/** Serves a tool that is a static page with oidc-client-ts, of another origin than Latchkey. */
export async function serveSinglePageApp() {
  const server = createServer((request, response) => {
    const [type, path] = FILES[new URL(request.url ?? '/', 'http://tool').pathname] ?? PAGE
    response.writeHead(200, { 'Content-Type': type }).end(readFileSync(path))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, close: () => new Promise((resolve) => server.close(resolve)) }
}
