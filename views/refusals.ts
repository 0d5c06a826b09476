import type { ReissueRefusal } from '../src/models/invitation'
import { whenOf } from './components/when'

export type Words = { title: string; text: string }
type Timed = (retryAt: number, now: number) => Words

const again = (retryAt: number, now: number) =>
  `You can try again ${whenOf(Math.max(retryAt, now + 45_000), now).replace(/^In/, 'in')}.`

export const REISSUE_REFUSALS: Record<Exclude<ReissueRefusal, 'not_pending'>, Timed> = {
  too_soon: (retryAt, now) => ({
    title: 'A mail just went out',
    text: `Wait a minute between two invitations. ${again(retryAt, now)}`,
  }),
  too_often: (retryAt, now) => ({ title: 'Resent five times today', text: again(retryAt, now) }),
  too_many_mails: () => ({
    title: 'No more mail today',
    text: 'This workspace has sent all the mail it may send in a day. Try again tomorrow.',
  }),
}
