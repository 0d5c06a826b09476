import type { WorkspacePaths } from '../../src/paths'
import { Callout } from '../components/callout'

export type MailTrouble = 'misconfigured' | 'late'

const WORDS = {
  misconfigured: ['Emails are not going out.', 'The email provider refuses them until a setting is corrected.'],
  late: ['Emails are delayed.', 'The email provider has not accepted any for a while.'],
} as const

/** What an admin has to know before they invite the next person. */
export const MailTroubleCallout = ({ trouble, to }: { trouble: MailTrouble; to: WorkspacePaths }) => {
  const [what, why] = WORDS[trouble]
  return (
    <Callout tone={trouble === 'misconfigured' ? 'bad' : 'warn'}>
      <b>{what}</b> {why} Invitations stay valid, and are sent as soon as it works again.{' '}
      <a href={to.checks}>Check what is wrong</a>
    </Callout>
  )
}

/** After an outage of the email provider that outlasted the links. */
export const UnsentCallout = ({ count, to }: { count: number; to: WorkspacePaths }) => (
  <Callout tone="warn">
    <p>
      <b>
        {count === 1 ? '1 invitation' : `${count} invitations`} expired before {count === 1 ? 'its' : 'their'} email was sent.
      </b>
    </p>
    <form class="buttons" method="post" action={to.unsent} hx-post={to.unsent} hx-target="#users" hx-disable="find button">
      <button class="button small">Resend {count === 1 ? 'it' : 'all'}</button>
    </form>
  </Callout>
)
