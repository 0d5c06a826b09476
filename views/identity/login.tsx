import type { SignInRefusal } from '../../src/models/identity/sign-in'
import { Callout } from '../components/callout'
import { Field, PasswordField } from '../components/field'
import { When } from '../components/when'

export type LoginProps = { email: string; next: string | undefined; refusal?: SignInRefusal; now?: number }

export const LoginPage = ({ email, next, refusal, now = 0 }: LoginProps) => (
  <section id="login">
    <div class="card stack">
      <h1>Sign in</h1>
      {refusal && (
        <Callout tone="bad">
          <Refused refusal={refusal} now={now} />
        </Callout>
      )}
      <form class="form" method="post" action="/login">
        <Field
          id="email"
          name="email"
          label="Email address"
          type="email"
          autocomplete="username"
          required
          value={email}
          autofocus={!email}
        />
        <PasswordField
          id="password"
          name="password"
          label="Password"
          autocomplete="current-password"
          required
          autofocus={Boolean(email)}
        />
        {next && <input type="hidden" name="next" value={next} />}
        <button class="button primary wide">Sign in</button>
      </form>
    </div>
    <p class="after">
      <a href="/forgot-password">Forgot your password?</a>
    </p>
  </section>
)

const Refused = ({ refusal, now }: { refusal: SignInRefusal; now: number }) =>
  refusal.reason === 'wrong' ? (
    <>That address and password do not belong together. Check both, or set a new password with “Forgot your password?”.</>
  ) : (
    <>
      Too many tries. You can try again <When at={Math.max(refusal.retryAt, now + 1000)} now={now} prefix="" />, or set a new
      password now.
    </>
  )
