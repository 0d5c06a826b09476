import { lookup } from 'node:dns/promises'
import type { Api } from './api.ts'
import { Refused } from './cloudflare.ts'
import { isWorkersDev, namesOf, originsOf } from './deployment.ts'
import type { Settings } from './settings.ts'

type Binding = { name: string; text?: string }
type Live = { bindings?: Binding[] } | undefined

type Surroundings = {
  api: Api
  /** The account's id. */
  account: string
  /** Whether a name has an address in the DNS. */
  resolves?: (host: string) => Promise<boolean>
}

/**
 * What this deployment would put itself in the place of, in a sentence each: wrangler asks nobody who is not at its own terminal.
 * @throws Refused in an account that takes no Worker yet
 */
export async function inTheWay(settings: Settings, surroundings: Surroundings): Promise<string[]> {
  const { api, account } = surroundings
  const { worker } = namesOf(settings)
  const live = (await api(`/accounts/${account}/workers/scripts/${worker}/settings`)) as Live
  if (!live) await checkSubdomain(surroundings)
  const addresses = await Promise.all(originsOf(settings).map((origin) => taken(worker, origin, surroundings)))
  return [...(live ? overwritten(live, worker, originsOf(settings)) : []), ...addresses.flat()]
}

/** Otherwise the first secret that is stored fails, in words about something else. */
async function checkSubdomain({ api, account }: Surroundings) {
  const found = (await api(`/accounts/${account}/workers/subdomain`)) as { subdomain?: string } | undefined
  if (found?.subdomain) return
  throw new Refused(
    `This account has no workers.dev subdomain yet, and takes no Worker without one. Open *Workers & Pages* once in its dashboard,
https://dash.cloudflare.com/${account}/workers-and-pages, and run this again.`,
  )
}

function overwritten({ bindings = [] }: NonNullable<Live>, worker: string, origins: string[]) {
  const origin = bindings.find(({ name }) => name === 'APP_ORIGIN')?.text
  if (origin && origins.includes(origin)) return []
  if (origin) return [`The Worker "${worker}" of this account serves ${origin}, which would end.`]
  // One that died on its first way has secrets and no address yet.
  if (bindings.some(({ name }) => name.startsWith('SESSION_KEY_'))) return []
  return [`The account has a Worker "${worker}" that is no Latchkey, and would be overwritten.`]
}

/** A host below workers.dev is the account's own, or wrangler refuses it. */
async function taken(worker: string, origin: string, { api, account, resolves = inDns }: Surroundings) {
  if (isWorkersDev(origin)) return []
  const { hostname } = new URL(origin)
  const domains = (await api(`/accounts/${account}/workers/domains?hostname=${hostname}`)) as { service: string }[] | undefined
  const [service] = (domains ?? []).map((domain) => domain.service)
  if (service) return service === worker ? [] : [`${hostname} is the address of the Worker "${service}", which would lose it.`]
  return (await resolves(hostname)) ? [`${hostname} has a record in the DNS, so something may answer there, which would end.`] : []
}

/** A resolver that does not answer is no reason to refuse: the account's own Workers were asked about already. */
const inDns = (host: string) =>
  lookup(host).then(
    () => true,
    () => false,
  )
