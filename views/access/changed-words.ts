import type { Left } from '../../src/models/access/named'
import type { SectionAccess } from '../../src/models/access/permission'
import { shownAddress } from '../components/shown-address'
import { timeOf } from '../components/when'
import { listOf, peopleInWords } from '../words'

const NAMED = 3

/** Whom a change of many left, and why: *Bob Okafor is a Tenant Admin now. 2 people are no longer in this workspace.* */
export function leftInWords(left: Left[]): string {
  const admins = left.filter(({ reason }) => reason === 'is_admin')
  const gone = left.filter(({ reason }) => reason === 'gone')
  return [
    sentenceOf(admins, ['is a Tenant Admin now', 'are Tenant Admins now']),
    sentenceOf(gone, ['is no longer in this workspace', 'are no longer in this workspace']),
  ]
    .filter(Boolean)
    .join(' ')
}

function sentenceOf(left: Left[], [one, many]: [string, string]): string {
  if (left.length === 0) return ''
  return `${whoOf(left)} ${left.length === 1 ? one : many}.`
}

/** A few by their names; many, or somebody whose name is forgotten, by their number. */
function whoOf(left: Left[]): string {
  const names = left.flatMap(({ name }) => (name === null ? [] : shownAddress(name)))
  if (names.length === left.length && left.length <= NAMED) return listOf(names)
  return peopleInWords(left.length)
}

const BECAME: Record<SectionAccess, [one: string, many: string]> = {
  on: ['is now on', 'are now on'],
  off: ['is now off', 'are now off'],
  default: ['now follows the workspace default', 'now follow the workspace default'],
}

/** *Traces is now off for Bob Okafor.* `names` are of sections or agents. */
export const accessInWords = (names: string[], access: SectionAccess, who: string) =>
  `${listOf(names)} ${BECAME[access][names.length === 1 ? 0 : 1]} for ${shownAddress(who)}.`

type Cell = { name: string; access: SectionAccess }

/** Of several cells of one person, a sentence for each state that they have now. */
export const cellsInWords = (cells: Cell[], who: string) =>
  [...Map.groupBy(cells, ({ access }) => access)].map(([access, those]) => accessInWords(namesOf(those), access, who)).join(' ')

const namesOf = (cells: Cell[]) => cells.map(({ name }) => name)

type ColumnChanged = { changed: { name: string }[]; left: Left[] }

/** What the change of a column did, *Traces is now off for 3 people.*, and whom it left. Each may have got another access. */
export function columnInWords({ name, access }: { name: string; access: SectionAccess[] }, { changed, left }: ColumnChanged) {
  const [only, ...others] = changed
  const who = only && others.length === 0 ? only.name : peopleInWords(changed.length)
  const [same, ...different] = new Set(access)
  const done = same && different.length === 0 ? accessInWords([name], same, who) : `${name} changed for ${shownAddress(who)}.`
  return `${done} ${leftInWords(left)}`.trim()
}

/** *Ben Ito changed the agents of Bob Okafor at 14:02 UTC, after you opened this page.* */
export const agentsChangedInWords = (name: string, last: { actorName: string | null; at: number } | undefined, now: number) =>
  `${last?.actorName ?? 'Someone'} changed the agents of ${name}${last ? ` ${timeOf(last.at, now)}` : ''}, after you opened this page. Your changes are not saved yet.`

/** What of a list of agents was left: they are not there any more. */
export const agentsLeftInWords = (count: number) =>
  count === 1 ? 'One of the agents was deleted in the meantime.' : `${count} of the agents were deleted in the meantime.`
