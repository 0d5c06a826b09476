import type { AddressDoubt } from '../../src/models/core/typed-address'
import type { Member } from '../../src/models/members/member'
import type { WorkspacePaths } from '../../src/paths'
import { AddressField } from '../components/address-field'
import { Callout } from '../components/callout'
import { shownAddress } from '../components/shown-address'
import { CANNOT_BE_MAILED, domainWords } from '../refusals'
import { Change, RESEND, StateField } from './member-change'
import { isComplaint, troubleOf } from './member-words'

type AddressReason = 'same_address' | 'address_taken' | 'cannot_be_mailed' | 'domain_not_allowed'
/** What to fill in, and why it is not taken; without either it is a correction that waits to be sent. */
export type AddressProblem = { email: string; reason?: AddressReason; doubt?: AddressDoubt | undefined; domains?: string[] }

/** Why the invitation has not arrived, and what to do about it. */
export const MailTrouble = ({ to, member }: { to: WorkspacePaths; member: Member }) => {
  const trouble = troubleOf(member)
  if (!trouble) return null
  if (member.state === 'expired') return <Callout tone="warn">{trouble} Resend it to send a new link.</Callout>
  if (member.state !== 'bounced') return <Callout tone="warn">{trouble} We keep trying.</Callout>
  return (
    <Callout tone="bad">
      <p>
        {!isComplaint(member) && <b>The invitation did not reach {shownAddress(member.email)}.</b>} {trouble}
      </p>
      <div class="buttons">
        <a class="button small" href="#new-address">
          Correct address and resend
        </a>
        {!isComplaint(member) && <Change {...{ to, member }} {...RESEND} class="button ghost small" />}
        <a class="button ghost small" href={to.copyLink(member.id)}>
          Copy link
        </a>
      </div>
    </Callout>
  )
}

const ADDRESS_PROBLEMS: Record<AddressReason, (problem: AddressProblem) => string> = {
  domain_not_allowed: ({ domains = [] }) => domainWords(domains),
  same_address: () => 'The invitation already went to this address. Resend it instead.',
  address_taken: () => 'Someone in this workspace already has this address.',
  cannot_be_mailed: () => CANNOT_BE_MAILED,
}

type FixProps = { to: WorkspacePaths; member: Member; problem: AddressProblem | undefined }

export const FixAddress = ({ to, member, problem }: FixProps) => (
  <form
    class="panel form"
    id="address"
    method="post"
    action={to.changeMember(member.id, 'address')}
    hx-post={to.changeMember(member.id, 'address')}
    hx-target="#member"
    hx-disable="find button"
    novalidate
  >
    <StateField member={member} />
    <h2>Correct address and resend</h2>
    <AddressField
      id="new-address"
      label="Email address"
      required
      autocomplete="off"
      value={problem?.email ?? shownAddress(member.email)}
      hint="Role and access are kept. The link in the earlier email stops working."
      error={problem?.reason && ADDRESS_PROBLEMS[problem.reason](problem)}
      doubt={problem?.doubt}
    />
    <div class="buttons">
      <button class="button">Correct and resend</button>
    </div>
  </form>
)
