import { OAUTH_PATHS } from '../../src/paths'
import { Message } from '../components/message'
import { shownAddress } from '../components/shown-address'

type Props = {
  /** Undefined where it is not known, or not of a workspace of theirs. */
  app: { id: string; name: string } | undefined
  person: { name: string | null; email: string }
  /** The query of the app. */
  next: string
}

/** An app has signed somebody out, and asks whether that is all. */
export const SignOutPage = ({ app, person: { name, email }, next }: Props) => (
  <section id="sign-out" class="narrow">
    <div class="card stack">
      <h1>Sign out of Latchkey too?</h1>
      <p>
        {app && `You signed out of ${app.name}. `}You are still signed in here as <b>{name ?? shownAddress(email)}</b>
        {name && ` (${shownAddress(email)})`}. Signing out here also signs you out of the other apps that you opened with it.
      </p>
      <form class="form" method="post" action={OAUTH_PATHS.signOut} hx-disable="find button">
        {app && <input type="hidden" name="app" value={app.id} />}
        <input type="hidden" name="next" value={next} />
        <button class="button primary wide">Sign out</button>
        <button class="button wide" name="stay" value="yes">
          Stay signed in
        </button>
      </form>
    </div>
  </section>
)

/** Where an app named no address of its own to go on to. */
export const SignedOutPage = ({ stayed }: { stayed: boolean }) => (
  <section id="signed-out">
    <Message icon={stayed ? 'circle-check' : 'log-out'} title={stayed ? 'You are still signed in' : 'You are signed out'}>
      <p>{stayed ? 'Latchkey stays open in this browser.' : 'You can close this page.'}</p>
      <a class="button primary wide" href={stayed ? '/' : '/login'}>
        {stayed ? 'Go to the home page' : 'Sign in'}
      </a>
    </Message>
  </section>
)
