import type { PropsWithChildren } from 'hono/jsx'
import type { GivenProof, Ways } from '../../src/models/identity/confirm'
import { Callout } from '../components/callout'
import { Field, PasswordField } from '../components/field'
import { PasskeyForm } from '../components/passkey-form'
import { shownAddress } from '../components/shown-address'
import { again } from '../refusals'
import { PASSKEY_WORDS } from './passkey-sign-in'

/** What became of the form that asked for a proof: it is sent once that is given, or it could not be kept. */
export type Sent = 'kept' | 'lost'
export type ConfirmProblem =
  | { problem: 'wrong' | 'cloned'; of: GivenProof['kind'] }
  | { problem: 'too_many_tries'; retryAt: number }

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
export const ConfirmPage = (props: ConfirmProps) => (
  <section id="confirm" class="narrow" data-page={props.page}>
    <div class="card stack">
      <h1>Confirm it’s you</h1>
      {props.sent && <Callout tone="info">{SENT[props.sent]}</Callout>}
      <p>{askedFor(props.ways)} to continue. We won’t ask again for ten minutes.</p>
      <Ask {...props} />
    </div>
    <p class="after">
      {'password' in props.ways ? (
        <a href="/forgot-password">Forgot your password?</a>
      ) : (
        <a href="/lost-second-factor">Lost your second factor?</a>
      )}
    </p>
  </section>
)

function askedFor(ways: Ways) {
  if ('password' in ways) return 'Enter your password'
  if (!ways.passkey) return 'Enter a code'
  return ways.app || ways.recovery ? 'Use your passkey or a code' : 'Use your passkey'
}

function Ask({ email, ways, problem, now, ...waits }: ConfirmProps) {
  const words = (kind: GivenProof['kind']) => (kind === kindOf(problem, ways) && problem ? inWords(problem, now) : undefined)
  if ('password' in ways)
    return (
      <Form {...waits}>
        <Password email={email} error={words('password')} />
      </Form>
    )
  return (
    <>
      {ways.passkey && <Passkey {...waits} problem={words('passkey')} />}
      {(ways.app || ways.recovery) && (
        <Form {...waits} look={ways.passkey ? 'button wide' : undefined}>
          <Code ways={ways} error={words('code')} />
        </Form>
      )}
    </>
  )
}

/** Where a problem is told that is of no kind: beside the first way there is. */
function kindOf(problem: ConfirmProblem | undefined, ways: Ways): GivenProof['kind'] {
  if ('password' in ways) return 'password'
  if (problem && 'of' in problem && problem.of !== 'password') return problem.of
  return ways.app || ways.recovery ? 'code' : 'passkey'
}

type Waits = { next: string | undefined; draft?: string | undefined }

const Waiting = ({ next, draft }: Waits) => (
  <>
    {next && <input type="hidden" name="next" value={next} />}
    {draft && <input type="hidden" name="draft" value={draft} />}
  </>
)

const Form = ({ look = 'button primary wide', children, ...waits }: PropsWithChildren<Waits & { look?: string | undefined }>) => (
  <form class="form" method="post" action="/confirm" novalidate>
    {children}
    <Waiting {...waits} />
    <button class={look}>Confirm</button>
  </form>
)

const Passkey = ({ problem, ...waits }: Waits & { problem: string | undefined }) => (
  <PasskeyForm
    kind="get"
    action="/confirm"
    options="/confirm/options"
    button="Use your passkey"
    class="button primary wide"
    problem={problem}
  >
    <Waiting {...waits} />
  </PasskeyForm>
)

const SENT: Record<Sent, string> = {
  kept: 'Nothing has been sent yet. It is sent once you confirm.',
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

const Code = ({ ways: { passkey, app, recovery }, error }: CodeProps) => (
  <Field
    id="code"
    name="code"
    label={app ? 'Code from your authenticator app' : 'Recovery code'}
    hint={app && recovery ? 'Or one of your recovery codes.' : undefined}
    autocomplete="one-time-code"
    autocapitalize="none"
    spellcheck={false}
    required
    autofocus={!passkey}
    error={error}
  />
)

const WRONG: Record<GivenProof['kind'], string> = {
  password: 'Incorrect password.',
  code: 'Incorrect code, or it was already used.',
  passkey: PASSKEY_WORDS.passkey_wrong,
}

function inWords(problem: ConfirmProblem, now: number) {
  if (problem.problem === 'too_many_tries') return `Too many attempts. ${again(problem.retryAt, now)}`
  return problem.problem === 'cloned' ? PASSKEY_WORDS.passkey_cloned : WRONG[problem.of]
}
