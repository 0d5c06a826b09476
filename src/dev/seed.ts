import { DAY_MS, HOUR_MS, MINUTE_MS } from '../limits.ts'

export const PASS_PHRASE = 'local only pass phrase'

type Value = string | number | null
type Row = Record<string, Value>

/** The people of Acme and Globex as literal SQL, in an order that the foreign keys accept; `passwordHash` is that of `PASS_PHRASE`. */
export const seed = ({ passwordHash, now }: { passwordHash: string; now: number }) => [
  ...inserts('tenants', tenants(now)),
  ...inserts('users', users(now)),
  ...inserts('credentials', passwords(passwordHash, now)),
  ...inserts('members', members(now)),
  ...inserts('invitations', [invitation(now)]),
  ...inserts('mails', [mail(now)]),
  ...inserts('agents', agents(now)),
  ...inserts('activity', [activity(now)]),
]

const tenants = (now: number) => [
  { id: 'acme', name: 'Acme', created_at: now - 90 * DAY_MS },
  { id: 'globex', name: 'Globex', created_at: now - 60 * DAY_MS },
]

const CAST = [
  { id: 'ada', tenant: 'acme', name: 'Ada Admin', days: 90 },
  { id: 'bob', tenant: 'acme', name: 'Bob Okafor', days: 30 },
  { id: 'dov', tenant: 'acme', name: 'Dov Stern', days: 75 },
  { id: 'cat', tenant: 'globex', name: 'Cat Lindqvist', days: 60 },
]

const users = (now: number) =>
  CAST.map(({ id, tenant, name, days }) => ({
    id: `user-${id}`,
    ...address(id, tenant),
    name,
    proved_at: now - days * DAY_MS,
    last_tenant_id: tenant,
    created_at: now - days * DAY_MS,
  }))

const passwords = (secret: string, now: number) =>
  CAST.map(({ id, days }) => ({
    id: `password-${id}`,
    user_id: `user-${id}`,
    kind: 'password',
    secret,
    created_at: now - days * DAY_MS,
    changed_at: now - days * DAY_MS,
  }))

const members = (now: number) => [
  joined('ada', 'acme', 'admin', 'active', now - 90 * DAY_MS, now - 5 * MINUTE_MS),
  joined('bob', 'acme', 'user', 'active', now - 30 * DAY_MS, now - 2 * HOUR_MS),
  joined('dov', 'acme', 'user', 'disabled', now - 75 * DAY_MS, now - 20 * DAY_MS),
  joined('cat', 'globex', 'admin', 'active', now - 60 * DAY_MS, now - DAY_MS),
  { ...membership('pia', 'acme', 'user', 'pending', now - HOUR_MS), user_id: null, joined_at: null, last_active_at: null },
]

const joined = (id: string, tenant: string, role: string, status: string, at: number, lastActiveAt: number) => ({
  ...membership(id, tenant, role, status, at),
  user_id: `user-${id}`,
  joined_at: at,
  last_active_at: lastActiveAt,
})

const membership = (id: string, tenant: string, role: string, status: string, at: number) => ({
  id,
  tenant_id: tenant,
  ...address(id, tenant),
  role,
  status,
  agent_mode: 'all',
  created_at: at,
})

const invitation = (now: number) => ({
  id: 'invitation-pia',
  tenant_id: 'acme',
  member_id: 'pia',
  kind: 'invite',
  jti: 'seeded-invitation-of-pia'.padEnd(43, '0'),
  inviter_id: 'ada',
  inviter_name: 'Ada Admin',
  note: null,
  state: 'open',
  created_at: now - HOUR_MS,
  expires_at: now - HOUR_MS + 72 * HOUR_MS,
  remind_at: now - HOUR_MS + 24 * HOUR_MS,
  expiry_notice_at: now - HOUR_MS + 72 * HOUR_MS,
})

const mail = (now: number) => ({
  id: 'mail-pia',
  tenant_id: 'acme',
  member_id: 'pia',
  kind: 'invitation',
  to_email: 'pia@acme.test',
  to_key: 'pia@acme.test',
  invitation_id: 'invitation-pia',
  created_at: now - HOUR_MS,
})

const activity = (now: number) => ({
  id: 'activity-pia',
  tenant_id: 'acme',
  at: now - HOUR_MS,
  kind: 'invited',
  actor_id: 'ada',
  actor_name: 'Ada Admin',
  actor_email: 'ada@acme.test',
  member_id: 'pia',
  member_email: 'pia@acme.test',
})

const agents = (now: number) => [
  agent(
    'acme',
    'Support Triage',
    'Sorts incoming tickets and drafts the first reply.',
    'Google ADK',
    'Cloud Run',
    ['support', 'email'],
    now,
  ),
  agent(
    'acme',
    'Contract Reader',
    'Finds dates, parties and obligations in contracts.',
    'LangGraph',
    'Cloud Run',
    ['legal', 'pdf'],
    now,
  ),
  agent('acme', 'Release Notes', 'Writes release notes from merged pull requests.', 'CrewAI', 'Custom', ['engineering'], now),
  agent('acme', 'Invoice Matcher', 'Matches invoices with orders and flags the rest.', 'LangGraph', 'Custom', ['finance'], now),
  {
    ...agent(
      'acme',
      'Onboarding Guide',
      'Walks new colleagues through their first week.',
      'Google ADK',
      'Cloud Run',
      ['people'],
      now,
    ),
    live: 0,
  },
  agent(
    'globex',
    'Route Planner',
    'Plans delivery rounds around traffic and opening hours.',
    'CrewAI',
    'Custom',
    ['logistics'],
    now,
  ),
  agent('globex', 'Stock Watch', 'Warns before a shelf runs empty.', 'LangGraph', 'Cloud Run', ['warehouse'], now),
]

const agent = (
  tenant: string,
  name: string,
  description: string,
  framework: string,
  deployment: string,
  tags: string[],
  now: number,
) => {
  const slug = name.toLowerCase().replaceAll(' ', '-')
  return {
    id: `agent-${slug}`,
    tenant_id: tenant,
    name,
    description,
    framework,
    deployment,
    url: `https://agents.${tenant}.test/${slug}`,
    tags: JSON.stringify(tags),
    live: 1,
    created_at: now - 14 * DAY_MS,
  }
}

const address = (id: string, tenant: string) => ({ email: `${id}@${tenant}.test`, email_key: `${id}@${tenant}.test` })

const inserts = (table: string, rows: Row[]) => rows.map((row) => insert(table, row))

const insert = (table: string, row: Row) =>
  `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).map(literal).join(', ')})`

function literal(value: Value) {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return value === null ? 'NULL' : String(value)
}
