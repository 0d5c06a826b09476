import { SECTIONS } from '../../src/models/access/section'
import type { ActivityKind, Entry } from '../../src/models/activity/activity'
import { shownAddress } from '../components/shown-address'
import { ROLES } from '../words'
import { appInWords } from './app-words'

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
  ended: 'Membership ended',
  end_date_changed: 'End date changed',
  enabled: 'Enabled',
  deleted: 'Deleted',
  left: 'Left the workspace',
  signed_out_here: 'Signed out of this workspace',
  signed_out_everywhere: 'Signed out everywhere',
  section_changed: 'Section access changed',
  section_default_changed: 'Section default changed',
  agent_access_changed: 'Agent access changed',
  preset_given: 'Preset given',
  preset_removed: 'Preset removed',
  agent_registered: 'Agent registered',
  agent_changed: 'Agent changed',
  agent_deleted: 'Agent deleted',
  preset_created: 'Preset created',
  preset_changed: 'Preset changed',
  preset_deleted: 'Preset deleted',
  settings_changed: 'Settings changed',
  exported: 'Exported',
  review_started: 'Access review started',
  review_finished: 'Access review finished',
  signed_in: 'Signed in',
  sign_in_failed: 'Sign-in failed',
  signed_out: 'Signed out',
  session_ended: 'Session ended',
  renamed: 'Name changed',
  password_reset: 'Password reset',
  password_changed: 'Password changed',
  password_set: 'First password set',
  join_link_made: 'Join link created',
  join_link_turned_off: 'Join link turned off',
  joined: 'Joined by a link',
  asked_to_join: 'Asked to join',
  request_approved: 'Request approved',
  request_declined: 'Request declined',
  address_proved: 'Address confirmed',
  link_copied: 'Link copied',
  factor_added: 'Second factor added',
  factor_removed: 'Second factor removed',
  factor_reset_asked: 'Second factor reset requested',
  factor_reset: 'Second factor reset',
  recovery_codes_made: 'New recovery codes',
  recovery_code_used: 'Recovery code used',
  app_signed_in: 'Signed in to an app',
  app_access_asked: 'Asked for access',
  app_access_given: 'Request for access approved',
  app_access_declined: 'Request for access declined',
  app_signed_out: 'Signed out of an app',
  app_consent_withdrawn: 'Consent withdrawn',
  app_connected: 'App connected',
  app_changed: 'App changed',
  app_secret_rotated: 'App secret rotated',
  app_granted_for_all: 'App consent for everyone',
  app_disconnected: 'App disconnected',
}

/** `Role: Tenant User → Tenant Admin`, for whatever a change of this kind names. */
export function changeInWords({ kind, before, after }: Pick<Entry, 'kind' | 'before' | 'after'>): string {
  const [was, is] = [read(before), read(after)]
  if (kind === 'invited') return givenInWords(is)
  if (kind === 'exported') return exportedInWords(is)
  if (kind.startsWith('app_')) return appInWords(was, is)
  if (kind === 'preset_given' || kind === 'preset_removed')
    return stepsOf(was, kind === 'preset_given' ? is : { preset: null }, labelOf)
  if (PRESET_KINDS.includes(kind)) return factsInWords(was, is, (name) => PRESET_LABELS[name] ?? sectionName(name))
  if (kind === 'agent_access_changed' && ('mode' in was || 'mode' in is)) return stepOf(agentsInWords(was), agentsInWords(is))
  if (kind === 'section_changed' || kind === 'section_default_changed') return stepsOf(was, is, sectionName)
  return kind === 'agent_access_changed' ? stepsOf(was, is, (agent) => agent) : factsInWords(was, is)
}

const EXPORTS: Record<string, string> = { people: 'People', activity: 'Activity', review: 'Access review' }

/** *People as CSV. Status: active, Search: yes*; what was searched for is not kept. */
function exportedInWords({ what, format, text, ...filter }: Facts): string {
  const narrowed = Object.entries({ ...filter, ...(text ? { search: 'yes' } : {}) })
  const file = `${EXPORTS[String(what)] ?? what} as ${format === 'csv' ? 'CSV' : 'JSON'}`
  return [file, narrowed.map(([name, value]) => `${labelOf(name)}: ${inWords(value)}`).join(', ')].filter(Boolean).join('. ')
}

