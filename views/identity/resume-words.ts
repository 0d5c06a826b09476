import { SECTIONS } from '../../src/models/access/section'
import { KINDS } from '../activity/activity-words'
import { ROLES } from '../words'
import { policyInWords } from '../workspace/factor-words'
import { LIFETIMES, lifetimeInWords } from '../workspace/settings-words'

type Field = [name: string, value: string]
export type Line = { label: string; text: string }

/** What somebody typed or chose, each field once and in the words of its form. */
export function draftInWords(fields: Field[]): Line[] {
  const byName = Map.groupBy(fields, ([name]) => name)
  // The filter of a list is called as its addresses are.
  const hidden = byName.has('id') ? ['list', ...HIDDEN] : HIDDEN
  return [...byName]
    .filter(([name]) => !hidden.includes(name))
    .map(([name, pairs]) =>
      lineOf(
        name,
        pairs.map(([, value]) => value),
      ),
    )
}

/** By what a form is known, and what was typed to be sure. */
const HIDDEN = ['form', 'id', 'made', 'people', 'preset_shown', 'setup', 'typed']

function lineOf(name: string, sent: string[]): Line {
  const values = sent.filter((value) => value.trim())
  if (name === 'member') return { label: 'People', text: `${values.length}` }
  if (name === 'agent') return { label: 'Selected agents', text: `${values.length}` }
  if (name === 'for' && sent[0]?.startsWith('agent:')) return { label: 'Stands for', text: 'An agent' }
  if (name === 'preset') return { label: 'Preset', text: values.length > 0 ? 'Selected' : 'None' }
  const text = values.map((value) => VALUES[name]?.[value] ?? value).join(', ')
  return { label: LABELS[name] ?? labelOf(name), text: text || (VALUES[name] === SWITCH ? SWITCH.off : 'Empty') }
}

const SECTION_NAMES = Object.fromEntries(SECTIONS.map(({ slug, name }) => [slug, name]))
const MODES = { all: 'All agents', list: 'Selected agents' }
const SWITCH = { on: 'On', off: 'Off', default: 'Default' }

const LABELS: Record<string, string> = {
  all: 'People',
  ...Object.fromEntries(SECTIONS.map(({ slug, name }) => [`url_${slug}`, `${name} link`])),
  email: 'Email address',
  list: 'Email addresses',
  filed: 'From your file',
  label: 'Name',
  uses: 'How many people may use it',
  days: 'Expires after (days)',
  removes: 'People to remove',
  format: 'File',
  kind: 'Action',
  who: 'Name or address',
  until: 'Last day',
  section: 'Sections',
  agent_mode: 'Agents',
  mode: 'Agents',
  default_agent_mode: 'Agents for new people',
  lifetime: 'Invitations expire after',
  lifetime_hours: 'Invitations expire after (hours)',
  factor_policy: 'Second factor',
  factor_grace_days: 'Days to set up a second factor',
  address_retention_days: 'Days to keep addresses of people who never joined',
  reply_to_inviter: 'Replies to the inviter',
  metadata_clients: 'MCP clients',
  for: 'Stands for',
  for_all: 'Consent for everyone',
  auth: 'Type',
  jwks: 'Public keys',
  no_pkce: 'The tool cannot do PKCE',
  redirect_uris: 'Redirect addresses',
  after_logout_uris: 'Sign-out addresses',
  logout_uri: 'Back-channel logout address',
  hosts: 'Hosts behind a proxy',
  resource: 'Audience',
}

const VALUES: Record<string, Record<string, string>> = {
  approval: { on: 'An admin approves each person', off: 'Not needed' },
  format: { csv: 'CSV', json: 'JSON Lines' },
  kind: { ...KINDS, changes: 'Changes', sign_ins: 'Sign-ins', all: 'Everything' },
  role: ROLES,
  section: SECTION_NAMES,
  agent_mode: MODES,
  mode: MODES,
  default_agent_mode: MODES,
  lifetime: { ...Object.fromEntries(LIFETIMES.map((hours) => [hours, lifetimeInWords(hours)])), custom: 'Custom' },
  factor_policy: { optional: policyInWords('optional'), admins: policyInWords('admins'), everybody: policyInWords('everybody') },
  access: SWITCH,
  reminders: SWITCH,
  reply_to_inviter: SWITCH,
  metadata_clients: SWITCH,
  live: SWITCH,
  for: { workspace: 'The whole workspace', ...Object.fromEntries(SECTIONS.map(({ slug, name }) => [`section:${slug}`, name])) },
  for_all: SWITCH,
  auth: { secret: 'A server that keeps a secret', none: 'A program without a secret', key: 'A server with its own key' },
  no_pkce: { on: 'Yes' },
}

/** `invited_by` reads "Invited by". */
function labelOf(name: string) {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
