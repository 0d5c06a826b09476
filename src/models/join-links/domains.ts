import { JOIN_LINK_DOMAINS } from '../../limits'
import { domainOf } from '../invitations/domains'

/** What was typed between spaces, commas and semicolons, in canonical form; or what of it is no domain. */
export function readDomains(typed: string): { domains: string[] } | { unknown: string[] } | { tooMany: true } {
  const parts = typed.split(/[\s,;]+/).filter(Boolean)
  const unknown = parts.filter((part) => !domainOf(part))
  if (unknown.length > 0) return { unknown }
  const domains = [...new Set(parts.flatMap((part) => domainOf(part) ?? []))].toSorted()
  return domains.length > JOIN_LINK_DOMAINS ? { tooMany: true } : { domains }
}
