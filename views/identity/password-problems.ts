import { PASSWORD_CHARACTERS } from '../../src/limits'
import type { PasswordProblem } from '../../src/models/identity/password-rules'

const { least, most } = PASSWORD_CHARACTERS

export const PASSWORD_PROBLEMS: Record<PasswordProblem, string> = {
  too_short: `Use at least ${least} characters. A few random words work well.`,
  too_long: `Use at most ${most} characters.`,
  repetitive: 'Avoid repeated characters and sequences. A few random words work well.',
  common: 'This password is too common. A few random words work well.',
  own_words: 'Do not build it from your name, email or workspace. A few random words work well.',
  breached: 'This password appeared in a data breach. Choose one you use nowhere else.',
}

export const PASSWORD_HINT = `At least ${least} characters. A few random words work well.`
