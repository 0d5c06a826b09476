import type { OwnCredential } from '../../src/models/identity/own-credentials'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { When } from '../components/when'

type Props = { app: OwnCredential | undefined; now: number }

export const AuthenticatorAppPanel = ({ app, now }: Props) => (
  <div class="panel" id="authenticator-app">
    <header>
      <h3>Authenticator app</h3>
      <p>{app ? <Used app={app} now={now} /> : 'An app on your phone shows a code, which you enter after your password.'}</p>
      {app ? (
        <div class="buttons">
          <a class="button" href="/account/authenticator-app">
            Replace<span class="visually-hidden"> your authenticator app</span>
          </a>
          <ConfirmTrigger for="remove-app" class="button">
            Remove<span class="visually-hidden"> your authenticator app</span>
          </ConfirmTrigger>
        </div>
      ) : (
        <a class="button" href="/account/authenticator-app">
          Set up<span class="visually-hidden"> an authenticator app</span>
        </a>
      )}
    </header>
    {app && <Remove app={app} />}
  </div>
)

const Used = ({ app: { createdAt, lastUsedAt }, now }: { app: OwnCredential; now: number }) => (
  <>
    <When at={createdAt} now={now} prefix="Added" />
    {', '}
    {lastUsedAt ? <When at={lastUsedAt} now={now} prefix="last used" /> : 'not used since'}
  </>
)

const Remove = ({ app }: { app: OwnCredential }) => (
  <Confirm
    id="remove-app"
    title="Remove your authenticator app?"
    action="/account/authenticator-app/remove"
    button="Remove"
    fields={<input type="hidden" name="app" value={app.id} />}
  >
    <p>Its codes stop working, and you are signed out everywhere else.</p>
    <p>If you have no passkey either, your recovery codes go too, and your password alone is enough to sign in.</p>
  </Confirm>
)
