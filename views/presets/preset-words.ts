import { NAME_CHARACTERS, PRESETS } from '../../src/limits'
import { CONFIGURABLE } from '../../src/models/access/section'
import type { Latest } from '../../src/models/activity/latest'
import type { Realigned } from '../../src/models/presets/member-preset'
import type { SaveReason } from '../../src/models/presets/preset'
import type { PresetProblem } from '../../src/models/presets/preset-draft'
import { timeOf } from '../components/when'
import { listOf, peopleInWords } from '../words'

type Place = 'top' | 'name' | 'agents' | 'until'

/** What is said, and beside which field. */
const PROBLEMS: Record<PresetProblem | SaveReason, [Place, string]> = {
  missing: ['name', `Enter a name of up to ${NAME_CHARACTERS} characters.`],
  name_taken: ['name', 'Another preset has this name.'],
  no_day: ['until', 'Enter a day, such as 2027-03-31.'],
  day_over: ['until', 'This day has passed. Choose a later one, or leave it empty.'],
  unknown_agent: ['agents', 'An agent you selected was deleted. Check the list and save again.'],
  too_many: ['top', `A workspace can have at most ${PRESETS} presets. Delete one that nobody needs any more.`],
}

/** The sentence for this place, if it is the one. */
export const problemAt = (here: Place, problem: PresetProblem | SaveReason | undefined) =>
  problem && PROBLEMS[problem][0] === here ? PROBLEMS[problem][1] : undefined

/** *Ada Admin deleted Support team at 14:02 UTC.* */
export const deletedPresetInWords = (deleted: Latest, now: number) =>
  `${deleted.by ?? 'Someone'} deleted ${deleted.preset ?? 'this preset'} ${timeOf(deleted.at, now)}.`

export const changedPresetInWords = ({ name }: { name: string }, last: Latest | undefined, now: number) =>
  `${last?.by ?? 'Someone'} changed ${name}${last ? ` ${timeOf(last.at, now)}` : ''}, after you opened this page. Your changes are not saved yet.`

type Refused = Extract<Realigned, { reason: string }>['reason']

/** Why nobody was realigned. */
export const REALIGN_REFUSALS: Record<Exclude<Refused, 'no_preset'>, string> = {
  stale: 'This preset was changed after you opened the page. Nobody was realigned. Look at it again, and realign if it still fits.',
  others: 'Another number of people differ by now. Nobody was realigned.',
  preset_over: 'The end date of this preset has passed. Nobody was realigned. Change the end date first.',
}

/** *12 people have Support team as it is now.* */
export const realignedInWords = ({ preset, people }: { preset: string; people: number }) =>
  people === 0 ? `Nobody differed from ${preset} any more.` : `${peopleInWords(people)} realigned with ${preset}.`

/** In what somebody differs: *Traces, Logs, and agents*. */
export const differencesInWords = (differences: string[]) =>
  listOf(
    [...differences]
      .sort((a, b) => orderOf(a) - orderOf(b))
      .map((field) => OTHERS[field] ?? CONFIGURABLE.find(({ slug }) => slug === field)?.name ?? field),
  )

const OTHERS: Record<string, string> = { '~agents': 'agents', '~ends_at': 'end date' }
const orderOf = (field: string) => {
  const at = CONFIGURABLE.findIndex(({ slug }) => slug === field)
  return at < 0 ? CONFIGURABLE.length : at
}

export const PRESET_OVER = 'The end date of this preset has passed. Nothing was changed. Change the end date first.'

/** *Bob Okafor now has Support team.* */
export const givenInWords = ({ name, preset }: { name: string; preset: string | undefined }) =>
  preset ? `${name} now has ${preset}.` : `${name} has no preset any more, and keeps the same access.`
