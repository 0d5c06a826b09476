import type { FactorLink, FactorLinkState } from '../../src/models/identity/factor-link'
import type { SignInRefusal } from '../../src/models/identity/sign-in'
import { Callout } from '../components/callout'
import { Field, PasswordField } from '../components/field'
import { shownAddress } from '../components/shown-address'
import { SpentLink, type SpentLinkWords } from '../components/spent-link'
import { TooManyTries } from './too-many-tries'

type Shown = Pick<FactorLink, 'email' | 'purpose' | 'hasPassword'>
type Props = {
  link: Shown
  form: { action: string; token: string }
  refusal?: SignInRefusal
  /** They gave the password before, and it took too long since, or was in another browser. */
  over?: boolean
  now?: number
}

export const factorLinkTitle = ({ purpose }: Pick<Shown, 'purpose'>) =>
  purpose === 'first' ? 'Set up a second factor' : 'Set up a new second factor'

export const FactorLinkPage = ({ link, form, refusal, over, now = 0 }: Props) => (
  <section id="factor-link">
    <div class="card stack">
      <h1>{factorLinkTitle(link)}</h1>
      <p>{CONSEQUENCE[link.purpose]}</p>
      {over && !refusal && (
        <Callout tone="info">Enter your password again. It was more than half an hour ago, or it has changed since.</Callout>
      )}
      {refusal && (
        <Callout tone="bad">{refusal.reason === 'wrong' ? WRONG : <TooManyTries retryAt={refusal.retryAt} now={now} />}</Callout>
      )}
      {link.hasPassword ? <PasswordForm email={link.email} {...form} /> : <NoPassword />}
    </div>
    {link.hasPassword && (
      <p class="after">
        <a href="/forgot-password">Forgot your password?</a> Reset it, then open the link in your email again.
      </p>
    )}
  </section>
)

const PasswordForm = ({ email, action, token }: Props['form'] & Pick<Shown, 'email'>) => (
  <form class="form" method="post" action={action} novalidate>
    <input type="hidden" name="token" value={token} />
    <Field id="email" name="" label="Email address" autocomplete="username" readonly value={shownAddress(email)} />
    <PasswordField id="password" name="password" label="Password" autocomplete="current-password" required autofocus />
    <button class="button primary wide">Continue</button>
  </form>
)

const NoPassword = () => (
  <>
    <Callout tone="info">
      Your account has no password yet. Set one first with a link that we email you, then open this link again. It still works.
    </Callout>
    <a class="button primary wide" href="/forgot-password">
      Set a password
    </a>
  </>
)

const CONSEQUENCE: Record<FactorLink['purpose'], string> = {
  first: 'Enter your password first. Setting up a second factor then signs you out on all other devices.',
  lost: 'Enter your password first. Your old passkeys, authenticator app, and recovery codes keep working until you have set up a new second factor.',
}

const WRONG = 'Incorrect password. Check it, or reset it.'

const ASK = 'Ask whoever requested it for a new one, or see what else you can do.'

const WORDS: Record<Exclude<FactorLinkState, 'open'>, SpentLinkWords> = {
  used: {
    icon: 'circle-check',
    title: 'This link has already been used',
    text: 'Your second factor is set up. Sign in with it.',
    href: '/login',
    button: 'Sign in',
  },
  expired: {
    icon: 'clock-alert',
    title: 'This link has expired',
    text: `Links to set up a second factor expire after 24 hours. ${ASK}`,
    href: '/lost-second-factor',
    button: 'What you can do',
  },
  superseded: {
    icon: 'mail-check',
    title: 'A newer link was emailed',
    text: 'Only the newest link works. Find it in your inbox.',
    href: '/lost-second-factor',
    button: 'What else you can do',
  },
  unproven: {
    icon: 'mail-check',
    title: 'Confirm your address first',
    text: 'The address of your account has not been confirmed yet. Set a new password with a link that we email you. It removes every earlier password and second factor.',
    href: '/forgot-password',
    button: 'Email me a link',
  },
  needless: {
    icon: 'circle-check',
    title: 'You have a second factor already',
    text: 'It was set up after this link was emailed. Sign in with it.',
    href: '/login',
    button: 'Sign in',
  },
  elsewhere: {
    icon: 'clock-alert',
    title: 'This link no longer works',
    text: 'You have joined another workspace since it was emailed, so that one workspace alone can no longer reset your second factor.',
    href: '/lost-second-factor',
    button: 'What you can do',
  },
}

export const FactorLinkSpentPage = ({ state }: { state: Exclude<FactorLinkState, 'open'> }) => (
  <SpentLink id="factor-link" words={WORDS[state]} />
)
