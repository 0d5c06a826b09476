import { NOTE_CHARACTERS } from '../../src/limits'
import type { AddressDoubt } from '../../src/models/core/typed-address'
import type { InviteReason } from '../../src/models/invitations/invite-rules'
import { END_PROBLEMS } from '../members/member-end'
import { again, CANNOT_BE_MAILED, domainWords, noSeatWords, type Words } from '../refusals'
import type { InviteProps } from './invite'

export type Reason = InviteReason | 'no_preset' | 'preset_over' | 'no_day' | 'link_in_name' | 'note_too_long' | 'yourself'
/** `memberId` is whoever has the address already; `retryAt` (ms) where waiting helps. */
export type InviteProblem =
  | { reason: Reason; retryAt?: number | null; memberId?: string | null }
  | { reason: 'address'; doubt: AddressDoubt }

type Place = 'top' | 'email' | 'name' | 'agents' | 'note' | 'until' | 'preset'

/** What is said, and beside which field. */
const PROBLEMS: Record<Reason, [Place, string]> = {
  yourself: ['email', 'That is you. You are already in this workspace.'],
  already_active: ['email', 'This person is already in this workspace.'],
  already_pending: ['email', 'This address has already been invited.'],
  already_disabled: ['email', 'This person is disabled in this workspace.'],
  already_ended: ['email', 'This person’s membership in this workspace has ended. Open it to extend it.'],
  cannot_be_mailed: ['email', CANNOT_BE_MAILED],
  too_often: ['email', 'This address has reached its limit of invitations for a day.'],
  domain_not_allowed: ['email', ''],
  no_seat: ['top', ''],
  no_day: ['until', END_PROBLEMS.no_day],
  past_end: ['until', END_PROBLEMS.past],
  too_many_pending: ['top', 'Too many invitations are pending. Cancel some, or wait until people accept.'],
  too_many_mails: ['top', 'This workspace has reached its email limit for a day.'],
  too_many_mails_in_all: ['top', 'All workspaces together have reached their email limit for a day.'],
  no_preset: ['preset', 'This preset was deleted. Choose another one, or none.'],
  preset_over: ['preset', 'The end date of this preset has passed. Choose another one, or none.'],
  unknown_agent: ['agents', 'An agent you selected was deleted. Check the list and send again.'],
  link_in_name: ['name', 'A name cannot contain a web address.'],
  note_too_long: ['note', `A note can have at most ${NOTE_CHARACTERS} characters.`],
}

/** The sentence for this place, if it is the one. */
export function problemAt(here: Place, { problem, now, draft, domains, seats }: InviteProps): string | undefined {
  if (!problem || 'doubt' in problem) return undefined
  const [place, words] = PROBLEMS[problem.reason]
  // An admin's agents are out of sight.
  const shown = (place === 'agents' || place === 'preset') && draft.role === 'admin' ? 'top' : place
  if (shown !== here) return undefined
  if (problem.reason === 'domain_not_allowed') return domainWords(domains)
  if (problem.reason === 'no_seat') return sentences(noSeatWords(seats))
  return problem.retryAt ? `${words} ${again(problem.retryAt, now)}` : words
}

const sentences = ({ title, text }: Words) => `${title}. ${text}`
