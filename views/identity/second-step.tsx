import { HALF_SIGN_IN } from '../../src/limits'
import type { HalfSignIn } from '../../src/models/identity/half-sign-in'
import { Field } from '../components/field'
import { shownAddress } from '../components/shown-address'
import { again } from '../refusals'
import { PASSKEY_WORDS, type PasskeyReason, PasskeySignIn } from './passkey-sign-in'

export type SecondStepProblem = { reason: 'wrong' } | { reason: PasskeyReason } | { reason: 'too_many_tries'; retryAt: number }

export type SecondStepProps = {
  half: HalfSignIn
  next: string | undefined
  draft: string | undefined
  problem?: SecondStepProblem | undefined
  now?: number | undefined
}

/** Asked of whoever has a second factor, after a right password. */
export const SecondStepPage = (props: SecondStepProps) => (
  <section id="second-step">
    <div class="card stack">
      <h1>One more step</h1>
      <p>
        You are signing in as <b>{shownAddress(props.half.email)}</b>. {ASKED[wayOf(props.half)]}
      </p>
      {props.half.passkeys > 0 && <PasskeyStep {...props} />}
      <CodeForm {...props} />
    </div>
    <p class="after">
      <a href="/lost-second-factor">Lost your second factor?</a>
    </p>
    <div class="after">
      <button class="button ghost small" form={FORM} name="again" value="yes" formnovalidate>
        Start again
      </button>
    </div>
  </section>
)

const FORM = 'second-step-form'

const isOfPasskey = (problem: SecondStepProblem | undefined): problem is { reason: PasskeyReason } =>
  problem !== undefined && problem.reason in PASSKEY_WORDS

const PasskeyStep = ({ half, next, draft, problem }: SecondStepProps) => (
  <PasskeySignIn
    signIn={half.id}
    next={next}
    draft={draft}
    problem={isOfPasskey(problem) ? PASSKEY_WORDS[problem.reason] : undefined}
  />
)

const CodeForm = ({ half, next, draft, problem, now = 0 }: SecondStepProps) => (
  <form id={FORM} class="form" method="post" action="/login/second-step" novalidate>
    <Field
      id="code"
      name="code"
      label={half.apps > 0 ? 'Code' : 'Recovery code'}
      autocomplete="one-time-code"
      autocapitalize="none"
      spellcheck={false}
      required
      autofocus={half.passkeys === 0}
      error={problem && !isOfPasskey(problem) ? inWords(problem, half, now) : undefined}
      hint={half.apps > 0 ? 'Lost your phone? Enter one of your recovery codes instead.' : undefined}
    />
    <input type="hidden" name="sign_in" value={half.id} />
    {next && <input type="hidden" name="next" value={next} />}
    {draft && <input type="hidden" name="draft" value={draft} />}
    <button class={half.passkeys > 0 ? 'button wide' : 'button primary wide'}>Sign in</button>
  </form>
)

type Way = 'app' | 'passkey' | 'either'

const wayOf = ({ apps, passkeys }: HalfSignIn): Way => (apps === 0 ? 'passkey' : passkeys === 0 ? 'app' : 'either')

const ASKED: Record<Way, string> = {
  app: 'Enter the code that your authenticator app shows.',
  passkey: 'Use your passkey, or enter one of your recovery codes.',
  either: 'Use your passkey, or enter the code that your authenticator app shows.',
}

function inWords(problem: Exclude<SecondStepProblem, { reason: PasskeyReason }>, { tries, apps }: HalfSignIn, now: number) {
  if (problem.reason === 'too_many_tries') return `Too many attempts. ${again(problem.retryAt, now)}`
  const wrong = apps > 0 ? 'Incorrect code. Wait for the next one in your app, then enter it.' : 'Incorrect code.'
  const left = HALF_SIGN_IN.codes - tries
  return left > 2
    ? wrong
    : `${wrong} ${left === 1 ? 'You can try once more' : `You can try ${left} more times`}, then you have to start again.`
}
