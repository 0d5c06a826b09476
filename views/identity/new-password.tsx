import { PASSWORD_CHARACTERS } from '../../src/limits'
import type { PasswordProblem } from '../../src/models/identity/password-rules'
import { PasswordField } from '../components/field'

const { least, most } = PASSWORD_CHARACTERS

const PROBLEMS: Record<PasswordProblem, string> = {
  too_short: `Use at least ${least} characters. A few random words work well.`,
  too_long: `Use at most ${most} characters.`,
  repetitive: 'Avoid repeated characters and sequences. A few random words work well.',
  common: 'This password is too common. A few random words work well.',
  own_words: 'Do not base it on your name, email, or workspace. A few random words work well.',
  breached: 'This password appeared in a data breach. Choose one you use nowhere else.',
}

const HINT = `At least ${least} characters. A few random words work well.`

type Props = { label: string; problem: PasswordProblem | undefined; autofocus?: boolean }

/** Where somebody chooses a password: a reason why it is refused takes the place of the hint. */
export const NewPasswordField = ({ label, problem, autofocus }: Props) => (
  <PasswordField
    id="password"
    name="password"
    label={label}
    autocomplete="new-password"
    required
    autofocus={autofocus}
    hint={problem ? undefined : HINT}
    error={problem && PROBLEMS[problem]}
  />
)
