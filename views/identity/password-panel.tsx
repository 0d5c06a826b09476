import type { OwnCredential } from '../../src/models/identity/own-credentials'
import { PasswordField } from '../components/field'
import { shownAddress } from '../components/shown-address'
import { When } from '../components/when'
import { again } from '../refusals'
import type { AccountProblem, AccountProps } from './account-props'
import { NewPasswordField } from './new-password'

type Props = Pick<AccountProps, 'person' | 'problem' | 'opens' | 'now'> & { password: OwnCredential | undefined }

export const PasswordPanel = ({ person, password, problem, opens, now }: Props) => {
  const act = password ? 'Change' : 'Set'
  const proven = person.factors === 0 || person.fresh
  return (
    <div class="panel" id="password-panel">
      <header>
        <h3>Password</h3>
        <p>{password ? <When at={password.changedAt} now={now} prefix="Last changed" /> : 'None. You sign in with a passkey.'}</p>
        {!proven && (
          <a class="button" href={TO_PROVE}>
            <Act act={act} />
          </a>
        )}
      </header>
      {proven && (
        <details class="in-place" open={isOf(problem) || opens}>
          <summary class="button">
            <Act act={act} />
          </summary>
          {password ? <ChangeForm {...{ person, problem, now }} /> : <FirstForm {...{ person, problem }} />}
        </details>
      )}
    </div>
  )
}

/** A password is not kept while somebody proves who they are, so that they do it first. */
const TO_PROVE = '/confirm?next=%2Faccount%3Fopen%3Dpassword'

const Act = ({ act }: { act: string }) => (
  <>
    {act}
    <span class="visually-hidden"> your password</span>
  </>
)

const isOf = (problem: AccountProblem | undefined) => problem?.field === 'current' || problem?.field === 'password'

const ChangeForm = ({ person, problem, now }: Pick<Props, 'person' | 'problem' | 'now'>) => (
  <form class="form" method="post" action="/account/password" novalidate>
    <Username email={person.email} />
    <PasswordField
      id="current"
      name="current"
      label="Current password"
      autocomplete="current-password"
      required
      error={currentProblem(problem, now)}
    />
    <NewPassword label="New password" problem={problem} />
    <button class="button">Change password</button>
  </form>
)

const FirstForm = ({ person, problem }: Pick<Props, 'person' | 'problem'>) => (
  <form class="form" method="post" action="/account/password/first" novalidate>
    <Username email={person.email} />
    <NewPassword label="Password" problem={problem} />
    <button class="button">Set password</button>
  </form>
)

/** Password managers file the new password under it. */
const Username = ({ email }: { email: string }) => (
  <input type="text" autocomplete="username" value={shownAddress(email)} readonly hidden />
)

const NewPassword = ({ label, problem }: { label: string; problem: AccountProblem | undefined }) => (
  <>
    <NewPasswordField label={label} problem={problem?.field === 'password' ? problem.problem : undefined} />
    <p class="hint">You will be signed out everywhere else, and we will email you a confirmation.</p>
  </>
)

function currentProblem(problem: AccountProblem | undefined, now: number) {
  if (problem?.field !== 'current') return undefined
  if (problem.problem === 'wrong') return 'Incorrect password.'
  return `Too many attempts. ${again(problem.retryAt, now)}`
}
