import type { TestRefusal } from '../src/models/checks/mail-check'
import type { ReissueRefusal } from '../src/models/invitations/resend'
import { whenOf } from './components/when'

export type Words = { title: string; text: string }
type Timed = (retryAt: number, now: number) => Words

export const again = (retryAt: number, now: number) =>
  `You can try again ${whenOf(Math.max(retryAt, now + 45_000), now).replace(/^In/, 'in')}.`

/** Neither who asked for it nor why: that is the person's own business. */
export const CANNOT_BE_MAILED = 'This address cannot be mailed. Ask the person for another one.'

export const REISSUE_REFUSALS: Record<Exclude<ReissueRefusal, 'not_pending'>, Timed> = {
  cannot_be_mailed: () => ({
    title: 'This address cannot be mailed',
    text: 'Ask the person for another one, and send the invitation there with “Fix address and resend”.',
  }),
  too_soon: (retryAt, now) => ({
    title: 'A mail just went out',
    text: `Wait a minute between two invitations. ${again(retryAt, now)}`,
  }),
  too_often: (retryAt, now) => ({
    title: 'Enough mail for today',
    text: `One person gets an invitation and five more in a day. ${again(retryAt, now)}`,
  }),
  too_many_mails: () => ({
    title: 'No more mail today',
    text: 'This workspace has sent all the mail it may send in a day. Try again tomorrow.',
  }),
  too_many_mails_in_all: (retryAt, now) => ({
    title: 'No more mail today',
    text: `All workspaces together have sent the mail of a day. ${again(retryAt, now)}`,
  }),
}

export const TEST_REFUSALS: Record<TestRefusal, Timed> = {
  too_soon: (retryAt, now) => ({ title: 'A test mail just went out', text: again(retryAt, now) }),
  too_often: (retryAt, now) => ({ title: 'Five test mails today', text: again(retryAt, now) }),
}

const FIRST = 'Make somebody else a Tenant Admin first; pending and disabled ones do not count.'

export const LAST_ADMIN: Record<'demote' | 'disable' | 'delete' | 'leave', Words> = {
  demote: { title: 'The last admin keeps the role', text: FIRST },
  disable: { title: 'The last admin cannot be disabled', text: FIRST },
  delete: { title: 'The last admin cannot be deleted', text: FIRST },
  leave: { title: 'The last admin cannot leave', text: FIRST },
}

export const ALWAYS_EVERYTHING: Words = {
  title: 'Tenant Admins always see everything',
  text: 'Restrictions never apply to them. Change the role first, then decide what this person may see.',
}
