import type { OwnCredential } from '../../src/models/identity/own-credentials'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { PageHead } from '../components/page-head'
import { timeOf, When } from '../components/when'
import { TotpSetup, type TotpSetupProps } from './totp-setup'

/** `over`: the page was shown more than an hour ago, or in another session. `changed`: the app that it would take the place of is another by now. */
export type TotpSetupStale = 'over' | 'changed'

/** `app`: the one that they have, which the new one takes the place of. `ends`: their other sessions end with it. */
type Props = TotpSetupProps & { app: OwnCredential | undefined; ends: boolean; stale?: TotpSetupStale | undefined; now: number }

export const AuthenticatorAppPage = ({ app, ends, stale, now, ...setup }: Props) => (
  <section id="authenticator-app" class="narrow">
    <BackLink href="/account">Account</BackLink>
    <PageHead
      title={app ? 'Replace your authenticator app' : 'Set up an authenticator app'}
      lead={app ? undefined : 'An app on your phone shows a code, which you enter after your password.'}
    />
    <form class="panel form" method="post" action="/account/authenticator-app" hx-disable="find button" novalidate>
      {stale && <Callout tone="bad">{staleWords(stale, app, now)}</Callout>}
      {app && !stale && (
        <Callout tone="warn">
          The codes of the app that you have (added <When at={app.createdAt} now={now} prefix="" />) stop working, and you are
          signed out everywhere else.
        </Callout>
      )}
      <TotpSetup {...setup} />
      <footer>
        <span>{ends ? `${EVERYWHERE} we will email you a confirmation.` : 'We will email you a confirmation.'}</span>
        <button class="button primary">{app ? 'Replace app' : 'Set up app'}</button>
      </footer>
    </form>
  </section>
)

const EVERYWHERE = 'You will be signed out everywhere else, and'

function staleWords(stale: TotpSetupStale, app: OwnCredential | undefined, now: number) {
  if (stale === 'over')
    return 'That page was too old. If you scanned its QR code, delete the entry from your app, and scan this new one.'
  if (!app) return 'The app that this one was to replace was removed in the meantime. Enter a new code to set up this one.'
  return `You set up an app ${timeOf(app.createdAt, now)}. Enter a new code to replace it with this one.`
}
