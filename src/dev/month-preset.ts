import { DAY_MS } from '../limits.ts'
import { inserts } from './seed.ts'

/** Bob was given it ten days ago, and differs from it since Eval was turned off for him. */
export function supportTeam(now: number) {
  const [given, since] = [now - 10 * DAY_MS, now - 2 * DAY_MS]
  const preset = { tenant_id: 'acme', preset_id: 'support-team' }
  const access = (section: string) => (RESTRICTED.includes(section) ? 'off' : 'on')
  const his = (section: string) => (section === DEPARTED ? { access: 'off', at: since } : { access: access(section), at: given })
  return [
    ...inserts('presets', [
      {
        id: 'support-team',
        tenant_id: 'acme',
        name: 'Support team',
        name_key: 'support team',
        agent_mode: 'list',
        created_at: now - 12 * DAY_MS,
      },
    ]),
    ...inserts(
      'preset_sections',
      SECTIONS.map((section) => ({ ...preset, section, access: access(section) })),
    ),
    ...inserts(
      'preset_agents',
      GIVEN.map((agent) => ({ ...preset, agent_id: `agent-${agent}` })),
    ),
    ...inserts(
      'member_sections',
      SECTIONS.map((section) => ({ tenant_id: 'acme', member_id: 'bob', section, ...his(section), by_id: 'ada' })),
    ),
    `UPDATE members SET agent_mode = 'list', agents_by_id = 'ada', agents_at = ${given}, preset_id = 'support-team', preset_given_at = ${given}
      WHERE id = 'bob'`,
  ]
}

const SECTIONS = ['agents', 'traces', 'logs', 'eval', 'session', 'prompts', 'mcp-debug']
const RESTRICTED = ['mcp-debug']
const DEPARTED = 'eval'
/** The agents of it. */
export const GIVEN = ['support-triage', 'release-notes', 'onboarding-guide']
