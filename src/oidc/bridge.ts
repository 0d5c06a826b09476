// Before the provider: it is quiet while that is loaded.
import './hush'

import { handleAsNodeRequest } from 'cloudflare:node'
import { createServer } from 'node:http'
import type { Keyring } from '../models/identity/keyring'
import { signerOf } from '../models/identity/keyring'
import { during, type Exchange } from './exchange'
import { hush, loaded } from './hush'
import { signingKeys } from './keys'
import { makeProvider } from './provider'
import { asKept } from './resource'

loaded()

/** Inside the isolate only: nothing listens on a network. */
const PORT = 1
let answering: string | undefined

/** Lets the provider answer a request, by what the exchange knows. It sees no cookie of ours, only whether there is a session. */
export async function answer(
  request: Request,
  { origin, keys }: { origin: string; keys: Keyring },
  exchange: Exchange,
): Promise<Response> {
  serve(origin, keys, exchange.now)
  const asked = await asKept(atOrigin(request, origin, exchange), exchange)
  const answered = await during(exchange, () => handleAsNodeRequest(PORT, asked))
  const response = new Response(answered.body, answered)
  response.headers.delete('Set-Cookie')
  return response
}

/** A provider for each signing key: the isolate may live longer than one signs. */
function serve(origin: string, keys: Keyring, now: number) {
  const wanted = `${origin} ${signerOf(keys, now).kid} ${keys.length}`
  if (answering === wanted) return
  server?.close()
  const heard = hush()
  const provider = makeProvider(origin, signingKeys(keys, now))
  heard()
  server = createServer(provider.callback()).listen(PORT)
  answering = wanted
}
let server: ReturnType<typeof createServer> | undefined

/** Whatever the request says of where it came through, the provider speaks for one origin. */
function atOrigin(request: Request, origin: string, { somebody }: Exchange) {
  const { host, protocol } = new URL(origin)
  const headers = new Headers(request.headers)
  headers.delete('Cookie')
  if (somebody) headers.set('Cookie', `session=${somebody.sessionId}`)
  headers.set('X-Forwarded-Host', host)
  headers.set('X-Forwarded-Proto', protocol.slice(0, -1))
  return new Request(request, { headers })
}
