import type { AgentMode } from '../../src/models/access/access'
import type { LinkedSection } from '../../src/models/access/section'
import type { FactorPolicy } from '../../src/models/identity/factor-policy'

export type UrlField = `url_${LinkedSection['slug']}`

/** The field of a section that leads somewhere. */
export const urlField = (slug: LinkedSection['slug']): UrlField => `url_${slug}`

/** The settings by the names of their fields, which are snake_case and flat. */
export type SettingsFields = { [field in UrlField]: string } & {
  name: string
  lifetime_hours: string
  default_agent_mode: AgentMode
  address_retention_days: string
  reminders: 'on' | 'off'
  reply_to_inviter: 'on' | 'off'
  allowed_domains: string
  factor_policy: FactorPolicy
  factor_grace_days: string
  metadata_clients: 'on' | 'off'
}

/** Each part of the page is a form of its own, and saves its own fields. */
export const PANELS = ['general', 'invitations', 'second-factor', 'mcp', 'links'] as const
export type Panel = (typeof PANELS)[number]

const PANEL_OF: { [field in string]?: Panel } = {
  name: 'general',
  address_retention_days: 'general',
  lifetime: 'invitations',
  lifetime_hours: 'invitations',
  default_agent_mode: 'invitations',
  reminders: 'invitations',
  reply_to_inviter: 'invitations',
  allowed_domains: 'invitations',
  factor_policy: 'second-factor',
  factor_grace_days: 'second-factor',
  metadata_clients: 'mcp',
}

export const panelOf = (field: string): Panel => PANEL_OF[field] ?? 'links'
