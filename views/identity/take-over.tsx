import type { OldMembership } from '../../src/models/identity/take-over'
import { Callout } from '../components/callout'

type Props = {
  memberships: OldMembership[]
  /** Those that were chosen in a form that was refused. */
  keep: readonly string[] | undefined
}

/** What the first use of an emailed link does to an account that was unproven: said above the new password, with the memberships from before. */
export const TakeOver = ({ memberships, keep }: Props) => (
  <>
    <Callout tone="info">
      An account for this address exists already, but no one has confirmed the address. Setting a password here makes the account
      yours: the old password stops working, and anyone signed in to it is signed out.
    </Callout>
    {memberships.length > 0 && (
      <fieldset class="fieldset" aria-describedby="keep-hint">
        <legend>Workspaces of this account</legend>
        <div class="toggles single">
          {memberships.map((membership) => (
            <Membership {...membership} chosen={!keep || keep.includes(membership.id)} />
          ))}
        </div>
        <p class="hint" id="keep-hint">
          Clear those that you do not want to belong to.
        </p>
      </fieldset>
    )}
  </>
)

/** The last admin of a workspace stays, so that there is nothing to choose. */
const Membership = ({ id, tenantName, mustStay, chosen }: OldMembership & { chosen: boolean }) =>
  mustStay ? (
    <label>
      <input type="checkbox" checked disabled />
      {tenantName} (you are its only admin)
    </label>
  ) : (
    <label>
      <input type="hidden" name="shown" value={id} />
      <input type="checkbox" name="keep" value={id} checked={chosen} />
      {tenantName}
    </label>
  )
