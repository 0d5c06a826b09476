import type { Member } from '../../src/models/members/member'
import type { MemberChange, WorkspacePaths } from '../../src/paths'
import { Icon, type IconName } from '../components/icon'
import { shownAddress, shownName } from '../components/shown-address'
import { RESEND } from './member-change'
import { isInvited, kindsOf } from './member-words'

type Props = { to: WorkspacePaths; member: Member; self: boolean }

/** What the buttons of all rows belong to, so that a row has no form of its own. */
export const RowForms = () => (
  <>
    <form id="row-changes" method="post" hidden />
    <form id="row-opens" hidden />
  </>
)

/**
 * The one action a row most needs, and the dots, which the stylesheet draws: a list has many. Without a script these lead to the page of
 * the member, where everything can be done; the script opens the menu of the list instead.
 */
export const RowActions = ({ to, member, self }: Props) => (
  <>
    <MainAction to={to} member={member} />
    <button
      class="button ghost dots"
      form="row-opens"
      formaction={to.member(member.id)}
      aria-label={`More for ${shownName(member)}`}
      data-row={kindsOf(member, self).join(' ')}
    />
  </>
)

const MainAction = ({ to, member }: Pick<Props, 'to' | 'member'>) => {
  if (member.state === 'bounced')
    return (
      <a class="button ghost small" href={`${to.member(member.id)}#new-address`}>
        <Icon name="pencil" />
        Correct address
        <span class="visually-hidden"> ({shownAddress(member.email)})</span>
      </a>
    )
  if (member.state === 'ended')
    return (
      <a class="button ghost small" href={`${to.member(member.id)}#end-date`}>
        <Icon name="clock" />
        Extend
        <span class="visually-hidden"> ({shownAddress(member.email)})</span>
      </a>
    )
  if (isInvited(member)) return <RowChange to={to} member={member} change={RESEND.change} icon={RESEND.icon} text={RESEND.text} />
  if (member.state === 'disabled') return <RowChange to={to} member={member} change="enable" icon="power" text="Enable" />
  return null
}

type ChangeProps = Pick<Props, 'to' | 'member'> & { change: MemberChange; icon: IconName; text: string }

/** Its value says what the page shows of the member. */
const RowChange = ({ to, member, change, icon, text }: ChangeProps) => {
  const action = to.changeMember(member.id, change)
  return (
    <button
      class="button ghost small"
      id={`${change}-${member.id}`}
      form="row-changes"
      formaction={action}
      hx-post={action}
      hx-disable="this"
      name="state"
      value={member.status}
    >
      <Icon name={icon} />
      {text}
      <span class="visually-hidden"> ({shownAddress(member.email)})</span>
    </button>
  )
}
