import type { MemberFactor } from '../../src/models/members/member-factors'
import { When } from '../components/when'

/** Of somebody who has joined; for the facts about them. */
export const FactorFact = ({ factors, now }: { factors: MemberFactor[]; now: number }) => (
  <>
    <dt>Second factor</dt>
    <dd>
      {factors.length === 0 && 'None'}
      {factors.map(({ kind, addedAt }, i) => (
        <>
          {i > 0 && <br />}
          {kind === 'totp' ? 'Authenticator app' : 'Passkey'}, <When at={addedAt} now={now} prefix="added" />
        </>
      ))}
    </dd>
  </>
)
