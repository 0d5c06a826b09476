import { NOTE_CHARACTERS } from '../../src/limits'
import type { ListReason } from '../../src/models/invite-many/list'
import { END_PROBLEMS } from '../members/member-end'
import { numberOf } from '../words'

/** `count` and `part` as in `ReadList`. */
export type ManyProblem = {
  reason: ListReason | 'not_text' | 'note_too_long' | 'agent_gone' | 'preset_gone' | 'no_day' | 'past'
  count?: number
  part?: number
}

type Place = 'list' | 'file' | 'filed' | 'preset' | 'agents' | 'until' | 'note'
type Words = (problem: { count: number; most: string }) => string

const PROBLEMS: Record<ManyProblem['reason'], [Place, Words]> = {
  empty: ['list', () => 'There is nobody in this list. Paste some addresses, or choose a CSV file.'],
  too_many: [
    'list',
    ({ count, most }) => `That is ${numberOf(count)} people. Invite up to ${most} at once: remove some, and send them after.`,
  ],
  open_quote: [
    'list',
    ({ count }) =>
      `The quotation mark in line ${numberOf(count)} is never closed. Close it or remove it, so that nobody is missed.`,
  ],
  not_text: ['file', () => 'That file is not text. Save it from your spreadsheet as CSV, and choose that file.'],
  note_too_long: ['note', () => `A note can have at most ${NOTE_CHARACTERS} characters.`],
  no_day: ['until', () => END_PROBLEMS.no_day],
  past: ['until', () => END_PROBLEMS.past],
  agent_gone: ['agents', () => 'An agent you selected was deleted. Check the list and go on.'],
  preset_gone: ['preset', () => 'The preset you selected was deleted. Choose another, or none.'],
}

/** What is wrong there, in words. `most`: how many people a list may have. */
export function problemAt(here: Place, { problem, most }: { problem: ManyProblem | undefined; most: number }) {
  if (!problem) return undefined
  const [place, words] = PROBLEMS[problem.reason]
  const there = place === 'list' && problem.part === 1 ? 'filed' : place
  return there === here ? words({ count: problem.count ?? 0, most: numberOf(most) }) : undefined
}
