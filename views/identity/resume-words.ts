import { SECTIONS } from '../../src/models/access/section'
import { ROLES } from '../words'

type Field = [name: string, value: string]
export type Line = { label: string; text: string }

/** What somebody typed or chose, each field once and in the words of its form. What was left empty says nothing. */
export function draftInWords(fields: Field[]): Line[] {
  const filled = fields.filter(([, value]) => value.trim())
  const names = [...new Set(filled.map(([name]) => name))]
  return names.map((name) => lineOf(name, valuesOf(filled, name)))
}

const valuesOf = (fields: Field[], name: string) => fields.filter(([other]) => other === name).map(([, value]) => value)

function lineOf(name: string, values: string[]): Line {
  if (name === 'agent') return { label: 'Chosen agents', text: `${values.length}` }
  return { label: LABELS[name] ?? labelOf(name), text: values.map((value) => VALUES[name]?.[value] ?? value).join(', ') }
}

const SECTION_NAMES = Object.fromEntries(SECTIONS.map(({ slug, name }) => [slug, name]))
const MODES = { all: 'All agents', list: 'Only chosen ones' }
const SWITCH = { on: 'On', off: 'Off', default: 'Default' }

const LABELS: Record<string, string> = {
  ...Object.fromEntries(SECTIONS.map(({ slug, name }) => [`url_${slug}`, `${name} leads to`])),
  email: 'Email address',
  section: 'Sections',
  agent_mode: 'Agents',
  mode: 'Agents',
  default_agent_mode: 'Agents of newly invited people',
  lifetime_hours: 'A link works for (hours)',
  address_retention_days: 'Forget addresses after (days)',
}

const VALUES: Record<string, Record<string, string>> = {
  role: ROLES,
  section: SECTION_NAMES,
  agent_mode: MODES,
  mode: MODES,
  default_agent_mode: MODES,
  access: SWITCH,
  reminders: SWITCH,
  reply_to_inviter: SWITCH,
  live: SWITCH,
}

/** `invited_by` reads "Invited by". */
function labelOf(name: string) {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
