import { type SQL, sql } from 'drizzle-orm'
import { asJson } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { difference } from '../core/difference'
import type { Subject } from './app'
import type { AppFacts } from './draft'
import type { Jwks } from './public-keys'

/** What the activity log tells of a new app: what it is for, and everything that is not as it usually is. */
export function connectedEntry({ tenantId }: MemberAct, { section, agentId }: Subject, facts: AppFacts): SQL {
  const { pkce, ...told } = inWords(facts)
  const filled = Object.fromEntries(Object.entries(told).filter(([, value]) => value))
  const after = asJson({ ...filled, ...(pkce ? {} : { pkce }), ...(section ? { section } : {}) })
  const agent = sql`(SELECT g.name FROM agents g WHERE g.tenant_id = ${tenantId} AND g.id = ${agentId})`
  return agentId ? sql`json_set(${after}, '$.agent', ${agent})` : after
}

/** What it tells of a change, undefined where there is none: of keys which they are. */
export function changedEntry(current: AppFacts, facts: AppFacts): { before: SQL; after: SQL } | undefined {
  const { before, after } = difference(comparable(current), comparable(facts))
  if (Object.keys(after).length === 0) return undefined
  return {
    before: asJson({ ...before, ...('keys' in after ? { keys: keysInWords(current.jwks) } : {}), app: current.name }),
    after: asJson({ ...after, ...('keys' in after ? { keys: keysInWords(facts.jwks) } : {}), app: facts.name }),
  }
}

const comparable = (facts: AppFacts) => ({ ...inWords(facts), keys: JSON.stringify(facts.jwks) })

const inWords = (facts: AppFacts) => ({
  app: facts.name,
  auth: facts.auth,
  keys: keysInWords(facts.jwks),
  pkce: facts.pkce,
  redirect_uris: facts.redirectUris.join(', '),
  after_logout_uris: facts.afterLogoutUris.join(', '),
  logout_uri: facts.logoutUri,
  hosts: facts.hosts.join(', '),
  resource: facts.resource,
})

const keysInWords = (jwks: Jwks | null) => jwks?.keys.map(({ kid, kty }) => kid ?? kty).join(', ') ?? null
