import type { FactorLink } from '../../src/models/identity/factor-link'
import { Callout } from '../components/callout'
import { type AppCodeProblem, AppSetup, type AppSetupProps } from './app-setup'
import { factorLinkTitle } from './factor-link'

type Props = {
  link: Pick<FactorLink, 'purpose'>
  form: { action: string; token: string; signIn: string }
  app: AppSetupProps
  /** `over`: the page was shown more than an hour ago. */
  problem?: AppCodeProblem | 'over' | undefined
}

export const FactorSetUpPage = ({ link, form: { action, token, signIn }, app, problem }: Props) => (
  <section id="factor-set-up">
    <div class="card stack">
      <h1>{factorLinkTitle(link)}</h1>
      <p>{CONSEQUENCE[link.purpose]}</p>
      {problem === 'over' && (
        <Callout tone="bad">That page was too old. Delete its entry from your app, and scan this new QR code.</Callout>
      )}
      <form class="form" method="post" action={action} hx-disable="find button" novalidate>
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="sign_in" value={signIn} />
        <h2>Authenticator app</h2>
        <AppSetup {...app} problem={problem === 'over' ? undefined : problem} />
        <button class="button primary wide">Set up app</button>
      </form>
    </div>
  </section>
)

const CONSEQUENCE: Record<FactorLink['purpose'], string> = {
  first: 'It signs you out on all other devices.',
  lost: 'It takes the place of your old passkeys, authenticator app and recovery codes, and signs you out on all other devices.',
}
