import { NOTE_CHARACTERS } from '../../src/limits'
import { CONFIGURABLE } from '../../src/models/access/section'
import type { Outcome, Row } from '../../src/models/invite-many/review'
import type { RowReason } from '../../src/models/invite-many/verdicts'
import { mailReasonInWords } from '../components/mail-reason'
import { again, CANNOT_BE_MAILED } from '../refusals'
import { either } from '../words'

/** In short, and what it means; `isBad` where somebody has to look after it though it was sent. */
type Words = { title: string; text: string; isBad?: true }

const ADDRESS = 'Not an address'

/** Of a row with this reason; `detail` is what the list says that nobody here knows. */
const REASONS: Record<RowReason, (row: Row) => Words> = {
  missing: () => ({ title: 'No address', text: 'Enter an email address.' }),
  several: () => ({ title: 'Several addresses', text: 'Enter one email address. Add the others to another list.' }),
  space_inside: () => ({ title: ADDRESS, text: 'An email address cannot contain spaces.' }),
  too_long: () => ({ title: ADDRESS, text: 'That is too long for an email address.' }),
  not_an_address: () => ({ title: ADDRESS, text: 'That does not look like an email address.' }),
  likely_typo: ({ detail }) => ({ title: 'Likely typo', text: `Did you mean ${detail}? If not, save it as it is.` }),
  unknown_role: ({ detail }) => ({ title: 'Unknown role', text: `There is no role “${detail}”. Enter user or admin.` }),
  unknown_section: ({ detail }) => ({
    title: 'Unknown section',
    text: `There is no section “${detail}”. Enter ${either(CONFIGURABLE.map(({ name }) => name))}.`,
  }),
  no_such_agent: ({ detail }) => ({ title: 'Unknown agent', text: `There is no agent “${detail}” in this workspace.` }),
  no_such_preset: ({ detail }) => ({ title: 'Unknown preset', text: `There is no preset “${detail}” in this workspace.` }),
  preset_and_access: () => ({
    title: 'Preset and access',
    text: 'A preset says which sections and agents. Clear it, or leave the others out of the list.',
  }),
  no_preset: () => ({ title: 'Preset deleted', text: 'The preset chosen for this row was deleted.' }),
  preset_over: () => ({ title: 'Preset over', text: 'The end date of the preset chosen for this row has passed.' }),
  no_day: ({ detail }) => ({ title: 'Unclear date', text: `Enter the last day as 2026-12-31 instead of “${detail}”.` }),
  link_in_name: () => ({ title: 'Link in the name', text: 'A name cannot contain a web address.' }),
  note_too_long: () => ({ title: 'Note too long', text: `A note can have at most ${NOTE_CHARACTERS} characters.` }),
  twice: ({ first }) => ({ title: 'Twice in this list', text: `Row ${first} has the same address.` }),
  already_active: () => ({ title: 'Already here', text: 'This person is already in this workspace.' }),
  already_pending: () => ({ title: 'Already invited', text: 'You can resend the invitation instead.' }),
  already_disabled: () => ({ title: 'Disabled', text: 'This person is disabled in this workspace. You can enable them instead.' }),
  already_ended: () => ({ title: 'Ended', text: 'The end date of this person has passed. You can extend it instead.' }),
  past_end: () => ({ title: 'Already over', text: 'The last day of this person has passed.' }),
  unknown_agent: () => ({ title: 'Agent deleted', text: 'An agent chosen for this row was deleted.' }),
  domain_not_allowed: () => ({
    title: 'Domain not allowed',
    text: 'Only some domains can be invited to this workspace. You can change this in Settings.',
  }),
  no_seat: () => ({
    title: 'No seat left',
    text: 'Disable or delete someone, cancel an invitation, or ask whoever runs Latchkey for more seats.',
  }),
  cannot_be_mailed: () => ({ title: 'Cannot be emailed', text: CANNOT_BE_MAILED }),
  too_often: () => ({ title: 'Emailed too often', text: 'This address has reached its limit of invitations for a day.' }),
  too_soon: () => ({ title: 'Just emailed', text: 'An email was just sent to this address.' }),
  too_many_pending: () => ({
    title: 'Too many pending',
    text: 'Too many invitations would be pending. Cancel some, or wait until people accept.',
  }),
  too_many_mails: () => ({ title: 'Over the daily limit', text: 'This workspace has reached its email limit for a day.' }),
  too_many_mails_in_all: () => ({
    title: 'Over the daily limit',
    text: 'All workspaces together have reached their email limit for a day.',
  }),
}

const YOURSELF: Words = { title: 'You', text: 'That is you. You are already in this workspace.' }

const OUTCOMES: Record<Exclude<Outcome, RowReason>, Words> = {
  sent: { title: 'Sent', text: '' },
  resent: { title: 'Resent', text: 'The link in the earlier email no longer works.' },
  waiting: { title: 'Waiting', text: 'Goes out as soon as the daily limit has room.' },
  cancelled: { title: 'Canceled', text: 'Was not sent.' },
}

const isOutcome = (outcome: Outcome): outcome is keyof typeof OUTCOMES => Object.hasOwn(OUTCOMES, outcome)

/** `self` is the member who looks; `over`: the job of the row has ended. */
type At = { self: string; now: number; over: boolean }

/** The columns of the report as a file. */
export const REPORT_COLUMNS = ['row', 'email', 'name', 'outcome', 'explanation']

export function reportRecord(row: Row, at: At) {
  const { title, text } = wordsOf(row, at)
  return { row: row.n, email: row.email ?? row.cells.email ?? '', name: row.name, outcome: title, explanation: text }
}

/** What there is to say of a row, as the page and the report say it. */
export function wordsOf(row: Row, { self, now, over }: At): Words {
  if (row.choice === 'leave') return { title: 'Left out', text: '' }
  if (row.outcome && isOutcome(row.outcome)) return sinceThen(row, OUTCOMES[row.outcome])
  const reason = row.outcome && !isOutcome(row.outcome) ? row.outcome : row.reason
  if (reason) return said(row, reason, { self, now })
  if (over) return { title: 'Not sent', text: 'The sending stopped before this row.' }
  return row.choice === 'resend' && row.holder
    ? { title: 'Resend', text: 'The link in the earlier email stops working.' }
    : { title: 'New', text: '' }
}

/** Of a row that was sent what its person has done since, or why the email will not arrive. */
function sinceThen({ since }: Row, sent: Words): Words {
  if (!since) return sent
  if (since.status === null) return { title: sent.title, text: 'This person is not in the workspace any more.' }
  if (since.status !== 'pending') return { title: 'Joined', text: '' }
  if (since.refused) return { title: 'Bounced', text: mailReasonInWords(since.refused) ?? '', isBad: true }
  return since.opened ? { title: sent.title, text: 'Opened the invitation.' } : sent
}

function said(row: Row, reason: RowReason, { self, now }: { self: string; now: number }): Words {
  if (reason.startsWith('already_') && row.holder === self) return YOURSELF
  const { title, text } = REASONS[reason](row)
  return { title, text: row.retryAt && row.retryAt > now ? `${text} ${again(row.retryAt, now)}` : text }
}
