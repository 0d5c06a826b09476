import type { JoinLinkState } from '../../src/models/join-links/join-link'
import { peopleInWords } from '../words'

const disjunction = new Intl.ListFormat('en', { type: 'disjunction' })

/** *acme.test or acme.example*. */
export const eitherDomain = (domains: string[]) => disjunction.format(domains)

export const LINK_STATES: Record<JoinLinkState, string> = { open: 'On', full: 'Used up', expired: 'Expired', off: 'Turned off' }
export const LINK_TONES = { open: 'active', full: 'expired', expired: 'expired', off: 'disabled' } as const

export const turnedOffInWords = (count: number) =>
  count === 0
    ? 'The link is turned off. No one was disabled.'
    : `The link is turned off. ${peopleInWords(count)} ${count === 1 ? 'is' : 'are'} disabled and signed out of this workspace.`

/** For a browser's own field of date and time, in UTC. */
export const minuteOf = (at: number) => new Date(at).toISOString().slice(0, 16)