type Facts = Record<string, unknown>

function read(json: string | null): Facts {
  const facts: Facts = json ? JSON.parse(json) : {}
  return typeof facts.email === 'string' ? { ...facts, email: shownAddress(facts.email) } : facts
}

/** What somebody was invited to: *Tenant User · Sections: Agents, Logs · 2 agents*. */
const givenInWords = (given: Facts) =>
  [
    inWords(given.role),
    Array.isArray(given.sections) && sectionsInWords(given.sections),
    'mode' in given && agentsInWords(given),
    'until' in given && `Last day: ${inWords(given.until)}`,
  ]
    .filter(Boolean)
    .join(' · ')

const sectionsInWords = (slugs: string[]) => (slugs.length === 0 ? 'No sections' : `Sections: ${slugs.map(sectionName).join(', ')}`)

const sectionName = (slug: string) => SECTIONS.find((section) => section.slug === slug)?.name ?? slug

/** *All agents*, *28 agents*; older entries of an invitation do not say how many. */
function agentsInWords({ mode, agents }: Facts): string {
  if (mode === 'all') return 'All agents'
  if (typeof agents !== 'number') return 'Selected agents'
  return agents === 0 ? 'No agents' : agents === 1 ? '1 agent' : `${agents} agents`
}

const stepsOf = (was: Facts, is: Facts, labelled: (name: string) => string) =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .map((name) => `${labelled(name)}: ${stepOf(was[name], is[name], name)}`)
    .join(', ')

/** What it happened to comes first, and its id says nothing. */
function factsInWords(
  { agent, preset = agent, id: _, ...was }: Facts,
  { agent: other, preset: now = other, ...is }: Facts,
  labelled = labelOf,
): string {
  return [now ?? preset, stepsOf(was, is, labelled)].filter(Boolean).join('. ')
}

const PRESET_KINDS: ActivityKind[] = ['preset_created', 'preset_changed', 'preset_deleted']
/** Everything else that a preset says is a section. */
const PRESET_LABELS: Record<string, string> = { name: 'Name', mode: 'Agent access', selected: 'Selected agents', until: 'Last day' }

const stepOf = (was: unknown, is: unknown, name = '') =>
  [was, is]
    .filter((value) => value !== undefined)
    .map((value) => inWords(value, name))
    .join(' → ')

const LABELS: Record<string, string> = {
  app: 'App',
  keep: 'Kept',
  undecided: 'Not decided',
  preset: 'Preset',
  mode: 'Agents',
  agents: 'Selected agents',
  role: 'Role',
  status: 'Status',
  name: 'Name',
  email: 'Address',
  until: 'Last day',
  url: 'URL',
  lifetime_hours: 'Invitations expire after (hours)',
  default_agent_mode: 'Agents for new people',
  reminders: 'Reminders',
  reply_to_inviter: 'Replies to the inviter',
  metadata_clients: 'MCP clients',
  allowed_domains: 'Allowed domains',
  created: 'Created',
  uses: 'Uses',
  days: 'Expires after (days)',
  approval: 'Approval needed',
  domains: 'Domains',
  link: 'Link',
  factor_policy: 'Second factor',
  factor_grace_days: 'Days to set up a second factor',
  address_retention_days: 'Days to keep addresses of people who never joined',
}
const labelOf = (name: string) => LABELS[name] ?? sentence(name.replace(/^url_(.*)/, '$1 URL').replaceAll(/[-_]/g, ' '))
const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const VALUES: Record<string, string> = {
  ...ROLES,
  list: 'selected',
  no_factor: 'no second factor',
  totp: 'authenticator app',
  recovery: 'recovery code',
  admins: 'required for Tenant Admins',
  everybody: 'required for everyone',
}

/** What people typed, whatever word of ours it is. */
const TYPED = ['name', 'preset', 'link', 'app']

function inWords(value: unknown, name = ''): string {
  if (typeof value === 'string') return TYPED.includes(name) ? value : (VALUES[value] ?? value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value === null ? 'none' : JSON.stringify(value)
}
