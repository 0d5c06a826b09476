import { ALLOWED_DOMAINS, FACTOR_GRACE_DAYS, LIFETIME_HOURS, RETENTION_DAYS } from '../../limits'
import type { WebOrigin } from '../../paths'
import type { AgentMode } from '../access/access'
import { LINKED, type LinkedSection } from '../access/section'
import { nameOf } from '../core/name'
import { safeHref, type UrlRefusal } from '../core/url'
import type { FactorPolicy } from '../identity/factor-policy'
import { type DomainsProblem, readDomains } from '../invitations/domains'
import { byLinked, type Settings } from './settings'

/** As an admin types them. */
export type SettingsDraft = {
  name: string
  lifetimeHours: string
  defaultAgentMode: AgentMode
  addressRetentionDays: string
  reminders: boolean
  replyToInviter: boolean
  factorPolicy: FactorPolicy
  factorGraceDays: string
  metadataClients: boolean
  /** One on each line. */
  allowedDomains: string
  urls: Record<LinkedSection['slug'], string>
}

export type SettingsProblems = {
  name?: 'missing'
  lifetimeHours?: 'out_of_range'
  addressRetentionDays?: 'out_of_range'
  factorGraceDays?: 'out_of_range'
  /** The lines that are no domains, or that there are too many. */
  allowedDomains?: DomainsProblem
  urls?: Partial<Record<LinkedSection['slug'], UrlRefusal>>
}

export const toSettingsDraft = ({
  lifetimeHours,
  addressRetentionDays,
  allowedDomains,
  factorGraceDays,
  urls,
  ...settings
}: Settings): SettingsDraft => ({
  ...settings,
  lifetimeHours: `${lifetimeHours}`,
  addressRetentionDays: `${addressRetentionDays}`,
  factorGraceDays: `${factorGraceDays}`,
  allowedDomains: allowedDomains.join('\n'),
  urls: byLinked(({ slug }) => urls[slug] ?? ''),
})

/** Settings to save, or for each field that cannot stay as it is the reason. */
export function checkSettings(draft: SettingsDraft, origin: WebOrigin): { settings: Settings } | { problems: SettingsProblems } {
  const name = nameOf(draft.name)
  const lifetimeHours = wholeNumber(draft.lifetimeHours, LIFETIME_HOURS)
  const addressRetentionDays = wholeNumber(draft.addressRetentionDays, RETENTION_DAYS)
  const factorGraceDays = wholeNumber(draft.factorGraceDays, FACTOR_GRACE_DAYS)
  const urls = byLinked(({ slug }) => urlOf(draft.urls[slug], origin))
  const domains = readDomains(draft.allowedDomains, ALLOWED_DOMAINS)
  const refused = LINKED.flatMap(({ slug }) => ('reason' in urls[slug] ? [[slug, urls[slug].reason]] : []))

  if (
    !name ||
    !lifetimeHours ||
    !addressRetentionDays ||
    factorGraceDays === undefined ||
    'problem' in domains ||
    refused.length > 0
  ) {
    const problems: SettingsProblems = {
      ...(name ? {} : { name: 'missing' }),
      ...(lifetimeHours ? {} : { lifetimeHours: 'out_of_range' }),
      ...(addressRetentionDays ? {} : { addressRetentionDays: 'out_of_range' }),
      ...(factorGraceDays === undefined ? { factorGraceDays: 'out_of_range' } : {}),
      ...('problem' in domains ? { allowedDomains: domains.problem } : {}),
      ...(refused.length > 0 ? { urls: Object.fromEntries(refused) } : {}),
    }
    return { problems }
  }
  const hrefs = byLinked(({ slug }) => ('href' in urls[slug] ? urls[slug].href : null))
  return {
    settings: {
      ...draft,
      name,
      lifetimeHours,
      addressRetentionDays,
      factorGraceDays,
      allowedDomains: domains.domains,
      urls: hrefs,
    },
  }
}

const urlOf = (typed: string, origin: WebOrigin): { href: string | null } | { reason: UrlRefusal } =>
  typed.trim() ? safeHref(typed, origin) : { href: null }

function wholeNumber(typed: string, { min, max }: { min: number; max: number }) {
  const number = /^\d{1,4}$/.test(typed.trim()) ? Number(typed) : Number.NaN
  return number >= min && number <= max ? number : undefined
}
