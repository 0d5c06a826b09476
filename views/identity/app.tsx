import type { OwnCredential } from '../../src/models/identity/own-credentials'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { PageHead } from '../components/page-head'
import { timeOf, When } from '../components/when'
import { AppSetup, type AppSetupProps } from './app-setup'

/** `over`: the page was shown more than an hour ago, or in another session. `changed`: the app that it would take the place of is another by now. */
export type AppSetupStale = 'over' | 'changed'

/** `app`: the one that they have, which the new one takes the place of. */
type Props = AppSetupProps & { app: OwnCredential | undefined; stale?: AppSetupStale | undefined; now: number }

export const AppPage = ({ app, stale, now, ...setup }: Props) => (
  <section id="app-setup" class="narrow">
    <BackLink href="/account">Account</BackLink>
    <PageHead title={app ? 'Replace your authenticator app' : 'Set up an authenticator app'} lead={leadOf(app)} />
    <form class="panel form" method="post" action="/account/app" hx-disable="find button" novalidate>
      {stale && <Callout tone="bad">{staleWords(stale, app, now)}</Callout>}
      {app && !stale && (
        <Callout tone="warn">
          The app that you set up <When at={app.createdAt} now={now} prefix="" /> stops working for Latchkey, and you are signed out
          everywhere else.
        </Callout>
      )}
      <AppSetup {...setup} />
      <footer>
        <span>{app ? 'We email you about it.' : 'You are signed out everywhere else, and we email you about it.'}</span>
        <button class="button primary">{app ? 'Replace app' : 'Turn on'}</button>
      </footer>
    </form>
  </section>
)

const leadOf = (app: OwnCredential | undefined) =>
  app ? 'The new app takes the place of the one you have.' : 'After your password you then enter a code from an app on your phone.'

function staleWords(stale: AppSetupStale, app: OwnCredential | undefined, now: number) {
  if (stale === 'over') return 'That page was too old. Delete its entry from your app, and scan this new QR code.'
  if (!app) return 'The app that this one was to replace was removed in the meantime. Enter a new code to set up this one.'
  return `You set up an app ${timeOf(app.createdAt, now)}. Enter a new code to replace it with this one.`
}
