import { SECTIONS } from '../../src/models/access/section'

type Facts = Record<string, unknown>

/** *Grafana. Section: Traces*, and of one with another name *Grafana. Name: Metrics → Grafana*. */
export function appInWords({ app: old, id: _, ...was }: Facts, { app = old, ...is }: Facts): string {
  const named = old !== undefined && old !== app
  const [from, until] = named
    ? [
        { name: old, ...was },
        { name: app, ...is },
      ]
    : [was, is]
  const steps = [...new Set([...Object.keys(from), ...Object.keys(until)])].map((field) => stepOf(field, from[field], until[field]))
  return [app, steps.join(', ')].filter(Boolean).join('. ')
}

const stepOf = (field: string, was: unknown, is: unknown) =>
  `${LABELS[field] ?? field}: ${[was, is]
    .filter((value) => value !== undefined)
    .map((value) => valueInWords(field, value))
    .join(' → ')}`

const LABELS: Record<string, string> = {
  name: 'Name',
  section: 'Section',
  agent: 'Agent',
  auth: 'Type',
  keys: 'Public keys',
  pkce: 'PKCE',
  redirect_uris: 'Redirect addresses',
  after_logout_uris: 'Sign-out addresses',
  logout_uri: 'Back-channel logout address',
  hosts: 'Hosts behind a proxy',
  resource: 'Audience',
  former_secret: 'Old secret still works',
  for_all: 'Consent for everyone',
  sign_ins: 'Sign-ins that ended',
}

const AUTHS: Record<string, string> = { secret: 'with a secret', key: 'with its own key', none: 'without a secret' }
const YES: Record<string, string> = { true: 'yes', false: 'no', on: 'yes', off: 'no' }

function valueInWords(field: string, value: unknown): string {
  if (field === 'section') return SECTIONS.find(({ slug }) => slug === value)?.name ?? String(value)
  if (field === 'auth') return AUTHS[String(value)] ?? String(value)
  if (field === 'pkce' || field === 'former_secret' || field === 'for_all') return YES[String(value)] ?? String(value)
  return value === null || value === '' ? 'none' : String(value)
}
