import type { AddressDoubt } from '../../src/models/core/typed-address'
import { AddressField } from '../components/address-field'
import { Callout } from '../components/callout'
import { Message } from '../components/message'
import { When } from '../components/when'

type Refusal = { reason: 'too_many_tries'; retryAt: number }
export type ForgotPasswordProps = {
  email: string
  sent?: boolean
  doubt?: AddressDoubt | undefined
  refusal?: Refusal
  now?: number
}

export const ForgotPasswordPage = ({ email, sent, doubt, refusal, now = 0 }: ForgotPasswordProps) => (
  <section id="forgot-password">
    {sent ? (
      <Sent />
    ) : (
      <div class="card stack">
        <h1>Forgot your password?</h1>
        <p>Enter your email and we will send you a link to set a new one, or your invitation if you have not joined yet.</p>
        {refusal && (
          <Callout tone="bad">
            Too many requests from your network. You can try again <When at={refusal.retryAt} now={now} prefix="" />.
          </Callout>
        )}
        <form class="form" method="post" action="/forgot-password" novalidate>
          <AddressField id="email" label="Email address" autocomplete="username" required value={email} doubt={doubt} />
          <button class="button primary wide">Email me a link</button>
        </form>
      </div>
    )}
    <p class="after">
      <a href="/login">Back to sign in</a>
    </p>
  </section>
)

/** The same words whether the address is known or not. */
const Sent = () => (
  <Message icon="mail-check" title="Check your email">
    <p>If that address has an account or an invitation here, we have emailed it a link. It should arrive within a few minutes.</p>
    <p class="hint">No email? Check your spam folder and the address you entered, or ask an admin of your workspace.</p>
  </Message>
)
