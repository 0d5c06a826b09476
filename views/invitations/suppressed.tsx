import type { Invitation } from '../../src/models/invitations/invitation'
import { Callout } from '../components/callout'
import { type LinkForm, TokenField } from './link-form'

type Props = {
  invitation: Pick<Invitation, 'tenantName'>
  suppression: NonNullable<Invitation['suppression']>
  form: LinkForm
}

/** The address of this link may not be invited, which its holder can take back for a day. */
export const Suppressed = ({ invitation: { tenantName }, suppression: { reason, mayLift }, form: { to, token } }: Props) => (
  <Callout tone="warn">
    <div class="stack">
      <p>
        {reason === 'asked'
          ? `You asked ${tenantName} never to invite you at this address again.`
          : 'An email to this address was reported as spam, so no one can invite it.'}
      </p>
      {mayLift ? (
        <form method="post" action={to.allow}>
          <TokenField token={token} />
          <button class="button small">Allow invitations again</button>
        </form>
      ) : (
        <p>To be invited again, give an admin another address.</p>
      )}
    </div>
  </Callout>
)
