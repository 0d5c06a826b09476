import type { InvitationEntry, MailEntry, SessionEntry } from '../src/models/member-history'
import { browserOf } from './browser'
import { When } from './components/when'
import { mailWord } from './member-words'

type InvitationsProps = { invitations: InvitationEntry[]; mails: MailEntry[]; now: number }

const STATES: Record<string, string> = {
  open: 'Open',
  expired: 'Lapsed',
  accepted: 'Accepted',
  superseded: 'Replaced by a newer one',
  cancelled: 'Cancelled',
  declined: 'Declined',
}

const KINDS: Record<string, string> = {
  invitation: 'Invitation',
  fresh_invitation: 'Fresh invitation',
  password_reset: 'Password reset',
  password_changed: 'Password notice',
}

/** What was sent to this person and what became of it, newest first. */
export const InvitationHistory = ({ invitations, mails, now }: InvitationsProps) => (
  <div class="panel">
    <header>
      <h2>Invitations and mail</h2>
    </header>
    {invitations.length + mails.length === 0 && <p class="hint">Nothing was sent to this person from here.</p>}
    <ul class="timeline">
      {invitations.map((invitation) => (
        <li class={invitation.state === 'accepted' ? 'good' : undefined}>
          {STATES[stateOf(invitation, now)]}
          <small>
            by {invitation.inviterName}, <When at={invitation.createdAt} now={now} prefix="" />
            {invitation.closedAt && (
              <>
                , closed <When at={invitation.closedAt} now={now} prefix="" />
              </>
            )}
          </small>
        </li>
      ))}
      {mails.map((mail) => (
        <li class={mail.state === 'failed' || mail.state === 'bounced' ? 'bad' : undefined}>
          {KINDS[mail.kind]}: {mailWord(mail)}
          <small>
            <When at={mail.sentAt ?? mail.createdAt} now={now} />
            {mail.reason && `, ${mail.reason}`}
          </small>
        </li>
      ))}
    </ul>
  </div>
)

const stateOf = ({ state, expiresAt }: InvitationEntry, now: number) => (state === 'open' && expiresAt <= now ? 'expired' : state)

export const SessionHistory = ({ sessions, now }: { sessions: SessionEntry[]; now: number }) => (
  <div class="panel">
    <header>
      <h2>Sessions</h2>
    </header>
    {sessions.length === 0 ? (
      <p class="hint">Not signed in here at the moment.</p>
    ) : (
      <ul class="mailbox">
        {sessions.map((session) => (
          <li>
            <span>
              {browserOf(session.userAgent)}
              <small>
                {session.ip}, last used <When at={session.lastSeenAt} now={now} prefix="" />
              </small>
            </span>
          </li>
        ))}
      </ul>
    )}
  </div>
)
