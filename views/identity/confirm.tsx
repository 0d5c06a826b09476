import type { Given, Ways } from '../../src/models/identity/confirm'
import { Callout } from '../components/callout'
import { Field, PasswordField } from '../components/field'
import { shownAddress } from '../components/shown-address'
import { again } from '../refusals'

/** What became of the form that asked for a proof: it is sent once that is given, or it could not be kept. */
export type Sent = 'kept' | 'lost'
export type ConfirmProblem = { problem: 'wrong' | 'cloned'; of: Given['kind'] } | { problem: 'too_many_tries'; retryAt: number }

export type ConfirmProps = {
  email: string
  ways: Ways
  next: string | undefined
  draft?: string | undefined
  sent?: Sent | undefined
  /** The page that this stands in the place of, where it answers a form: Back and Reload are to lead there. */
  page?: string | undefined
  problem?: ConfirmProblem | undefined
  now: number
}

/** Asked of somebody who is signed in, before what widens a way in. */
export const ConfirmPage = ({ email, ways, next, draft, sent, page, problem, now }: ConfirmProps) => (
  <section id="confirm" class="narrow" data-page={page}>
    <div class="card stack">
      <h1>Confirm it’s you</h1>
      {sent && <Callout tone="info">{SENT[sent]}</Callout>}
      <p>Before you continue, we make sure that it’s really you. We won’t ask again for ten minutes.</p>
      <form class="form" method="post" action="/confirm" novalidate>
        {'password' in ways ? (
          <Password email={email} error={problem && inWords(problem, now)} />
        ) : (
          <Code ways={ways} error={problem && inWords(problem, now)} />
        )}
        {next && <input type="hidden" name="next" value={next} />}
        {draft && <input type="hidden" name="draft" value={draft} />}
        <button class="button primary wide">Confirm</button>
      </form>
    </div>
    <p class="after">
      {'password' in ways ? (
        <a href="/forgot-password">Forgot your password?</a>
      ) : (
        'Lost your device and your recovery codes? Ask an admin of your workspace.'
      )}
    </p>
  </section>
)

const SENT: Record<Sent, string> = {
  kept: 'Nothing was sent yet. It is sent once you confirm.',
  lost: 'Nothing was sent, and what you entered could not be kept. Confirm, then try again.',
}

const Password = ({ email, error }: { email: string; error: string | undefined }) => (
  <>
    {/* Password managers look for it. */}
    <input type="text" autocomplete="username" value={shownAddress(email)} readonly hidden />
    <PasswordField
      id="password"
      name="password"
      label="Password"
      autocomplete="current-password"
      required
      autofocus
      error={error}
    />
  </>
)

type CodeProps = { ways: Exclude<Ways, { password: true }>; error: string | undefined }

const Code = ({ ways: { app, recovery }, error }: CodeProps) => (
  <Field
    id="code"
    name="code"
    label={app ? 'Code from your authenticator app' : 'Recovery code'}
    hint={app && recovery ? 'Or one of your recovery codes.' : undefined}
    autocomplete="one-time-code"
    autocapitalize="none"
    spellcheck={false}
    required
    autofocus
    error={error}
  />
)

const WRONG: Record<Given['kind'], string> = {
  password: 'Incorrect password.',
  code: 'That code is not right, or it was used already.',
  passkey: 'That passkey could not be verified. Try again, or use another way.',
}

const CLONED = 'There are two copies of that passkey, so it was refused. Use another way, and remove it under Account.'

function inWords(problem: ConfirmProblem, now: number) {
  if (problem.problem === 'too_many_tries') return `Too many attempts. ${again(problem.retryAt, now)}`
  return problem.problem === 'cloned' ? CLONED : WRONG[problem.of]
}
