import type { Child } from 'hono/jsx'
import type { Member } from '../../src/models/members/member'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Icon, type IconName } from '../components/icon'
import { Menu } from '../components/menu'
import { isInvited } from './member-words'

type Props = { member: Member; self: boolean; target: string }

/** The one action a row most needs, the rest behind the dots. */
export const MemberActions = (props: Props) => (
  <>
    <MainAction {...props} />
    <MemberMenu {...props} />
  </>
)

export const MemberMenu = (props: Props) => (
  <Menu id={`menu-${props.member.id}`} label={`More for ${props.member.name ?? props.member.email}`}>
    <a href={`/access/users/${props.member.id}`}>
      <Icon name="eye" />
      Open
    </a>
    <OtherRole {...props} />
    {isInvited(props.member) ? <InvitedItems {...props} /> : <JoinedItems {...props} />}
  </Menu>
)

const MainAction = ({ member, target }: Props) => {
  if (member.state === 'bounced')
    return (
      <a class="button ghost small" href={`/access/users/${member.id}#address`}>
        <Icon name="pencil" />
        Fix address
        <span class="visually-hidden"> ({member.email})</span>
      </a>
    )
  if (isInvited(member))
    return <Change {...{ member, target }} action="resend" icon="send" text="Resend" class="button ghost small" />
  if (member.state === 'disabled')
    return <Change {...{ member, target }} action="enable" icon="power" text="Enable" class="button ghost small" />
  return null
}

const OtherRole = ({ member, target }: Props) => {
  const [role, text] = member.role === 'admin' ? (['user', 'Make Tenant User'] as const) : (['admin', 'Make Tenant Admin'] as const)
  return <Change {...{ member, target, text }} action="role" icon="shield-check" field={['role', role]} />
}

const InvitedItems = ({ member, target }: Props) => (
  <>
    {member.state === 'bounced' && <Change {...{ member, target }} action="resend" icon="send" text="Resend" />}
    <a href={`/access/users/${member.id}#address`}>
      <Icon name="pencil" />
      Fix address
    </a>
    <hr />
    <ConfirmTrigger for={`cancel-${member.id}`} class="danger" icon="trash">
      Cancel invitation
    </ConfirmTrigger>
  </>
)

const JoinedItems = ({ member, self, target }: Props) => (
  <>
    <Change {...{ member, target }} action="sign-out" icon="log-out" text="Sign out everywhere" />
    <hr />
    {member.state === 'active' && (
      <ConfirmTrigger for={`disable-${member.id}`} icon="ban">
        Disable
      </ConfirmTrigger>
    )}
    {!self && (
      <ConfirmTrigger for={`delete-${member.id}`} class="danger" icon="trash">
        Delete
      </ConfirmTrigger>
    )}
  </>
)

type ChangeProps = Pick<Props, 'member' | 'target'> & {
  id?: string
  action: string
  icon: IconName
  text: string
  class?: string
  field?: readonly [string, string]
}

/** One button that changes one member. */
export const Change = ({ id, member, target, action, icon, text, field, class: classes }: ChangeProps) => (
  <form
    method="post"
    action={`/access/users/${member.id}/${action}`}
    hx-post={`/access/users/${member.id}/${action}`}
    hx-target={target}
    hx-disable="find button"
  >
    {field && <input type="hidden" name={field[0]} value={field[1]} />}
    <button class={classes} id={id ?? `do-${action}-${member.id}`}>
      <Icon name={icon} />
      {text}
      <span class="visually-hidden"> ({member.email})</span>
    </button>
  </form>
)

/** They stand outside the table: a menu hides what it holds. */
export const MemberConfirms = ({ member, target }: Props) => {
  const name = <b>{member.name ?? member.email}</b>
  if (isInvited(member))
    return (
      <Ask
        {...{ member, target }}
        action="cancel"
        path="delete"
        title="Cancel this invitation?"
        button="Cancel invitation"
        keep="Keep it"
      >
        The link in the mail to {name} stops working at once. You can invite the address again at any time.
      </Ask>
    )
  return (
    <>
      {member.state === 'active' && (
        <Ask {...{ member, target }} action="disable" title="Disable this person?" button="Disable">
          {name} is signed out here at once and cannot sign in again. Role and access are kept; enable them whenever you like.
        </Ask>
      )}
      <Ask {...{ member, target }} action="delete" title="Delete this person?" button="Delete">
        {name} loses membership, access and sessions here. What they have in other workspaces stays.
      </Ask>
    </>
  )
}

type AskProps = Pick<Props, 'member' | 'target'> & {
  action: string
  path?: string
  title: string
  button: string
  keep?: string
  children?: Child
}

const Ask = ({ member, target, action, path = action, children, ...words }: AskProps) => (
  <Confirm
    id={`${action}-${member.id}`}
    {...words}
    action={`/access/users/${member.id}/${path}`}
    hx-post={`/access/users/${member.id}/${path}`}
    hx-target={target}
  >
    <p>{children}</p>
  </Confirm>
)
