import { Callout } from '../components/callout'
import { shownAddress } from '../components/shown-address'
import { again } from '../refusals'

type Props = { email: string; problem?: { retryAt: number } | undefined; now: number }

/** Shown to somebody whose account was made by a link that was handed to them: until they use an emailed one, it stays in its one workspace. */
export const ConfirmAddress = ({ email, problem, now }: Props) => (
  <form class="panel form" method="post" action="/account/confirm" hx-disable="find button">
    <h2>Confirm your address</h2>
    {problem && <Callout tone="bad">We emailed you three links within an hour. {again(problem.retryAt, now)}</Callout>}
    <p>
      {shownAddress(email)} is not confirmed yet. Until it is, you cannot join another workspace. We will email you a link, where
      you set a new password.
    </p>
    <footer>
      <span>The old password stops working, and you are signed out everywhere.</span>
      <button class="button">Confirm my address</button>
    </footer>
  </form>
)
