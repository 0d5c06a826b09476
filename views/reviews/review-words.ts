import type { Review, Reviewed, Verdict } from '../../src/models/reviews/review'
import { shownAddress } from '../components/shown-address'
import { BADGES } from '../members/member-words'
import { numberOf, ROLES } from '../words'

/** Whom a review is about: *Everyone*, *Tenant Users*, *Tenant Admins, active*. */
export function reviewedInWords({ role, status }: Pick<Review, 'role' | 'status'>) {
  const people = role ? `${ROLES[role]}s` : 'Everyone'
  return status ? `${people}, ${BADGES[status].toLowerCase()}` : people
}

/** The name of somebody who decided something; whoever is erased has none. */
export const decider = (name: string | null) => (name ? shownAddress(name) : 'Erased person')

const NAMES: Record<Verdict, string> = {
  undecided: 'Not decided',
  keep: 'Keep',
  remove: 'Remove',
  removed: 'Removed',
  left: 'Left',
}

/** What a filter calls each verdict; of a finished review the past tense. */
export const verdictName = (verdict: Verdict, { state }: Pick<Review, 'state'>) =>
  verdict === 'keep' && state === 'finished' ? 'Kept' : NAMES[verdict]

const LEFT: Record<NonNullable<Reviewed['leftFor']>, string> = {
  changed: 'Left: role, status, access or address changed after the review was started',
  self: 'Left: whoever finishes a review stays',
  gone: 'Left: not in the workspace any more',
}

/** *Keep*, *Removed*, *Left: not in the workspace any more*. */
export const verdictInWords = ({ verdict, leftFor }: Reviewed, review: Pick<Review, 'state'>) =>
  leftFor ? LEFT[leftFor] : verdictName(verdict, review)

/** *312 kept, 5 removed, 2 left, 40 not decided*. */
export const countsInWords = ({ state, counts }: Review) =>
  (['keep', 'remove', 'removed', 'left', 'undecided'] as const)
    .filter((verdict) => counts[verdict] > 0)
    .map(
      (verdict) =>
        `${numberOf(counts[verdict])} ${verdict === 'remove' ? 'to remove' : verdictName(verdict, { state }).toLowerCase()}`,
    )
    .join(', ')

/** What a page says once after a decision. */
export const decidedInWords = (verdict: 'keep' | 'remove', people: number) =>
  `${people === 1 ? '1 person' : `${numberOf(people)} people`} marked ${verdict === 'keep' ? 'to keep' : 'to remove'}.`

export const STATES: Record<Review['state'], string> = {
  preparing: 'Preparing',
  open: 'Open',
  finishing: 'Removing',
  finished: 'Finished',
}
