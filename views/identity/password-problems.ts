import type { PasswordProblem } from '../../src/models/identity/password-rules'

export const PASSWORD_PROBLEMS: Record<PasswordProblem, string> = {
  too_short: 'Use at least 15 characters. A few words in a row work well.',
  too_long: 'Use at most 256 characters.',
  repetitive: 'That repeats itself or counts up. Use words that do not belong together.',
  common: 'That is one of the passwords tried first. Use words that do not belong together.',
  own_words: 'That is made of your own name, address or workspace. Use words nobody would connect with you.',
  breached: 'That password is known from a data breach elsewhere. Choose one you use nowhere else.',
}

export const PASSWORD_HINT = 'At least 15 characters. No rules but length: a few words in a row work well.'
