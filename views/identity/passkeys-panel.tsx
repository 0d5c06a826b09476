import type { OwnCredential } from '../../src/models/identity/own-credentials'
import { When } from '../components/when'

type Props = { passkeys: OwnCredential[]; hasPassword: boolean; now: number }

export const PasskeysPanel = ({ passkeys, now }: Props) => (
  <div class="panel" id="passkeys">
    <header>
      <h3>Passkeys</h3>
      <p>Sign in with your fingerprint, face, or screen lock instead of a password.</p>
    </header>
    {passkeys.length > 0 && (
      <ul class="mailbox">
        {passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
          <li id={`passkey-${id}`}>
            <span>
              {name ?? 'Passkey'}
              <small>
                <When at={createdAt} now={now} prefix="Added" />
                {lastUsedAt && (
                  <>
                    , <When at={lastUsedAt} now={now} prefix="last used" />
                  </>
                )}
              </small>
            </span>
          </li>
        ))}
      </ul>
    )}
  </div>
)
