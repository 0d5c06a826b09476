import { NOTE_CHARACTERS } from '../../limits'
import type { AgentMode, Role } from '../access/access'
import { CONFIGURABLE } from '../access/section'
import { type AddressReason, readAddress } from '../core/address'
import { hasWebAddress, linesOf, nameOf } from '../core/name'
import { folded, personKey } from '../core/search-key'
import { endOfDay } from '../members/end-date'
import type { Cells } from './cells'

/** What is given to whoever a row names. Without sections or a mode: the tenant's defaults. */
export type Settings = {
  role: Role
  sections: string[] | null
  mode: AgentMode | null
  agents: string[]
  /** Instead of sections and agents. */
  preset: string | null
  /** When the membership of a Tenant User ends (ms). */
  endsAt: number | null
  note: string | null
}

/** `ignored`: what the list had that says nothing to us. */
export type ListSettings = Settings & { ignored?: string[] }

/** What may be wrong with a row before anything is known of the people here. */
export type CellReason =
  | AddressReason
  | 'likely_typo'
  | 'unknown_role'
  | 'unknown_section'
  | 'no_such_agent'
  | 'no_such_preset'
  | 'preset_and_access'
  | 'no_day'
  | 'link_in_name'
  | 'note_too_long'

/** `detail`: the address that was probably meant, or what nobody here knows. */
type CellProblem = { reason: CellReason; detail: string | undefined }

/** A row as it is read; `own` is what differs from what was chosen for all. */
export type ReadRow = {
  cells: Cells
  address: { email: string; key: string } | undefined
  name: string | null
  own: Partial<Settings>
  searchKey: string
  problem: CellProblem | undefined
}

/** The agents and presets of the workspace by what a cell may call them. */
export type Known = { agents: Names; presets: Names }
type Names = Map<string, string>
type Named = { id: string; name: string }

const plain = (text: string) => folded(text).trim()

export const namesOf = (named: Named[]): Names =>
  new Map(
    named.flatMap(
      ({ id, name }) =>
        [
          [id, id],
          [plain(name), id],
        ] as const,
    ),
  )

const SECTIONS = namesOf(CONFIGURABLE.map(({ slug, name }) => ({ id: slug, name })))

/** Reads a row as it came. `asTyped`: what was typed is meant, however much it looks like a slip. */
export function readRow(cells: Cells, known: Known, { asTyped = false } = {}): ReadRow {
  const read = readAddress(cells.email ?? '')
  const address = 'address' in read ? read.address : undefined
  const name = nameOf(cells.name) ?? ('name' in read ? read.name : undefined) ?? null
  const found: (Partial<Settings> | CellProblem)[] = [
    addressProblem(read, asTyped),
    hasWebAddress(name ?? '') ? { reason: 'link_in_name', detail: undefined } : {},
    roleOf(cells.role),
    sectionsIn(cells.sections),
    agentsIn(cells.agents, known),
    presetIn(cells, known),
    endIn(cells.until),
    noteOf(cells.note),
  ]
  return {
    cells,
    address,
    name,
    own: Object.assign({}, ...found.filter((each) => !isProblem(each))),
    searchKey: address ? personKey({ email: address.email, name }) : '',
    problem: found.find(isProblem),
  }
}

const isProblem = (read: Partial<Settings> | CellProblem): read is CellProblem => 'reason' in read

function addressProblem(read: ReturnType<typeof readAddress>, asTyped: boolean): CellProblem | Partial<Settings> {
  if ('reason' in read) return { reason: read.reason, detail: read.suggestion }
  return read.suggestion && !asTyped ? { reason: 'likely_typo', detail: read.suggestion } : {}
}

const ROLES: Record<string, Role> = {
  user: 'user',
  member: 'user',
  'tenant user': 'user',
  admin: 'admin',
  administrator: 'admin',
  'tenant admin': 'admin',
}

function roleOf(cell = ''): Partial<Settings> | CellProblem {
  const text = plain(cell)
  if (!text) return {}
  const role = Object.hasOwn(ROLES, text) ? ROLES[text] : undefined
  return role ? { role } : { reason: 'unknown_role', detail: cell }
}

function sectionsIn(cell = ''): Partial<Settings> | CellProblem {
  if (plain(cell) === 'all') return { sections: CONFIGURABLE.map(({ slug }) => slug) }
  if (plain(cell) === 'none') return { sections: [] }
  const { ids, unknown } = lookedUp(cell, SECTIONS)
  if (unknown) return { reason: 'unknown_section', detail: unknown }
  return ids.length > 0 ? { sections: ids } : {}
}

function agentsIn(cell = '', { agents }: Known): Partial<Settings> | CellProblem {
  if (plain(cell) === 'all') return { mode: 'all', agents: [] }
  if (plain(cell) === 'none') return { mode: 'list', agents: [] }
  const { ids, unknown } = lookedUp(cell, agents)
  if (unknown) return { reason: 'no_such_agent', detail: unknown }
  return ids.length > 0 ? { mode: 'list', agents: ids } : {}
}

/** By name or id, each once. */
function lookedUp(cell: string, known: Names) {
  const idOf = (text: string) => known.get(text.trim()) ?? known.get(plain(text))
  const asked = idOf(cell) ? [cell] : cell.split(/[,;|\n]/).filter((text) => text.trim())
  const found = asked.map(idOf)
  return { ids: [...new Set(found.filter((id) => id !== undefined))], unknown: asked[found.indexOf(undefined)]?.trim() }
}

function presetIn({ preset = '', sections, agents }: Cells, known: Known): Partial<Settings> | CellProblem {
  if (!preset.trim()) return {}
  const id = known.presets.get(preset.trim()) ?? known.presets.get(plain(preset))
  if (!id) return { reason: 'no_such_preset', detail: preset.trim() }
  return sections || agents ? { reason: 'preset_and_access', detail: undefined } : { preset: id }
}

function endIn(cell = ''): Partial<Settings> | CellProblem {
  if (!cell.trim()) return {}
  const endsAt = endOfDay(isoOf(cell.trim()))
  return endsAt === undefined ? { reason: 'no_day', detail: cell.trim() } : { endsAt }
}

const YEAR_FIRST = /^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})$/
const WITH_DOTS = /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})$/

/** A day as spreadsheets write it. With slashes and the year last nobody knows whether the day or the month comes first. */
function isoOf(text: string) {
  const { year, month = '', day = '' } = (YEAR_FIRST.exec(text) ?? WITH_DOTS.exec(text))?.groups ?? {}
  return year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text
}

function noteOf(cell = ''): Partial<Settings> | CellProblem {
  const note = linesOf(cell)
  if ([...note].length > NOTE_CHARACTERS) return { reason: 'note_too_long', detail: undefined }
  return note ? { note } : {}
}
