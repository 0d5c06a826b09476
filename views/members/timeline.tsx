import type { Moment, MomentKind } from '../../src/models/members/timeline'
import { Icon, type IconName } from '../components/icon'
import { mailReasonInWords } from '../components/mail-reason'
import { shownAddress } from '../components/shown-address'
import { When } from '../components/when'

/** What was sent to this person and what became of it, newest first. */
export const Timeline = ({ moments, shown, now }: { moments: Moment[]; shown: number; now: number }) => (
  <div class="panel">
    <header>
      <h2>Invitations and emails</h2>
    </header>
    {moments.length === 0 ? (
      <p class="hint">No recent emails.</p>
    ) : (
      <ol class="timeline">
        {moments.slice(0, shown).map((moment) => (
          <MomentItem moment={moment} now={now} />
        ))}
      </ol>
    )}
    {moments.length > shown && <p class="hint">Only the newest {shown} are shown.</p>}
  </div>
)

const MomentItem = ({ moment, now }: { moment: Moment; now: number }) => {
  const { icon, tone, hint } = LOOKS[moment.kind]
  const why = (moment.why && mailReasonInWords(moment.why)) ?? hint
  return (
    <li class={tone}>
      <span class="dot">
        <Icon name={icon} />
      </span>
      <span>
        {titleOf(moment)}
        <small>
          <When at={moment.at} now={now} />
          {detailOf(moment)}
        </small>
        {why && <small>{why}</small>}
      </span>
    </li>
  )
}

const MAILS: Record<NonNullable<Moment['mail']>['kind'], string> = {
  invitation: 'Invitation',
  fresh_invitation: 'Fresh link',
  reminder: 'Reminder',
  password_reset: 'Password reset',
  address_confirmation: 'Address confirmation',
  password_changed: 'Password notice',
  notice: 'Notice',
  test: 'Test email',
  ending: 'End date warning',
  endings: 'Notice of end dates',
  join: 'Join link',
  join_approved: 'Approval',
  join_declined: 'Refusal',
  factor_added: 'Second factor notice',
  factor_removed: 'Second factor notice',
  recovery_codes_made: 'Recovery code notice',
  recovery_code_used: 'Recovery code notice',
  new_browser: 'Sign-in notice',
  factor_link: 'Second factor link',
  // One word for both, since which it was says how many workspaces they belong to.
  factor_reset: 'Second factor email',
  factor_reset_elsewhere: 'Second factor email',
  factor_was_reset: 'Second factor notice',
  factor_reminder: 'Second factor reminder',
  access_given: 'Approval of access',
  access_declined: 'Refusal of access',
}

type Look = { words: string; icon: IconName; tone?: 'good' | 'warn' | 'bad'; hint?: string }

/** The words follow the name of the email; an invitation's own moments have none and begin the line. */
const LOOKS: Record<MomentKind, Look> = {
  queued: { words: 'queued', icon: 'clock' },
  postponed: { words: 'not sent yet', icon: 'rotate-cw', tone: 'warn' },
  sent: { words: 'sent', icon: 'send' },
  failed: { words: 'not sent', icon: 'circle-alert', tone: 'bad' },
  dropped: { words: 'no longer needed', icon: 'minus' },
  delivered: { words: 'delivered', icon: 'mail-check', tone: 'good' },
  deferred: { words: 'delayed by the mail server', icon: 'clock-alert', tone: 'warn' },
  bounced: { words: 'bounced', icon: 'mail-x', tone: 'bad' },
  complained: { words: 'reported as unwanted', icon: 'ban', tone: 'bad' },
  opened: {
    words: 'Form used in a browser',
    icon: 'monitor',
    hint: 'Someone typed or clicked on the invitation page. This does not tell who it was.',
  },
  accepted: { words: 'Accepted', icon: 'circle-check', tone: 'good' },
  superseded: { words: 'Link replaced by a newer one', icon: 'undo' },
  cancelled: { words: 'Cancelled', icon: 'x' },
  declined: { words: 'Declined', icon: 'x' },
  expired: { words: 'Link expired', icon: 'clock-alert', tone: 'warn' },
}

const titleOf = ({ kind, mail }: Moment) => (mail ? `${MAILS[mail.kind]} ${LOOKS[kind].words}` : LOOKS[kind].words)

function detailOf({ kind, mail, attempts }: Moment) {
  if (kind === 'queued' && mail) return `, to ${shownAddress(mail.to)}`
  if (!attempts || (kind === 'sent' && attempts.to === 1)) return ''
  return attempts.from === attempts.to ? `, attempt ${attempts.to}` : `, attempts ${attempts.from} to ${attempts.to}`
}
