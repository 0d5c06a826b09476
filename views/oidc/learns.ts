import type { Role } from '../../src/models/access/access'
import { SECTIONS } from '../../src/models/access/section'
import { shownAddress } from '../components/shown-address'
import { ROLES } from '../words'

export type Learns = {
  app: { section: string | null; agentId: string | null }
  person: { name: string | null; email: string; provedAt: number | null; role: Role; tenantName: string }
}

/** What an app is told, by what it asks for: no more than src/models/apps/claims.ts gives it. */
export const learnsInWords = (about: Learns, scopes: string[]): string[] =>
  scopes.map((scope) => WORDS[scope]?.(about)).filter((words) => words !== undefined)

const WORDS: Record<string, (about: Learns) => string | undefined> = {
  openid: ({ person }) => `See that you belong to ${person.tenantName}`,
  profile: ({ person }) =>
    `See your ${person.name ? 'name and ' : ''}role (${[person.name, ROLES[person.role]].filter(Boolean).join(', ')})`,
  email: ({ person }) => (person.provedAt === null ? undefined : `See your email address (${shownAddress(person.email)})`),
  groups: ({ app }) => groupsInWords(app),
  offline_access: () => 'Stay connected while you are signed out, for 30 days after its last use',
}

function groupsInWords({ section, agentId }: Learns['app']): string | undefined {
  if (agentId) return undefined
  const found = SECTIONS.find(({ slug }) => slug === section)
  return found ? `See that you have access to ${found.name}` : 'See which sections and agents you have access to'
}
