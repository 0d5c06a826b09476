import { Refused } from './cloudflare.ts'
import type { Wrangler } from './wrangler.ts'

/** Looks up in Cloudflare's API what wrangler has no command for. Undefined where it is not there. @throws Refused with Cloudflare's words */
export type Api = (path: string) => Promise<unknown>

const BASE = process.env.CLOUDFLARE_API_BASE_URL ?? 'https://api.cloudflare.com/client/v4'

/** As whoever wrangler is signed in as. */
export function apiOf(wrangler: Wrangler): Api {
  return async (path) => {
    const answer = await fetch(BASE + path, { headers: headersOf(JSON.parse(await wrangler(['auth', 'token', '--json']))) })
    if (answer.status === 404) return undefined
    const { result, errors = [] }: Answer = await answer.json()
    if (!answer.ok) throw new Refused(`Cloudflare answered ${answer.status} to GET ${path}: ${errors.map(inWords).join('; ')}`)
    return result
  }
}

type Answer = { result?: unknown; errors?: { code: number; message: string }[] }
type Credentials = { token?: string; key?: string; email?: string }

const headersOf = ({ token, key = '', email = '' }: Credentials): Record<string, string> =>
  token ? { Authorization: `Bearer ${token}` } : { 'X-Auth-Key': key, 'X-Auth-Email': email }

const inWords = ({ code, message }: { code: number; message: string }) => `${message} (${code})`
