import type { MemberChange } from '../../src/paths'
import { AddressField } from '../components/address-field'
import { Callout } from '../components/callout'
import { RESEND } from '../members/member-change'
import type { InviteProps } from './invite'
import { problemAt, type Reason } from './invite-problems'

const ALREADY = 'already'

const HELPS: Partial<Record<Reason, readonly [MemberChange, string]>> = {
  already_pending: ['resend', 'pending'],
  already_disabled: ['enable', 'disabled'],
}

/** What helps with an address that is here already: a form of its own, which the button beside the address belongs to. */
export const AlreadyHere = ({ to, problem }: InviteProps) => {
  const here = problem && 'memberId' in problem ? problem : undefined
  const helps = here && HELPS[here.reason]
  if (!helps || !here.memberId) return null
  const [change, state] = helps
  return (
    <form id={ALREADY} method="post" action={to.changeMember(here.memberId, change)} hidden>
      <input type="hidden" name="state" value={state} />
    </form>
  )
}

export const Address = (props: InviteProps) => (
  <>
    {problemAt('top', props) && <Callout tone="bad">{problemAt('top', props)}</Callout>}
    <AddressField
      id="email"
      label="Email address"
      autocomplete="off"
      required
      autofocus={!props.problem && !props.draft.email && !props.draft.preset}
      value={props.draft.email}
      hint="We send the invitation here. They sign in with this address."
      doubt={props.problem && 'doubt' in props.problem ? props.problem.doubt : undefined}
      error={problemAt('email', props)}
      way={<WaysOn {...props} />}
    />
  </>
)

const WaysOn = ({ to, problem }: InviteProps) => {
  if (!problem || !('memberId' in problem) || !problem.memberId) return null
  return (
    <div class="buttons">
      {problem.reason === 'already_pending' && (
        <button class="button small" form={ALREADY} title={RESEND.title}>
          Resend
        </button>
      )}
      {problem.reason === 'already_disabled' && (
        <button class="button small" form={ALREADY}>
          Enable
        </button>
      )}
      <a class="button small" href={to.member(problem.memberId)}>
        Open
      </a>
    </div>
  )
}
