import { serverOf } from '../e2e/servers.ts'

const FIRST = serverOf(0).port

export const LATCHKEY = serverOf(0).origin
export const TOOL_PORT = FIRST + 1

/** What stands before the tool, and the app that it asks for. */
export const PROXIES = {
  nginx: { id: 'interop-nginx', host: `nginx.localhost:${FIRST + 2}`, port: FIRST + 2 },
  caddy: { id: 'interop-caddy', host: `caddy.localhost:${FIRST + 3}`, port: FIRST + 3 },
} as const

/** A certified relying party. `back`: where it hears of sign-outs, in plain text on this machine. */
export const APACHE = { id: 'interop-apache', host: `apache.localhost:${FIRST + 4}`, port: FIRST + 4, back: FIRST + 5 } as const

export const SECRET = 'a-secret-of-this-machine-that-nobody-else-has'

/** Of one run: configurations, certificates, logs. */
export const HOME = '.wrangler/interop'
