import { JOIN_LINK_DAYS, JOIN_LINK_DOMAINS, JOIN_LINK_USES } from '../../limits'
import { nameOf } from '../core/name'
import { type DomainsProblem, readDomains } from '../invitations/domains'
import type { NewJoinLink } from './make'

/** The fields of the form, as they were typed. */
export type JoinLinkDraft = { label: string; uses: string; days: string; domains: string; approval: boolean }

export type JoinLinkProblems = {
  uses?: 'out_of_range'
  days?: 'out_of_range'
  domains?: DomainsProblem | 'domain_not_allowed'
  agents?: 'unknown_agent'
  preset?: 'unknown_preset'
}

type Rest = Pick<NewJoinLink, 'label' | 'uses' | 'days' | 'domains' | 'approval'>

/** What the link is to be, or for each field that cannot stay as it is the reason. */
export function checkDraft({ label, approval, ...typed }: JoinLinkDraft): { draft: Rest } | { problems: JoinLinkProblems } {
  const [uses, days, read] = [
    numberIn(typed.uses, JOIN_LINK_USES),
    numberIn(typed.days, JOIN_LINK_DAYS),
    readDomains(typed.domains, JOIN_LINK_DOMAINS),
  ]
  if (uses && days && 'domains' in read)
    return { draft: { label: nameOf(label) ?? null, uses, days, domains: read.domains, approval } }
  return {
    problems: {
      ...(uses ? {} : { uses: 'out_of_range' }),
      ...(days ? {} : { days: 'out_of_range' }),
      ...('problem' in read ? { domains: read.problem } : {}),
    },
  }
}

function numberIn(typed: string, { min, max }: { min: number; max: number }) {
  const number = /^\d{1,4}$/.test(typed.trim()) ? Number(typed) : 0
  return number >= min && number <= max ? number : undefined
}
