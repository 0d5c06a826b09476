import { COUNTED } from '../src/limits'
import type { AgentMode, Role } from '../src/models/access/access'
import { CONFIGURABLE } from '../src/models/access/section'
import type { Count } from '../src/models/members/counts'
import { shownAddress } from './components/shown-address'
import { lastDayInWords } from './components/when'

export const ROLES: Record<Role, string> = { admin: 'Tenant Admin', user: 'Tenant User' }

export type Access = { role: Role; sections: string[]; agentMode: AgentMode; agentCount: number; endsAt?: number | null }

/** What a person will be able to see, as a sentence. */
export const accessInWords = (access: Access) =>
  [seenInWords(access), access.endsAt && `Until the end of ${lastDayInWords(access.endsAt)} (UTC).`].filter(Boolean).join(' ')

function seenInWords({ role, sections, agentMode, agentCount }: Access): string {
  if (role === 'admin') return 'Everything in the workspace, and you decide what others see.'
  if (sections.length === 0) return 'Nothing yet. An admin of the workspace can give you access.'
  return `${listOf(sections)}. ${agentsInWords(agentMode, agentCount)}`
}

const agentsInWords = (mode: AgentMode, count: number) => {
  if (mode === 'all') return 'All agents, including those added later.'
  return count === 0 ? 'No agents yet.' : count === 1 ? 'One agent.' : `${count} agents.`
}

/** The same in a table: *7 of 7 sections, 3 agents*. */
export const accessCounted = ({ sections, agentMode, agentCount }: Pick<Access, 'sections' | 'agentMode' | 'agentCount'>) =>
  `${sections.length} of ${CONFIGURABLE.length} sections, ${agentMode === 'all' ? 'all agents' : agentCount === 1 ? '1 agent' : `${agentCount} agents`}`

const numbers = new Intl.NumberFormat('en')
const conjunction = new Intl.ListFormat('en', { type: 'conjunction' })
const disjunction = new Intl.ListFormat('en', { type: 'disjunction' })

/** *1,000*. */
export const numberOf = (count: number) => numbers.format(count)

/** *1,000+* where there are more than are counted. */
export const inWords = (count: Count) => (count === 'many' ? `${numberOf(COUNTED)}+` : numberOf(count))

/** *Ada, Bob, and Cy*. */
export const listOf = (names: string[]) => conjunction.format(names)

/** *Ada, Bob, or Cy*. */
export const either = (names: string[]) => disjunction.format(names.map(shownAddress))

export const peopleInWords = (count: number) => (count === 1 ? '1 person' : `${numberOf(count)} people`)
