import type { WebOrigin } from '../../paths'
import { nameOf } from '../core/name'
import { type AddressProblem, checkHosts, checkLogoutUri, checkRedirects, checkResource } from './addresses'
import type { App, Subject } from './app'
import { checkKeys, type Jwks, type KeysReason } from './public-keys'
import { canonicalResource } from './resource'

/** An app as an admin types it: addresses and hosts one a line. */
export type AppDraft = {
  name: string
  auth: App['auth']
  jwks: string
  no_pkce: 'on' | 'off'
  redirect_uris: string
  after_logout_uris: string
  logout_uri: string
  hosts: string
  resource: string
}

/** What an admin decides about an app, but for what it stands for. */
export type AppFacts = Pick<App, 'name' | 'auth' | 'pkce' | 'redirectUris' | 'afterLogoutUris' | 'logoutUri' | 'resource'> & {
  jwks: Jwks | null
  hosts: string[]
}

type AddressField = 'redirect_uris' | 'after_logout_uris' | 'logout_uri' | 'hosts' | 'resource'
export type AppProblems = { name?: 'missing'; jwks?: KeysReason } & { [field in AddressField]?: AddressProblem }

/** Without an address to lead back to, or a proxy that asks, nobody could sign in. */
const NOWHERE: AddressProblem = { reason: 'missing' }

/** The facts, or for each field that cannot stay as it is the reason. Of what its kind has no use for nothing is kept. */
export function checkApp(
  draft: AppDraft,
  { agentId }: Pick<Subject, 'agentId'>,
  origin: WebOrigin,
): { facts: AppFacts } | { problems: AppProblems } {
  const name = nameOf(draft.name)
  const keys: ReturnType<typeof checkKeys> = draft.auth === 'key' ? checkKeys(draft.jwks) : { value: null }
  const redirects = checkRedirects(draft.redirect_uris, origin)
  const afterLogout = checkRedirects(draft.after_logout_uris, origin)
  const logout = checkLogoutUri(draft.logout_uri, origin)
  const hosts = checkHosts(draft.hosts, origin)
  const resource = checkResource(agentId ? draft.resource : '', origin)
  const leadsNowhere = redirects.value.length + hosts.value.length === 0 && !redirects.problem && !hosts.problem
  const problems = filled<AppProblems>({
    name: name ? undefined : 'missing',
    jwks: keys.problem,
    redirect_uris: leadsNowhere ? NOWHERE : redirects.problem,
    after_logout_uris: afterLogout.problem,
    logout_uri: logout.problem,
    hosts: hosts.problem,
    resource: resource.problem,
  })
  if (!name || Object.keys(problems).length > 0) return { problems }
  return {
    facts: {
      name,
      auth: draft.auth,
      jwks: keys.value,
      pkce: draft.auth === 'none' || draft.no_pkce === 'off',
      redirectUris: redirects.value,
      afterLogoutUris: afterLogout.value,
      logoutUri: logout.value,
      hosts: hosts.value,
      resource: resource.value && (canonicalResource(resource.value) ?? null),
    },
  }
}

const filled = <T extends object>(problems: { [field in keyof T]: T[field] | undefined }) =>
  Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== undefined)) as T

export const toAppDraft = (facts: AppFacts): AppDraft => ({
  name: facts.name,
  auth: facts.auth,
  jwks: facts.jwks ? JSON.stringify(facts.jwks, null, 2) : '',
  no_pkce: facts.pkce ? 'off' : 'on',
  redirect_uris: facts.redirectUris.join('\n'),
  after_logout_uris: facts.afterLogoutUris.join('\n'),
  logout_uri: facts.logoutUri ?? '',
  hosts: facts.hosts.join('\n'),
  resource: facts.resource ?? '',
})

export const BLANK_APP: AppDraft = {
  name: '',
  auth: 'secret',
  jwks: '',
  no_pkce: 'off',
  redirect_uris: '',
  after_logout_uris: '',
  logout_uri: '',
  hosts: '',
  resource: '',
}

/** What decides who gets in and where they are led, as against a name. A change of it asks for a fresh proof. */
export const DECIDING = ['jwks', 'no_pkce', 'redirect_uris', 'after_logout_uris', 'logout_uri', 'hosts', 'resource'] as const
