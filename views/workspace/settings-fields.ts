import type { AgentMode } from '../../src/models/access/access'
import type { LinkedSection } from '../../src/models/workspace/settings'

export type UrlField = `url_${LinkedSection['slug']}`

/** The field of a section that leads somewhere. */
export const urlField = (slug: LinkedSection['slug']): UrlField => `url_${slug}`

/** The form by the names of its fields, which are snake_case and flat. */
export type SettingsFields = { [field in UrlField]: string } & {
  name: string
  lifetime_hours: string
  default_agent_mode: AgentMode
  address_retention_days: string
  reminders: 'on' | 'off'
  reply_to_inviter: 'on' | 'off'
}
