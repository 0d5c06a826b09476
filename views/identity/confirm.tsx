import { Callout } from '../components/callout'
import { PasswordField } from '../components/field'
import { shownAddress } from '../components/shown-address'
import { again } from '../refusals'
import type { FormSent } from './login'

export type ConfirmProblem = { problem: 'wrong' } | { problem: 'too_many_tries'; retryAt: number }

type Props = {
  email: string
  next: string | undefined
  draft?: string | undefined
  sent?: FormSent | undefined
  problem?: ConfirmProblem | undefined
  now?: number
}

/** Asked of somebody who is signed in, before what widens a way in. */
export const ConfirmPage = ({ email, next, draft, sent, problem, now = 0 }: Props) => (
  <section id="confirm" class="narrow">
    <div class="card stack">
      <h1>Confirm it’s you</h1>
      {sent && <Callout tone="info">{SENT[sent]}</Callout>}
      <p>You signed in more than ten minutes ago. Enter your password to continue.</p>
      <form class="form" method="post" action="/confirm" hx-disable="find button" novalidate>
        {/* Password managers look for it. */}
        <input type="text" autocomplete="username" value={shownAddress(email)} readonly hidden />
        <PasswordField
          id="password"
          name="password"
          label="Password"
          autocomplete="current-password"
          required
          autofocus
          error={problem && inWords(problem, now)}
        />
        {next && <input type="hidden" name="next" value={next} />}
        {draft && <input type="hidden" name="draft" value={draft} />}
        <button class="button primary wide">Confirm</button>
      </form>
    </div>
    <p class="after">
      <a href="/forgot-password">Forgot your password?</a>
    </p>
  </section>
)

const SENT: Record<FormSent, string> = {
  kept: 'Nothing was sent. Confirm to get back what you typed.',
  lost: 'Nothing was sent. What you typed could not be kept.',
  empty: 'Nothing was sent. Confirm, then try again.',
}

const inWords = (problem: ConfirmProblem, now: number) =>
  problem.problem === 'wrong' ? 'Incorrect password.' : `Too many attempts. ${again(problem.retryAt, now)}`
