import type { SignInRefusal } from '../../src/models/identity/sign-in'
import { AddressField } from '../components/address-field'
import { Callout } from '../components/callout'
import { PasswordField } from '../components/field'
import { PASSKEY_WORDS, type PasskeyReason, PasskeySignIn } from './passkey-sign-in'
import { reasonWords, type SignInReason } from './sign-in-reasons'
import { TooManyTries } from './too-many-tries'

/** What became of a form that led here: it is kept and comes back, it could not be kept, or there was nothing to keep. */
export type FormSent = 'kept' | 'lost' | 'empty'
export type SignInNeeded = { reason: SignInReason | undefined; form?: FormSent | undefined }

export type LoginProps = {
  email: string
  /** The address that was probably meant. */
  suggestion?: string | undefined
  next: string | undefined
  needed?: SignInNeeded | undefined
  /** What was done by the form that led here, where it filled in the address. */
  done?: string | undefined
  draft?: string | undefined
  refusal?: SignInRefusal | { reason: 'no_cookies' | 'expired' | 'too_many_codes' | PasskeyReason } | undefined
  now?: number | undefined
  /** There is no workspace, and so nobody who could sign in. */
  nobody?: boolean
}

export const LoginPage = ({ email, suggestion, next, needed, done, draft, refusal, now, nobody }: LoginProps) => (
  <section id="login">
    <div class="card stack">
      <h1>Sign in</h1>
      {nobody && <NobodyYet />}
      <Told {...{ needed, done, refusal, now }} />
      <form class="form" method="post" action="/login" novalidate>
        <AddressField
          id="email"
          label="Email address"
          autocomplete="username webauthn"
          required
          value={email}
          autofocus={!email}
          error={suggestion && `Did you mean ${suggestion}?`}
        />
        <PasswordField
          id="password"
          name="password"
          label="Password"
          autocomplete="current-password"
          required
          autofocus={Boolean(email)}
        />
        <input type="hidden" name="probe" value="sent" />
        {next && <input type="hidden" name="next" value={next} />}
        {draft && <input type="hidden" name="draft" value={draft} />}
        <button class="button primary wide">Sign in</button>
      </form>
      <PasskeySignIn next={next} draft={draft} autofill={!refusal} />
    </div>
    <p class="after">
      <a href="/forgot-password">Forgot your password?</a>
    </p>
  </section>
)

/** What was done, or why the last try or the page before led here. */
const Told = ({ needed, done, refusal, now = 0 }: Pick<LoginProps, 'needed' | 'done' | 'refusal' | 'now'>) => (
  <>
    {done && (
      <Callout tone="info" icon="circle-check">
        {done}
      </Callout>
    )}
    {refusal && (
      <Callout tone="bad">
        <Refused refusal={refusal} now={now} />
      </Callout>
    )}
    {needed && !refusal && (
      <Callout tone="info">{[reasonWords(needed.reason), needed.form && SENT[needed.form]].filter(Boolean).join(' ')}</Callout>
    )}
  </>
)

/** The link itself only its operator has. */
const NobodyYet = () => (
  <Callout tone="info">
    No one can sign in yet: there is no workspace. If you run this deployment, open the set-up link that <code>npm run deploy</code>{' '}
    or <code>npm run dev</code> printed.
  </Callout>
)

const SENT: Record<FormSent, string> = {
  kept: 'Nothing was sent. Sign in to get back what you typed.',
  lost: 'Nothing was sent. What you typed could not be kept.',
  empty: 'Nothing was sent.',
}

/** `expired` is a sign-in that began before: the same where it never did, or not in this browser. */
const WORDS = {
  ...PASSKEY_WORDS,
  expired: 'This sign-in is over. After your password, you have five minutes to finish it, in the same browser. Sign in again.',
  too_many_codes: 'This sign-in is over: none of the five codes was right. Sign in again.',
} as const

const Refused = ({ refusal, now }: { refusal: NonNullable<LoginProps['refusal']>; now: number }) => {
  if (refusal.reason === 'too_many_tries') return <TooManyTries retryAt={refusal.retryAt} now={now} />
  if (refusal.reason === 'wrong') return <>Incorrect email or password. Check both, or reset your password.</>
  if (refusal.reason === 'no_cookies')
    return (
      <>
        Your browser blocks cookies for this site, and signing in needs them. Allow them in your browser’s settings, or use another
        browser.
      </>
    )
  return <>{WORDS[refusal.reason]}</>
}
