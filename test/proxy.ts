import { env } from 'cloudflare:workers'
import { Client, signedIn } from './client'
import { run } from './database'
import { connected, TOOL_SECRET } from './tool'

export const TOOL_HOST = 'traces.acme.example'

/** An app for Traces behind a proxy, unless a column says something else, and this host. */
export async function behindProxy(columns: Parameters<typeof connected>[0] = {}, host = TOOL_HOST) {
  await connected(columns)
  await run('INSERT INTO app_hosts (host, app_id) VALUES (?, ?)', host, String(columns.id ?? 'traces'))
}

type Asks = { host?: string; method?: string; app?: string; secret?: string; headers?: Record<string, string | undefined> }
const PAGE = { 'Sec-Fetch-Mode': 'navigate', Accept: 'text/html' }
/** Of no page of ours, and of no browser at our host. */
const NOBODY = { Origin: undefined, 'Sec-Fetch-Site': undefined }

/** Somebody's browser, with what it keeps of Latchkey and of the hosts of tools, each behind a proxy that asks the real app. */
export class Visitor {
  readonly atTool = new Client()

  constructor(readonly atLatchkey: Client) {}

  /** As Caddy and Traefik ask for what a browser wants. */
  asks(path: string, asks: Asks = {}) {
    return this.forwards('/forward-auth', path, asks)
  }

  /** As nginx asks for what it is to show where the subrequest said no. */
  starts(path: string, asks: Asks = {}) {
    return this.forwards('/forward-auth/start', path, asks)
  }

  /** As nginx asks in its subrequest. */
  checks(path: string, { host = TOOL_HOST, method = 'GET', headers, ...proxy }: Asks = {}) {
    const original = { 'X-Original-Method': method, 'X-Original-URL': `https://${host}${path}` }
    return this.send('/forward-auth/check', proxy, { ...original, ...headers })
  }

  /** Goes where the answers lead, as a browser does. @returns the answer that leads nowhere else, and the URLs on the way */
  async opens(path: string, asks: Asks = {}) {
    const way: string[] = []
    let answer = await this.asks(path, asks)
    for (let next = whither(answer); next && way.length < 10; next = whither(answer)) {
      way.push(next.href)
      const here = next.pathname + next.search
      answer =
        next.origin === env.APP_ORIGIN ? await this.atLatchkey.get(here) : await this.asks(here, { ...asks, host: next.host })
    }
    return { answer, way }
  }

  private forwards(to: string, path: string, { host = TOOL_HOST, method = 'GET', headers, ...proxy }: Asks) {
    const forwarded = { 'X-Forwarded-Method': method, 'X-Forwarded-Host': host, 'X-Forwarded-Uri': path }
    return this.send(to, proxy, { ...forwarded, ...headers })
  }

  private send(to: string, { app = 'traces', secret = TOOL_SECRET }: Asks, headers: Record<string, string | undefined>) {
    const proof = { Authorization: `Basic ${btoa(`${app}:${secret}`)}` }
    return this.atTool.get(to, { headers: { ...NOBODY, ...PAGE, ...proof, ...headers } })
  }
}

function whither(answer: Response) {
  const location = answer.headers.get('Location')
  return location ? URL.parse(location, env.APP_ORIGIN) : null
}

export const visitor = async (name: 'ada' | 'bob' | 'cat' | 'dov') => new Visitor(await signedIn(name))
