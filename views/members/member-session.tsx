import type { SessionEntry } from '../../src/models/members/member-session'
import { When } from '../components/when'
import { browserOf } from '../identity/browser'

export const SessionHistory = ({ sessions, now }: { sessions: SessionEntry[]; now: number }) => (
  <div class="panel">
    <header>
      <h2>Sessions</h2>
    </header>
    {sessions.length === 0 ? (
      <p class="hint">No active sessions.</p>
    ) : (
      <ul class="mailbox">
        {sessions.map((session) => (
          <li>
            <span>
              {browserOf(session.userAgent)}
              <small>
                {session.ip}, first seen <When at={session.enteredAt} now={now} prefix="" />, last active{' '}
                <When at={session.lastAt} now={now} prefix="" />
              </small>
            </span>
          </li>
        ))}
      </ul>
    )}
  </div>
)
