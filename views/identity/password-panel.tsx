import type { OwnCredential } from '../../src/models/identity/own-credentials'
import { PasswordField } from '../components/field'
import { shownAddress } from '../components/shown-address'
import { When } from '../components/when'
import { again } from '../refusals'
import type { AccountProblem } from './account-props'
import { NewPasswordField } from './new-password'

type Props = { email: string; password: OwnCredential | undefined; problem: AccountProblem | undefined; now: number }

export const PasswordPanel = ({ email, password, problem, now }: Props) => (
  <div class="panel" id="password-panel">
    <header>
      <h3>Password</h3>
      <p>{password ? <When at={password.changedAt} now={now} prefix="Last changed" /> : 'You have none.'}</p>
    </header>
    <details class="in-place" open={isOf(problem)}>
      <summary class="button">
        Change<span class="visually-hidden"> your password</span>
      </summary>
      <ChangeForm {...{ email, problem, now }} />
    </details>
  </div>
)

const isOf = (problem: AccountProblem | undefined) => problem?.field === 'current' || problem?.field === 'password'

const ChangeForm = ({ email, problem, now }: Omit<Props, 'password'>) => (
  <form class="form" method="post" action="/account/password" novalidate>
    {/* Password managers file the new password under it. */}
    <input type="text" autocomplete="username" value={shownAddress(email)} readonly hidden />
    <PasswordField
      id="current"
      name="current"
      label="Current password"
      autocomplete="current-password"
      required
      error={currentProblem(problem, now)}
    />
    <NewPasswordField label="New password" problem={problem?.field === 'password' ? problem.problem : undefined} />
    <p class="hint">You will be signed out everywhere else, and we will email you a confirmation.</p>
    <div class="buttons">
      <button class="button">Change password</button>
    </div>
  </form>
)

function currentProblem(problem: AccountProblem | undefined, now: number) {
  if (problem?.field !== 'current') return undefined
  if (problem.problem === 'wrong') return 'Incorrect password.'
  return `Too many attempts. ${again(problem.retryAt, now)}`
}
