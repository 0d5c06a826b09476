import type { FactorLink } from '../../src/models/identity/factor-link'
import { Callout } from '../components/callout'
import { PasskeyForm } from '../components/passkey-form'
import { factorLinkTitle } from './factor-link'
import { type TotpCodeProblem, TotpSetup, type TotpSetupProps } from './totp-setup'

type Props = {
  link: Pick<FactorLink, 'purpose'>
  form: { paths: { authenticatorApp: string; passkey: string }; token: string; signIn: string }
  app: TotpSetupProps
  /** `over`: the page was shown more than an hour ago. `not_made`: a passkey. */
  problem?: TotpCodeProblem | 'over' | 'not_made' | undefined
}

export const FactorSetUpPage = ({ link, form: { paths, token, signIn }, app, problem }: Props) => (
  <section id="factor-set-up">
    <div class="card stack">
      <h1>{factorLinkTitle(link)}</h1>
      <p>{CONSEQUENCE[link.purpose]}</p>
      {problem === 'over' && (
        <Callout tone="bad">That page was too old. Delete its entry from your app, and scan this new QR code.</Callout>
      )}
      <h2>Passkey</h2>
      <p>Sign in with your fingerprint, face, or screen lock, on this device or another one.</p>
      <PasskeyForm
        kind="create"
        action={paths.passkey}
        options={`${paths.passkey}/options`}
        button="Create a passkey"
        class="button wide"
        problem={problem === 'not_made' ? NOT_MADE : undefined}
      >
        <Held token={token} signIn={signIn} />
      </PasskeyForm>
      <hr />
      <form class="form" method="post" action={paths.authenticatorApp} hx-disable="find button" novalidate>
        <Held token={token} signIn={signIn} />
        <h2>Or an authenticator app</h2>
        <TotpSetup {...app} problem={problem === 'over' || problem === 'not_made' ? undefined : problem} />
        <button class="button primary wide">Set up app</button>
      </form>
    </div>
  </section>
)

const Held = ({ token, signIn }: Pick<Props['form'], 'token' | 'signIn'>) => (
  <>
    <input type="hidden" name="token" value={token} />
    <input type="hidden" name="sign_in" value={signIn} />
  </>
)

const NOT_MADE = 'The passkey was not created. It took too long, or your device did not verify you. Try again, or set up an app.'

const CONSEQUENCE: Record<FactorLink['purpose'], string> = {
  first: 'It signs you out on all other devices.',
  lost: 'It takes the place of your old passkeys, authenticator app, and recovery codes, and signs you out on all other devices.',
}
