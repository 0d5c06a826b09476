import { DAY_MS, HOUR_MS } from '../limits.ts'
import { address, inserts } from './seed.ts'

type Ending = { id: string; days: number; status: 'active' | 'ended' }

/** Offices as well. `days`: from now on. */
const ENDING: Ending[] = [
  { id: 'audit', days: -3, status: 'ended' },
  { id: 'translation', days: 5, status: 'active' },
]

function endingOf({ id, days, status }: Ending, now: number) {
  const [joined, who] = [now - 25 * DAY_MS, address({ id, tenant: 'acme' })]
  return [
    ...inserts('users', [{ id: `user-${id}`, ...who, last_tenant_id: 'acme', created_at: joined }]),
    ...inserts('members', [
      {
        id,
        tenant_id: 'acme',
        user_id: `user-${id}`,
        ...who,
        role: 'user',
        agent_mode: 'all',
        status,
        created_at: joined - DAY_MS,
        joined_at: joined,
        last_active_at: now - 4 * DAY_MS,
        ends_at: (Math.floor(now / DAY_MS) + days) * DAY_MS,
      },
    ]),
  ]
}

/** Those whose membership has ended, or ends soon. */
export const endings = (now: number) => ENDING.flatMap((ending) => endingOf(ending, now))

/** A link that nobody holds, and an office that waits. */
export const joining = (now: number) => [
  ...inserts('join_links', [
    {
      id: 'training-day',
      tenant_id: 'acme',
      secret_hash: '0'.repeat(64),
      maker_id: 'ada',
      maker_name: 'Ada Admin',
      label: 'Training day',
      overrides: '{}',
      agent_mode: 'all',
      agents: '[]',
      domains: '[]',
      approval: 1,
      most_uses: 20,
      uses: 1,
      created_at: now - 2 * DAY_MS,
      expires_at: now + 20 * DAY_MS,
    },
  ]),
  ...inserts('join_requests', [
    {
      id: 'training',
      tenant_id: 'acme',
      link_id: 'training-day',
      ...address({ id: 'training', tenant: 'acme' }),
      name: 'Training Desk',
      created_at: now - 3 * HOUR_MS,
    },
  ]),
]
