import type { PasswordReset, ResetState } from '../../src/models/identity/password-reset'
import type { PasswordProblem } from '../../src/models/identity/password-rules'
import { Field } from '../components/field'
import { shownAddress } from '../components/shown-address'
import { SpentLink, type SpentLinkWords } from '../components/spent-link'
import { NewPasswordField } from './new-password'
import { TakeOver } from './take-over'

type Reset = Pick<PasswordReset, 'email' | 'isProven' | 'factors' | 'memberships'>
type Props = { reset: Reset; form: { action: string; token: string }; problem?: PasswordProblem; keep?: string[] }

/** The first use of an emailed link proves the address, whatever the link was asked for. */
export const resetTitle = ({ isProven }: Pick<Reset, 'isProven'>) => (isProven ? 'Set a new password' : 'Confirm your address')

export const ResetPasswordPage = ({ reset, form: { action, token }, problem, keep }: Props) => (
  <section id="reset-password">
    <div class="card stack">
      <h1>{resetTitle(reset)}</h1>
      {reset.isProven && <p>This signs you out on all devices.</p>}
      {reset.isProven && reset.factors > 0 && (
        <p>
          You will be asked for your second factor when you sign in. <a href="/lost-second-factor">Lost it?</a>
        </p>
      )}
      <form class="form" method="post" action={action} novalidate>
        <input type="hidden" name="token" value={token} />
        {!reset.isProven && <TakeOver memberships={reset.memberships} keep={keep} />}
        <Field id="email" name="" label="Email address" autocomplete="username" readonly value={shownAddress(reset.email)} />
        <NewPasswordField label="New password" problem={problem} autofocus />
        <button class="button primary wide">Set new password</button>
      </form>
    </div>
  </section>
)

const WORDS: Record<Exclude<ResetState, 'open'>, SpentLinkWords> = {
  used: {
    icon: 'circle-check',
    title: 'This link has already been used',
    text: 'Your new password is set. Sign in with it.',
    href: '/login',
    button: 'Sign in',
  },
  expired: {
    icon: 'clock-alert',
    title: 'This link has expired',
    text: 'Reset links expire after 30 minutes. We can email you a new one.',
    href: '/forgot-password',
    button: 'Email me a new link',
  },
  superseded: {
    icon: 'mail-check',
    title: 'A newer link was emailed',
    text: 'Only the newest link works. Find it in your inbox, or ask for another.',
    href: '/forgot-password',
    button: 'Email me a new link',
  },
}

export const ResetSpentPage = ({ state }: { state: Exclude<ResetState, 'open'> }) => (
  <SpentLink id="reset-password" words={WORDS[state]} />
)
