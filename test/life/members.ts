import type { AgentMode, Role } from '../../src/models/access/access'
import { forgetVisits } from './doors'
import {
  AGENTS,
  type AgentAccess,
  activeAdmins,
  CAT,
  type Cell,
  FOREIGN_AGENT,
  isHere,
  type Life,
  note,
  type Person,
  type Status,
  statusAt,
} from './life'
import { cellOf, isSame, keep, moveEnd, setCell } from './undos'

const isLastAdmin = (life: Life, person: Person) => activeAdmins(life).length === 1 && activeAdmins(life)[0] === person

/** The status that a form's page showed. */
export type Shown = Status | undefined

/** Why something cannot be done with somebody, as their page showed them; undefined when it can. */
function isLate(life: Life, person: Person, shown: Shown) {
  if (!isHere(life, person)) return 'gone'
  return shown && shown !== statusAt(life, person) ? 'stale' : undefined
}

export function changeRole(life: Life, person: Person, by: string, shown: Shown, role: Role) {
  const late = isLate(life, person, shown)
  if (late) return late
  if (person.role === role) return 'already'
  if (role === 'admin' && person.endsAt !== null) return 'has_end_date'
  if (role === 'user' && isLastAdmin(life, person)) return 'last_admin'
  keep(life, by, { kind: 'role', person, was: person.role, became: role })
  person.role = role
  note(life, 'role_changed', person)
  return 'done'
}

export function disable(life: Life, person: Person, by: string, shown: Shown) {
  const late = isLate(life, person, shown)
  if (late) return late
  if (statusAt(life, person) !== 'active') return person.status === 'disabled' ? 'already' : 'stale'
  if (isLastAdmin(life, person)) return 'last_admin'
  keep(life, by, { kind: 'status', person, was: 'active', became: 'disabled' })
  Object.assign(person, { status: 'disabled', shutAt: life.now })
  endSessions(life, person, by)
  note(life, 'disabled', person)
  return 'done'
}

export function enable(life: Life, person: Person, by: string, shown: Shown) {
  const late = isLate(life, person, shown)
  if (late) return late
  if (person.status !== 'disabled') return statusAt(life, person) === 'active' ? 'already' : 'stale'
  if (person.endsAt !== null && person.endsAt <= life.now) return 'past_end'
  keep(life, by, { kind: 'status', person, was: 'disabled', became: 'active' })
  person.status = 'active'
  note(life, 'enabled', person)
  return 'done'
}

export function setEnd(life: Life, person: Person, by: string, shown: Shown, endsAt: number | null) {
  const late = isLate(life, person, shown)
  if (late) return late
  if (person.endsAt === endsAt) return 'already'
  if (person.role === 'admin') return 'is_admin'
  keep(life, by, { kind: 'end_date', person, was: person.endsAt, became: endsAt })
  moveEnd(life, person, endsAt)
  note(life, 'end_date_changed', person)
  return 'done'
}

export function signOutHere(life: Life, person: Person, _: string, shown: Shown) {
  const late = isLate(life, person, shown)
  if (late) return late
  if (person.status === 'pending') return 'stale'
  person.shutAt = life.now
  note(life, 'signed_out_here', person)
  return 'done'
}

export function remove(life: Life, person: Person, by: string, shown: Shown) {
  const late = isLate(life, person, shown)
  if (late) return late
  if (person.status === 'pending') return 'stale'
  if (isLastAdmin(life, person)) return 'last_admin'
  note(life, person.key === by ? 'left' : 'deleted', person)
  life.left.set(person.key, life.now)
  goes(life, person)
  endSessions(life, person, by)
  return 'done'
}

/** Of somebody who is active nowhere else; one's own go on. */
function endSessions(life: Life, { key }: Person, by: string) {
  if (key !== by && key !== CAT) life.sessions = life.sessions.filter((session) => session.key !== key)
}

export function setSection(life: Life, person: Person, by: string, section: string, became: Cell) {
  if (!isHere(life, person)) return 'gone'
  if (person.role === 'admin') return 'is_admin'
  const was = cellOf(person, section)
  if (was === became) return 'done'
  keep(life, by, { kind: 'sections', person, section, was, became })
  setCell(person, section, became)
  note(life, 'section_changed', person)
  return 'done'
}

export type Wanted = string[] | 'as_kept'

/**
 * A list is kept while the mode is `all`, and comes back with it unless agents are named; where there was none, it starts from all that the person
 * saw. Of a list that is in use none named is none.
 */
export const setAgents = (life: Life, person: Person, by: string, mode: AgentMode, wanted: Wanted) =>
  changeAgents(life, person, by, wanted === 'as_kept' ? [] : wanted, () => ({ mode, agents: agentsFor(person, mode, wanted) }))

function agentsFor(person: Person, mode: AgentMode, wanted: Wanted) {
  if (wanted === 'as_kept') return mode === 'list' && person.mode === 'all' && person.agents.length === 0 ? AGENTS : person.agents
  return wanted.length === 0 && (mode === 'all' || person.mode === 'all') ? person.agents : wanted
}

/** One less than all is a list of all the others. */
export const setAgent = (life: Life, person: Person, by: string, agent: string, access: 'on' | 'off') =>
  changeAgents(life, person, by, [agent], () => {
    const { mode, agents } = person
    const others = (of: string[]) => of.filter((each) => each !== agent)
    if (access === 'off') return { mode: 'list', agents: others(mode === 'all' ? AGENTS : agents) }
    return { mode, agents: mode === 'all' ? agents : [...others(agents), agent] }
  })

function changeAgents(life: Life, person: Person, by: string, named: string[], wanted: () => AgentAccess) {
  if (named.includes(FOREIGN_AGENT)) return 'unknown_agent'
  if (!isHere(life, person)) return 'no_member'
  if (person.role === 'admin') return 'is_admin'
  const [was, { mode, agents }] = [{ mode: person.mode, agents: person.agents }, wanted()]
  const became = { mode, agents: agents.toSorted() }
  if (isSame(was, became)) return 'done'
  keep(life, by, { kind: 'agents', person, was, became })
  Object.assign(person, became)
  note(life, 'agent_access_changed', person)
  return 'done'
}

/** With them goes what they might have taken back. */
export function goes(life: Life, person: Person) {
  life.people.splice(life.people.indexOf(person), 1)
  forgetVisits(life, person)
  life.undos = life.undos.filter(({ by }) => by !== person)
}
