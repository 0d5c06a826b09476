import type { ApproveRefusal } from '../../src/models/join-links/answer'
import { again, CANNOT_BE_MAILED } from '../refusals'

const WORDS: Record<ApproveRefusal['reason'], (retryAt: number | null, now: number) => string> = {
  already_active: () => 'This person is active here already. Decline the request to take it off the list.',
  already_pending: () => 'This person has been invited in the meantime. Decline the request to take it off the list.',
  already_disabled: () => 'This person is disabled here. Enable them instead, and decline the request.',
  already_ended: () => 'This person’s membership here has ended. Extend it instead, and decline the request.',
  domain_not_allowed: () => 'This workspace does not allow this domain. An admin can change that in Settings.',
  no_seat: () => 'No seat is free. Disable or delete someone, cancel an invitation, or ask whoever runs Latchkey for more seats.',
  preset_gone: () => 'The preset of the join link was deleted or has ended. Choose the access here.',
  unknown_agent: () => 'One of these agents was deleted in the meantime. Check the list and approve again.',
  too_many_pending: () => 'This workspace has as many pending people as it may have. Cancel some invitations first.',
  cannot_be_mailed: () => CANNOT_BE_MAILED,
  too_many_mails: (retryAt, now) => `This workspace has reached its email limit for a day. ${again(retryAt, now)}`,
  too_many_mails_in_all: (retryAt, now) =>
    `All workspaces together have reached their email limit for a day. ${again(retryAt, now)}`,
  too_often: (retryAt, now) => `This address has been sent as many invitations as it may be in a day. ${again(retryAt, now)}`,
}

export const approveRefusal = ({ reason, retryAt }: ApproveRefusal, now: number) => WORDS[reason](retryAt, now)
