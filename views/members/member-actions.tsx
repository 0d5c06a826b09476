import type { Member } from '../../src/models/members/member'
import type { MemberChange, WorkspacePaths } from '../../src/paths'
import { ConfirmTrigger } from '../components/confirm'
import { Icon, type IconName } from '../components/icon'
import { Menu } from '../components/menu'
import { isInvited } from './member-words'

export type ActionProps = { to: WorkspacePaths; member: Member; self: boolean; target: string }

/** The one action a row most needs, the rest behind the dots. */
export const MemberActions = (props: ActionProps) => (
  <>
    <MainAction {...props} />
    <MemberMenu {...props} />
  </>
)

export const MemberMenu = (props: ActionProps) => (
  <Menu id={`menu-${props.member.id}`} label={`More for ${props.member.name ?? props.member.email}`}>
    {props.target !== '#member' && (
      <a href={props.to.member(props.member.id)}>
        <Icon name="eye" />
        Open
      </a>
    )}
    <OtherRole {...props} />
    {isInvited(props.member) ? <InvitedItems {...props} /> : props.self ? <OwnItems {...props} /> : <JoinedItems {...props} />}
  </Menu>
)

const MainAction = ({ to, member, target }: ActionProps) => {
  if (member.state === 'bounced')
    return (
      <a class="button ghost small" href={`${to.member(member.id)}#address`}>
        <Icon name="pencil" />
        Fix address
        <span class="visually-hidden"> ({member.email})</span>
      </a>
    )
  if (isInvited(member))
    return <Change {...{ to, member, target }} change="resend" icon="send" text="Resend" class="button ghost small" />
  if (member.state === 'disabled')
    return <Change {...{ to, member, target }} change="enable" icon="power" text="Enable" class="button ghost small" />
  return null
}

const OtherRole = ({ to, member, self, target }: ActionProps) => {
  if (self) return <Asking member={member} question="role" icon="shield-check" text="Make Tenant User" />
  const [role, text] = member.role === 'admin' ? (['user', 'Make Tenant User'] as const) : (['admin', 'Make Tenant Admin'] as const)
  return <Change {...{ to, member, target, text }} change="role" icon="shield-check" field={['role', role]} />
}

const InvitedItems = ({ to, member, target }: ActionProps) => (
  <>
    {member.state === 'bounced' && <Change {...{ to, member, target }} change="resend" icon="send" text="Resend" />}
    <a href={`${to.member(member.id)}#address`}>
      <Icon name="pencil" />
      Fix address
    </a>
    <hr />
    <Asking member={member} question="cancel" icon="trash" text="Cancel invitation" class="danger" />
  </>
)

const JoinedItems = ({ to, member, target }: ActionProps) => (
  <>
    {member.state === 'active' && (
      <Change {...{ to, member, target }} change="sign-out" icon="log-out" text="Sign out of this workspace" />
    )}
    <hr />
    {member.state === 'active' && <Asking member={member} question="disable" icon="ban" text="Disable" />}
    <Asking member={member} question="delete" icon="trash" text="Delete" class="danger" />
  </>
)

const OwnItems = ({ member }: ActionProps) => (
  <>
    <hr />
    <Asking member={member} question="disable" icon="ban" text="Disable" />
    <Asking member={member} question="leave" icon="log-out" text="Leave" class="danger" />
  </>
)

/** What is asked before it is done. */
export type Question = 'cancel' | 'role' | 'disable' | 'delete' | 'leave'

export const confirmId = (question: Question, { id }: Pick<Member, 'id'>) => `${question}-${id}`

type AskingProps = { member: Member; question: Question; icon: IconName; text: string; class?: string }

const Asking = ({ member, question, text, ...look }: AskingProps) => (
  <ConfirmTrigger for={confirmId(question, member)} {...look}>
    {text}
  </ConfirmTrigger>
)

type ChangeProps = Pick<ActionProps, 'to' | 'member' | 'target'> & {
  id?: string
  change: MemberChange
  icon: IconName
  text: string
  class?: string
  field?: readonly [string, string]
}

/** One button that changes one member. */
export const Change = ({ id, to, member, target, change, icon, text, field, class: classes }: ChangeProps) => (
  <form
    method="post"
    action={to.changeMember(member.id, change)}
    hx-post={to.changeMember(member.id, change)}
    hx-target={target}
    hx-disable="find button"
  >
    <StateField member={member} />
    {field && <input type="hidden" name={field[0]} value={field[1]} />}
    <button class={classes} id={id ?? `do-${change}-${member.id}`}>
      <Icon name={icon} />
      {text}
      <span class="visually-hidden"> ({member.email})</span>
    </button>
  </form>
)

/** What the page shows of somebody, so that nothing is done with them once they are something else. */
export const StateField = ({ member }: { member: Member }) => <input type="hidden" name="state" value={member.status} />
