import { DAY_MS, HOUR_MS, MINUTE_MS } from '../limits.ts'
import { CONNECTED, connecting } from './month-apps.ts'
import { endings, joining } from './month-people.ts'
import { GIVEN, supportTeam } from './month-preset.ts'
import { AS_USER, address, inserts } from './seed.ts'

type At = { now: number }
type Person = 'ada' | 'bob' | 'dov'
type Invited = { id: string; days: number; state: 'delivered' | 'bounced' }

/**
 * What has happened at Acme, so that a developer meets every state: Bob is restricted, one invitation bounced and one expired, one
 * membership has ended and one ends soon, somebody who used a join link waits for approval, and Bob is signed in to one app and asks for another.
 */
export const month = ({ now }: At) => [
  "UPDATE agents SET url = '/dev/agents/' || substr(id, length('agent-') + 1)",
  ...supportTeam(now),
  ...inserts(
    'member_agents',
    GIVEN.map((agent) => ({ tenant_id: 'acme', member_id: 'bob', agent_id: `agent-${agent}` })),
  ),
  ...INVITED.flatMap((invited) => invitationOf(invited, now)),
  ...endings(now),
  ...joining(now),
  ...connecting(now),
  ...inserts('activity', entries(now)),
]

/** Offices rather than people: they sign in to nothing. */
const INVITED: Invited[] = [
  { id: 'finance', days: 9, state: 'delivered' },
  { id: 'legal', days: 1, state: 'bounced' },
]

const BOUNCE = { reason: 'no_mailbox', detail: '550 5.1.1 <legal@acme.test>: Recipient address rejected: User unknown' }

function invitationOf({ id, days, state }: Invited, now: number) {
  const at = now - days * DAY_MS
  const who = { tenant_id: 'acme', member_id: id }
  const why = state === 'bounced' ? BOUNCE : {}
  return [
    ...inserts('members', [
      {
        id,
        tenant_id: 'acme',
        ...address({ id, tenant: 'acme' }),
        role: 'user',
        agent_mode: 'all',
        status: 'pending',
        created_at: at,
      },
    ]),
    ...inserts('invitations', [
      {
        ...who,
        id: `invitation-${id}`,
        kind: 'invite',
        jti: `seeded-invitation-of-${id}`.padEnd(43, '0'),
        inviter_id: 'ada',
        inviter_name: 'Ada Admin',
        state: 'open',
        created_at: at,
        expires_at: at + 72 * HOUR_MS,
      },
    ]),
    ...inserts('mails', [
      {
        ...who,
        ...why,
        id: `mail-${id}`,
        kind: 'invitation',
        to_email: `${id}@acme.test`,
        to_key: `${id}@acme.test`,
        invitation_id: `invitation-${id}`,
        state,
        attempts: 1,
        created_at: at,
        sent_at: at + MINUTE_MS,
      },
    ]),
    ...inserts('mail_events', [
      { id: `mail-${id}:1`, mail_id: `mail-${id}`, kind: 'sent', attempt: 1, at: at + MINUTE_MS },
      { id: `mail-${id}:${state}`, mail_id: `mail-${id}`, kind: state, ...why, at: at + 2 * MINUTE_MS },
    ]),
  ]
}

const NAMES: Record<Person, string> = { ada: 'Ada Admin', bob: 'Bob Okafor', dov: 'Dov Stern' }

/** Of the ranges that are kept for examples (RFC 5737). */
const IP: Record<Person, string> = { ada: '203.0.113.7', bob: '198.51.100.23', dov: '192.0.2.41' }

type Entry = { days: number; kind: string; by: Person; about?: string; before?: object; after?: object }

const HISTORY: Entry[] = [
  { days: 90, kind: 'workspace_created', by: 'ada', about: 'ada' },
  { days: 76, kind: 'invited', by: 'ada', about: 'dov', after: AS_USER },
  { days: 75, kind: 'accepted', by: 'dov', about: 'dov' },
  { days: 31, kind: 'invited', by: 'ada', about: 'bob', after: AS_USER },
  { days: 30, kind: 'accepted', by: 'bob', about: 'bob' },
  { days: 20, kind: 'disabled', by: 'ada', about: 'dov' },
  ...['Contract Reader', 'Invoice Matcher', 'Onboarding Guide', 'Release Notes', 'Support Triage'].map(
    (agent, i): Entry => ({ days: 14 - i / 100, kind: 'agent_registered', by: 'ada', after: { agent } }),
  ),
  { days: 12, kind: 'preset_created', by: 'ada', after: { preset: 'Support team' } },
  { days: 10, kind: 'preset_given', by: 'ada', about: 'bob', after: { preset: 'Support team' } },
  { days: 9, kind: 'invited', by: 'ada', about: 'finance', after: AS_USER },
  { days: 2, kind: 'section_changed', by: 'ada', about: 'bob', before: { eval: 'on' }, after: { eval: 'off' } },
  { days: 1, kind: 'invited', by: 'ada', about: 'legal', after: AS_USER },
  { days: 26, kind: 'invited', by: 'ada', about: 'audit', after: AS_USER },
  { days: 26, kind: 'invited', by: 'ada', about: 'translation', after: AS_USER },
  ...CONNECTED.map((connected): Entry => ({ kind: 'app_connected', by: 'ada', ...connected })),
  { days: 5, kind: 'app_signed_in', by: 'bob', about: 'bob', after: { app: 'Grafana' } },
  { days: 0.014, kind: 'app_access_asked', by: 'bob', about: 'bob', after: { app: 'Langfuse' } },
  ...[6, 5, 2, 0.1].map((days): Entry => ({ days, kind: 'signed_in', by: 'bob', about: 'bob' })),
]

const entries = (now: number) =>
  HISTORY.map(({ days, kind, by, about, before, after }, i) => ({
    id: `month-${String(i).padStart(2, '0')}`,
    tenant_id: 'acme',
    at: now - Math.round(days * DAY_MS),
    kind,
    actor_id: by,
    actor_name: NAMES[by],
    actor_email: `${by}@acme.test`,
    member_id: about ?? null,
    member_email: about ? `${about}@acme.test` : null,
    member_name: NAMES[about as Person] ?? null,
    ip: IP[by],
    before: before ? JSON.stringify(before) : null,
    after: after ? JSON.stringify(after) : null,
  }))
