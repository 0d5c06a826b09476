import type { ActivityKind, Entry } from '../../src/models/activity/activity'
import { ROLES } from '../words'

/** What the filter calls each kind. */
export const KINDS: Record<ActivityKind, string> = {
  workspace_created: 'Workspace created',
  invited: 'Invited',
  resent: 'Invitation resent',
  renewed: 'New link requested',
  address_changed: 'Address changed',
  cancelled: 'Invitation cancelled',
  accepted: 'Invitation accepted',
  declined: 'Invitation declined',
  role_changed: 'Role changed',
  disabled: 'Disabled',
  enabled: 'Enabled',
  deleted: 'Deleted',
  left: 'Left the workspace',
  signed_out_here: 'Signed out of this workspace',
  signed_out_everywhere: 'Signed out everywhere',
  section_changed: 'Section access changed',
  section_default_changed: 'Section default changed',
  agent_access_changed: 'Agent access changed',
  agent_registered: 'Agent registered',
  agent_changed: 'Agent changed',
  agent_deleted: 'Agent deleted',
  settings_changed: 'Settings changed',
  signed_in: 'Signed in',
  sign_in_failed: 'Sign-in failed',
  signed_out: 'Signed out',
  session_ended: 'Session ended',
  renamed: 'Name changed',
  password_reset: 'Password reset',
  password_changed: 'Password changed',
}

/** `Role: Tenant User → Tenant Admin`, for whatever a change names; what it happened to comes first, and its id says nothing. */
export function changeInWords({ before, after }: Pick<Entry, 'before' | 'after'>): string {
  const [{ agent: wasNamed, id: _, ...was }, { agent: isNamed, ...is }] = [read(before), read(after)]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  const changes = names.map((name) => `${labelOf(name)}: ${stepOf(was[name], is[name])}`)
  return [isNamed ?? wasNamed, changes.join(', ')].filter(Boolean).join('. ')
}

const read = (json: string | null): Record<string, unknown> => (json ? JSON.parse(json) : {})

const stepOf = (...values: unknown[]) =>
  values
    .filter((value) => value !== undefined)
    .map(inWords)
    .join(' → ')

const LABELS: Record<string, string> = {
  role: 'Role',
  status: 'Status',
  name: 'Name',
  email: 'Address',
  mode: 'Agents',
  agents: 'Named',
  url: 'URL',
  lifetime_hours: 'Link works for (hours)',
  default_agent_mode: 'Agents of new people',
  reminders: 'Reminders',
  address_retention_days: 'Forget addresses after (days)',
}
const labelOf = (name: string) => LABELS[name] ?? sentence(name.replace(/^url_(.*)/, '$1 URL').replaceAll(/[-_]/g, ' '))
const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const VALUES: Record<string, string> = { ...ROLES, all: 'all', list: 'only named ones' }
const inWords = (value: unknown) =>
  typeof value === 'string' ? (VALUES[value] ?? value) : value === null ? 'none' : JSON.stringify(value)
