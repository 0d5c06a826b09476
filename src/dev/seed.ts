import { DAY_MS, HOUR_MS, MINUTE_MS } from '../limits.ts'
import { AGENTS, slugOf } from './agents.ts'

export const PASS_PHRASE = 'local only pass phrase'

type Value = string | number | null
type Row = Record<string, Value>

type Seed = { passwordHash: string; now: number; invitedMsAgo?: number }

/**
 * The people of Acme and Globex as literal SQL, in an order that the foreign keys accept; `passwordHash` is that of `PASS_PHRASE`, and
 * `invitedMsAgo` is when Pia was invited, whose email is still to be sent.
 */
export const seed = ({ passwordHash, now, invitedMsAgo = HOUR_MS }: Seed) => [
  ...inserts('tenants', tenants(now)),
  ...inserts('users', users(now)),
  ...inserts('credentials', passwords(passwordHash, now)),
  ...inserts('members', members(now, now - invitedMsAgo)),
  ...inserts('invitations', [invitation(now - invitedMsAgo)]),
  ...inserts('mails', [mail(now - invitedMsAgo)]),
  ...inserts('mail_days', [{ tenant_id: 'acme', sent: 0, resets_at: now - invitedMsAgo, newest_mail_id: 'mail-pia' }]),
  ...inserts('agents', agents(now)),
  ...inserts('activity', [activity(now - invitedMsAgo)]),
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
    ...address({ id, tenant }),
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

const members = (now: number, invitedAt: number) => [
  joined({ id: 'ada', tenant: 'acme', role: 'admin', at: now - 90 * DAY_MS, lastActiveAt: now - 5 * MINUTE_MS }),
  joined({ id: 'bob', tenant: 'acme', role: 'user', at: now - 30 * DAY_MS, lastActiveAt: now - 2 * HOUR_MS }),
  {
    ...joined({ id: 'dov', tenant: 'acme', role: 'user', at: now - 75 * DAY_MS, lastActiveAt: now - 20 * DAY_MS }),
    status: 'disabled',
  },
  joined({ id: 'cat', tenant: 'globex', role: 'admin', at: now - 60 * DAY_MS, lastActiveAt: now - DAY_MS }),
  {
    ...membership({ id: 'pia', tenant: 'acme', role: 'user', at: invitedAt }),
    status: 'pending',
    user_id: null,
    joined_at: null,
    last_active_at: null,
  },
]

type Membership = { id: string; tenant: string; role: 'admin' | 'user'; at: number }

const joined = ({ lastActiveAt, ...one }: Membership & { lastActiveAt: number }) => ({
  ...membership(one),
  status: 'active',
  user_id: `user-${one.id}`,
  joined_at: one.at,
  last_active_at: lastActiveAt,
})

const membership = ({ id, tenant, role, at }: Membership) => ({
  id,
  tenant_id: tenant,
  ...address({ id, tenant }),
  role,
  agent_mode: 'all',
  created_at: at,
  ...found({ id, tenant }),
})

const invitation = (at: number) => ({
  id: 'invitation-pia',
  tenant_id: 'acme',
  member_id: 'pia',
  kind: 'invite',
  jti: 'seeded-invitation-of-pia'.padEnd(43, '0'),
  inviter_id: 'ada',
  inviter_name: 'Ada Admin',
  note: null,
  state: 'open',
  created_at: at,
  expires_at: at + 72 * HOUR_MS,
  remind_at: at + 24 * HOUR_MS,
  expiry_notice_at: at + 72 * HOUR_MS,
})

const mail = (at: number) => ({
  id: 'mail-pia',
  tenant_id: 'acme',
  member_id: 'pia',
  kind: 'invitation',
  to_email: 'pia@acme.test',
  to_key: 'pia@acme.test',
  invitation_id: 'invitation-pia',
  created_at: at,
})

const activity = (at: number) => ({
  id: 'activity-pia',
  tenant_id: 'acme',
  at,
  kind: 'invited',
  actor_id: 'ada',
  actor_name: 'Ada Admin',
  actor_email: 'ada@acme.test',
  member_id: 'pia',
  member_email: 'pia@acme.test',
  ip: '203.0.113.7',
  after: JSON.stringify(AS_USER),
})

/** What the log says of an invitation with everything that a Tenant User can have. */
export const AS_USER = {
  role: 'user',
  sections: ['agents', 'traces', 'logs', 'eval', 'session', 'prompts', 'mcp-debug'],
  mode: 'all',
}

const agents = (now: number) =>
  AGENTS.map(({ tenant, tags, live = 1, ...agent }) => {
    const slug = slugOf(agent.name)
    return {
      id: `agent-${slug}`,
      tenant_id: tenant,
      ...agent,
      url: `https://agents.${tenant}.test/${slug}`,
      tags: JSON.stringify(tags),
      live,
      created_at: now - 14 * DAY_MS,
    }
  })

export const address = ({ id, tenant }: { id: string; tenant: string }) => ({
  email: `${id}@${tenant}.test`,
  email_key: `${id}@${tenant}.test`,
})

/** Their names and addresses are of plain letters, so this is what the Worker would make of them. */
const found = ({ id, tenant }: { id: string; tenant: string }) => {
  const name = CAST.find((each) => each.id === id)?.name.toLowerCase()
  return { search_key: [` ${id}@${tenant}.test`, name].filter(Boolean).join(' '), search_form: 1 }
}

/** One statement for rows of the same columns: a table's triggers are the costly part of each. */
export const inserts = (table: string, rows: Row[]) =>
  Object.entries(Object.groupBy(rows, (row) => Object.keys(row).join(', '))).map(
    ([columns, alike = []]) => `INSERT INTO ${table} (${columns}) VALUES ${alike.map(values).join(', ')}`,
  )

const values = (row: Row) => `(${Object.values(row).map(literal).join(', ')})`

function literal(value: Value) {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return value === null ? 'NULL' : String(value)
}
