import type { OwnSession } from '../../src/models/identity/session'
import { Badge } from '../components/badge'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { When } from '../components/when'
import { browserOf } from './browser'

export const SessionsPanel = ({ sessions, now }: { sessions: OwnSession[]; now: number }) => (
  <div class="panel" id="sessions">
    <header>
      <h3>Sessions</h3>
      <p>A session ends after 30 minutes of inactivity, or after 12 hours.</p>
    </header>
    <ul class="mailbox">
      {sessions.map((session) => (
        <li id={`session-${session.id}`}>
          <span>
            {browserOf(session.userAgent)}
            <small>
              {session.ip}, last used <When at={session.lastSeenAt} now={now} prefix="" />
            </small>
            <small>
              <When at={session.createdAt} now={now} prefix="Signed in" />
              {PROVEN[session.factor ?? 'password']}
            </small>
          </span>
          {session.current ? <Badge tone="active">This session</Badge> : <End session={session} />}
        </li>
      ))}
    </ul>
    <footer>
      <span>You will be signed out on this device too.</span>
      <ConfirmTrigger for="sign-out" class="button">
        Sign out everywhere
      </ConfirmTrigger>
    </footer>
    <Confirm id="sign-out" title="Sign out everywhere?" action="/account/sign-out" button="Sign out everywhere">
      <p>
        All your sessions end, including this one, and you are signed out of every app. Your workspaces and access stay the same.
      </p>
    </Confirm>
  </div>
)

/** What somebody proved themselves with in a session, last by the second factor. */
const PROVEN: Record<NonNullable<OwnSession['factor']> | 'password', string> = {
  password: ' with a password',
  passkey: ', confirmed with a passkey',
  totp: ', confirmed with an authenticator app',
  recovery: ', confirmed with a recovery code',
}

const End = ({ session }: { session: OwnSession }) => (
  <form
    method="post"
    action={`/account/sessions/${session.id}/end`}
    hx-post={`/account/sessions/${session.id}/end`}
    hx-target="#account"
    hx-disable="find button"
  >
    <button class="button small">
      End<span class="visually-hidden"> {browserOf(session.userAgent)}</span>
    </button>
  </form>
)
