import type { AboutAccount, AccountNews } from '../../src/models/mail/letter'

type Words = { heading: string; opening: string; notYou: string; because: string }
type Factor = AboutAccount['factor']

/** What an email says of what happened to an account; the heading is its subject, too. */
export const wordsOf = (kind: AccountNews, { factor }: AboutAccount): Words => WORDS[kind](factor)

const FACTORS = { passkey: 'A passkey', totp: 'An authenticator app' } as const
const named = (factor: Factor) => (factor ? FACTORS[factor] : 'A second factor')

/** Of a passkey and of an app what each does; of a link that set one up, and of older emails, which one it was may be unknown. */
const added = (factor: Factor) =>
  factor === 'passkey'
    ? 'You can sign in with it instead of your password. Your password alone no longer signs anyone in.'
    : `Your password alone no longer signs anyone in: ${factor ? 'a code from the app' : 'a second factor'} is asked for as well.`

const RESET = 'Reset your password now, which ends every session.'
const WORDS: Record<AccountNews, (factor: Factor) => Words> = {
  factor_added: (factor) => ({
    heading: `${named(factor)} was added to your account`,
    opening: added(factor),
    notYou: `${RESET} Then sign in and remove what you did not add under Account. If you cannot sign in, ask an admin of your workspace to reset your second factor.`,
    because: 'whenever a second factor is added',
  }),
  factor_was_reset: (factor) => ({
    heading: 'Your second factor was reset',
    opening: `${named(factor)} took its place. Your earlier passkeys, authenticator app, and recovery codes no longer work, and your sessions were signed out.`,
    notYou: `Someone can read your email and knows your password. Change the password of your mailbox first. ${RESET} Then ask an admin of your workspace to reset your second factor.`,
    because: 'whenever a second factor is reset',
  }),
  factor_removed: (factor) => ({
    heading: `${named(factor)} was removed from your account`,
    opening: 'It no longer signs you in, and your other sessions were signed out.',
    notYou: `${RESET} Then set up a second factor again under Account, and tell an admin of your workspace.`,
    because: 'whenever a second factor is removed',
  }),
  recovery_codes_made: () => ({
    heading: 'New recovery codes were made for your account',
    opening: 'Your earlier recovery codes no longer work.',
    notYou: `${RESET} Then make new recovery codes under Account, and tell an admin of your workspace.`,
    because: 'whenever new recovery codes are made',
  }),
  recovery_code_used: () => ({
    heading: 'A recovery code for your account was used',
    opening: 'It cannot be used again.',
    notYou: `${RESET} Then make new recovery codes under Account, and tell an admin of your workspace.`,
    because: 'whenever a recovery code is used',
  }),
  new_browser: () => ({
    heading: 'New sign-in to your account',
    opening: 'Someone signed in to your account from a browser that we do not recognize.',
    notYou: `${RESET} Then tell an admin of your workspace.`,
    because: 'whenever someone signs in from a new browser',
  }),
}

export const IF_YOU = 'If it was you, there is nothing more to do.'
