import type { Role } from '../access/access'
import { type SectionSettings, sectionsOf } from '../access/access'
import type { Subject } from './app'

/** What can be told to an app of a person. */
export type Person = {
  sub: string
  email: string
  name: string | null
  /** Their address has been proven. */
  proved: boolean
  tenantId: string
  role: Role
  defaults: SectionSettings
  overrides: SectionSettings
  /** Ids of the agents that they may see. */
  agents: string[]
}

/** So many agents still fit in an ID token; more are told by userinfo alone. */
const AGENTS_IN_TOKEN = 50

/** By scope: what an app may ask for. No scope gives more than the app's own subject. */
export const CLAIMS = {
  openid: ['sub', 'workspace'],
  profile: ['name', 'role'],
  email: ['email', 'email_verified'],
  groups: ['groups', 'agents'],
} as const

export const SCOPES = [...Object.keys(CLAIMS), 'offline_access']

/** Everything that an app may learn of a person; the scopes choose from it. An unproven address is nobody's: it is left out. */
export function claimsOf(app: Subject, person: Person, use: 'id_token' | 'userinfo') {
  return {
    sub: person.sub,
    workspace: person.tenantId,
    ...(person.name !== null && { name: person.name }),
    role: person.role,
    ...(person.proved && { email: person.email, email_verified: true }),
    ...groupsOf(app, person, use),
  }
}

function groupsOf({ section, agentId }: Subject, person: Person, use: 'id_token' | 'userinfo') {
  if (agentId) return {}
  const role = `role:${person.role}`
  if (section) return { groups: [role, `section:${section}`] }
  const groups = [role, ...sectionsOf(person).map(({ slug }) => `section:${slug}`)]
  return use === 'userinfo' || person.agents.length <= AGENTS_IN_TOKEN ? { groups, agents: person.agents } : { groups }
}
