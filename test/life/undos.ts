import {
  type AgentAccess,
  type Cell,
  DAY,
  isHere,
  type Life,
  MINUTE,
  note,
  openLink,
  type Person,
  personAt,
  statusAt,
  type Undo,
} from './life'

const OFFERED = 10 * MINUTE

type Without<T> = T extends unknown ? Omit<T, 'id' | 'at' | 'pressed' | 'by'> : never

/** Of what somebody did to somebody else. */
export function keep(life: Life, key: string, change: Without<Undo>) {
  const by = personAt(life, key)
  if (by && by !== change.person) life.undos.push({ ...change, id: '', by, at: life.now, pressed: false })
}

/** Goes back where it still is what the change made of it; once, and by nobody else. */
export function press(life: Life, undo: Undo, key: string) {
  if (personAt(life, key) !== undo.by || undo.pressed || undo.at + OFFERED <= life.now) return 'over'
  undo.pressed = true
  return isHere(life, undo.person) && goesBack(life, undo) ? 'restored' : 'left'
}

function goesBack(life: Life, undo: Undo) {
  const { person, kind } = undo
  if (kind === 'role') return roleGoesBack(life, undo)
  if (kind === 'status') return statusGoesBack(life, undo)
  if (kind === 'end_date') return endGoesBack(life, undo)
  if (person.role === 'admin') return false
  return kind === 'sections' ? cellGoesBack(life, undo) : agentsGoBack(life, undo)
}

function roleGoesBack(life: Life, { person, was, became }: Undo & { kind: 'role' }) {
  if (person.role !== became || (was === 'admin' && person.endsAt !== null)) return false
  person.role = was
  note(life, 'role_changed', person)
  return true
}

/** As with any disabling, sessions from before do not enter again. */
function statusGoesBack(life: Life, { person, was, became }: Undo & { kind: 'status' }) {
  if (statusAt(life, person) !== became || (was === 'active' && isPast(life, person.endsAt))) return false
  person.status = was
  if (was === 'disabled') person.shutAt = life.now
  note(life, was === 'disabled' ? 'disabled' : 'enabled', person)
  return true
}

const isPast = ({ now }: Life, endsAt: number | null) => endsAt !== null && endsAt <= now

/** Whoever came back by the change is out again, and their sessions from until then stay out. */
function endGoesBack(life: Life, { person, was, became }: Undo & { kind: 'end_date' }) {
  if (person.endsAt !== became || person.role === 'admin') return false
  moveEnd(life, person, was)
  if (isPast(life, was) && person.status !== 'pending') person.shutAt = life.now
  note(life, 'end_date_changed', person)
  return true
}

/** Sessions from before an end that has passed stay out, and an open invitation ends with it. */
export function moveEnd(life: Life, person: Person, endsAt: number | null) {
  if (statusAt(life, person) === 'ended') person.shutAt = Math.max(person.shutAt, (person.endsAt ?? 0) - 1)
  person.endsAt = endsAt
  const link = openLink(life, person)
  if (endsAt === null || !link || link.expiresAt <= endsAt) return
  link.expiresAt = Math.max(endsAt, link.createdAt + 1)
  if (link.remindAt !== null) link.remindAt = Math.min(link.remindAt, endsAt - 2 * DAY)
}

function cellGoesBack(life: Life, { person, section, was, became }: Undo & { kind: 'sections' }) {
  if (cellOf(person, section) !== became) return false
  setCell(person, section, was)
  note(life, 'section_changed', person)
  return true
}

function agentsGoBack(life: Life, { person, was, became }: Undo & { kind: 'agents' }) {
  if (!isSame(person, became)) return false
  Object.assign(person, was)
  note(life, 'agent_access_changed', person)
  return true
}

export const cellOf = ({ sections }: Person, section: string): Cell => sections[section] ?? 'default'

export function setCell({ sections }: Person, section: string, cell: Cell) {
  if (cell === 'default') delete sections[section]
  else sections[section] = cell
}

export const isSame = (a: AgentAccess, b: AgentAccess) => a.mode === b.mode && `${a.agents}` === `${b.agents}`
