import type { WorkspacePaths } from '../../src/paths'
import { Callout } from '../components/callout'

export type MailTrouble = 'misconfigured' | 'late'

const WORDS = {
  misconfigured: ['Emails are not going out.', 'The email provider refuses them until a setting is corrected.'],
  late: ['Emails are delayed.', 'The email provider has not taken them for a while.'],
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
