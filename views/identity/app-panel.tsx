import type { OwnCredential } from '../../src/models/identity/own-credentials'
import { When } from '../components/when'

export const AppPanel = ({ app, now }: { app: OwnCredential | undefined; now: number }) => (
  <div class="panel" id="app">
    <header>
      <h3>Authenticator app</h3>
      <p>
        {app ? (
          <When at={app.createdAt} now={now} prefix="Added" />
        ) : (
          'An app on your phone shows a code to enter after your password.'
        )}
      </p>
    </header>
  </div>
)
