import { eq, type SQL, sql } from 'drizzle-orm'
import type { Rule } from '../../db/rules'
import { allowedDomains } from '../../db/schema/workspace'
import { addressOf } from '../core/address'
import type { Place } from '../members/viewer'
import type { Recipient } from './suppression'

/** Whether a workspace allows only some domains. */
export const restrictsDomains = (tenantId: SQL | string) =>
  sql`EXISTS (SELECT 1 FROM allowed_domains d WHERE d.tenant_id = ${tenantId})`

/** Why an address may not be invited. Exactly the domain counts, not what is below it. Whoever is here already stays. */
export const domainRules = ({ tenantId, emailKey }: Recipient) =>
  [
    [
      'domain_not_allowed',
      sql`(${restrictsDomains(tenantId)} AND NOT EXISTS (
        SELECT 1 FROM allowed_domains d WHERE d.tenant_id = ${tenantId} AND d.domain = substr(${emailKey}, instr(${emailKey}, '@') + 1)))`,
    ],
  ] as const satisfies readonly Rule[]

/** By name; none where all are allowed. */
export const allowedDomainsOf = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>) =>
  db
    .select({ domain: allowedDomains.domain })
    .from(allowedDomains)
    .where(eq(allowedDomains.tenantId, tenantId))
    .orderBy(allowedDomains.domain)

/** What of it are no domains, or that there are more than may be, of which none is looked at. */
export type DomainsProblem = { unknown: string[] } | 'too_many'

/** What was typed between spaces, commas and semicolons, each domain in canonical form, once and in order. */
export function readDomains(typed: string, most: number): { domains: string[] } | { problem: DomainsProblem } {
  const parts = [...new Set(typed.split(/[\s,;]+/).filter(Boolean))]
  if (parts.length > most) return { problem: 'too_many' }
  const unknown = parts.filter((part) => !domainOf(part))
  if (unknown.length > 0) return { problem: { unknown } }
  return { domains: [...new Set(parts.flatMap((part) => domainOf(part) ?? []))].toSorted() }
}

/** The canonical form of what was typed for a domain, also with its `@`; undefined where it is none. */
function domainOf(typed: string): string | undefined {
  const key = addressOf(`x@${typed.trim().replace(/^@/, '')}`)?.key
  return key?.slice(key.indexOf('@') + 1)
}
