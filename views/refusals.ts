import type { TestRefusal } from '../src/models/checks/checks'
import type { ResendReason } from '../src/models/invitations/resend'
import type { Forbidden } from '../src/models/members/changes'
import type { Seats } from '../src/models/members/seats'
import { whenOf } from './components/when'
import { either, numberOf } from './words'

export type Words = { title: string; text: string }
/** `retryAt` (ms) is null where waiting does not help. */
type Timed = (retryAt: number | null, now: number) => Words

export const again = (retryAt: number | null, now: number) =>
  `You can try again ${whenOf(Math.max(retryAt ?? 0, now + 45_000), now).replace(/^In/, 'in')}.`

/** Neither who asked for it nor why: that is the person's own business. */
export const CANNOT_BE_MAILED = 'This address cannot be emailed. Ask the person for another one.'

/** *10 seats: 6 active, 2 pending, 2 free.* */
export function seatsInWords({ seats, active, pending }: Seats) {
  const free = Math.max(0, seats - active - pending)
  return `${seats === 1 ? '1 seat' : `${numberOf(seats)} seats`}: ${numberOf(active)} active, ${numberOf(pending)} pending, ${free === 0 ? 'none' : numberOf(free)} free.`
}

export const noSeatWords = (seats: Seats | undefined): Words => ({
  title: 'No seat is free',
  text: `${seats ? `${seatsInWords(seats)} ` : ''}Disable or delete someone, cancel an invitation, or ask whoever runs Latchkey for more seats.`,
})

/** `domains` are those that a workspace allows. */
export const domainWords = (domains: string[]) =>
  `Only addresses ending in ${either(domains.map((domain) => `@${domain}`))} can be invited here. You can change this in Settings.`

export const RESEND_REFUSALS: Record<Exclude<ResendReason, 'not_pending' | 'no_seat'>, Timed> = {
  past_end: () => END_REFUSALS.past_end,
  cannot_be_mailed: () => ({
    title: 'This address cannot be emailed',
    text: 'Ask the person for another one, and send the invitation there with “Correct address and resend”.',
  }),
  too_soon: (retryAt, now) => ({
    title: 'An email was just sent',
    text: again(retryAt, now),
  }),
  too_often: (retryAt, now) => ({
    title: 'Resent five times today',
    text: `You can resend an invitation five times a day. ${again(retryAt, now)}`,
  }),
  too_many_mails: (retryAt, now) => ({
    title: 'Daily email limit reached',
    text: `This workspace has reached its email limit for a day. ${again(retryAt, now)}`,
  }),
  too_many_mails_in_all: (retryAt, now) => ({
    title: 'Daily email limit reached',
    text: `All workspaces together have reached their email limit for a day. ${again(retryAt, now)}`,
  }),
}

export const COPY_REFUSALS: Record<'expired' | 'suspended' | 'restricted' | 'only_emailed', Words> = {
  expired: { title: 'This invitation has expired', text: 'Resend it first, then copy the new link.' },
  suspended: { title: 'This workspace is suspended', text: 'Nothing was changed.' },
  restricted: {
    title: 'This workspace does not use copied links',
    text: 'It allows only some domains, so people join with the link that we email them. See Settings.',
  },
  only_emailed: {
    title: 'No link can be copied for this address',
    text: 'They can only join with the link that we emailed. Resend it if they cannot find it.',
  },
}

/** What resending all that went unsent has done. */
export function resentInWords(sent: number, left: number) {
  const done = sent === 1 ? '1 invitation resent.' : `${sent || 'No'} invitations resent.`
  if (left === 0) return done
  return `${done} ${left} ${left === 1 ? 'is' : 'are'} left: resend them later, or look at them one by one.`
}

export const TEST_REFUSALS: Record<TestRefusal, Timed> = {
  too_soon: (retryAt, now) => ({ title: 'A test email was just sent', text: again(retryAt, now) }),
  too_often: (retryAt, now) => ({ title: 'Five test emails sent today', text: again(retryAt, now) }),
}

export const END_REFUSALS: Record<Exclude<Forbidden, 'last_admin' | 'no_seat'>, Words> = {
  has_end_date: {
    title: 'This person has an end date',
    text: 'A Tenant Admin cannot have one. Clear the end date on their page first.',
  },
  past_end: {
    title: 'This person’s end date has passed',
    text: 'Set a later end date on their page, or clear it.',
  },
  is_admin: {
    title: 'A Tenant Admin cannot have an end date',
    text: 'Make this person a Tenant User first.',
  },
}

const FIRST = 'Make someone else a Tenant Admin first. Pending and disabled people do not count.'

export const LAST_ADMIN: Record<'demote' | 'disable' | 'delete' | 'leave', Words> = {
  demote: { title: 'The last admin must stay an admin', text: FIRST },
  disable: { title: 'The last admin cannot be disabled', text: FIRST },
  delete: { title: 'The last admin cannot be deleted', text: FIRST },
  leave: { title: 'The last admin cannot leave', text: FIRST },
}

export const ALWAYS_EVERYTHING: Words = {
  title: 'Tenant Admins always see everything',
  text: 'To restrict what this person sees, change their role first.',
}
