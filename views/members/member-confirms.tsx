import type { Child } from 'hono/jsx'
import { Confirm } from '../components/confirm'
import { type ActionProps, confirmId, type Question, StateField } from './member-actions'
import { isInvited } from './member-words'

/** They are outside the table: a menu hides what it contains. */
export const MemberConfirms = (props: ActionProps) => {
  if (isInvited(props.member)) return <CancelConfirm {...props} />
  return props.self ? <OwnConfirms {...props} /> : <OtherConfirms {...props} />
}

const CancelConfirm = (props: ActionProps) => (
  <Ask
    {...props}
    question="cancel"
    action={props.to.changeMember(props.member.id, 'delete')}
    title="Cancel this invitation?"
    button="Cancel invitation"
    keep="Keep it"
  >
    The link in the email to {nameOf(props)} stops working at once. You can invite the address again at any time.
  </Ask>
)

const OtherConfirms = (props: ActionProps) => (
  <>
    {props.member.state === 'active' && (
      <Ask
        {...props}
        question="disable"
        action={props.to.changeMember(props.member.id, 'disable')}
        title="Disable this person?"
        button="Disable"
      >
        {nameOf(props)} is signed out of this workspace at once and cannot enter it again. Role and access are kept, and you can
        enable them at any time.
      </Ask>
    )}
    <Ask
      {...props}
      question="delete"
      action={props.to.changeMember(props.member.id, 'delete')}
      title="Delete this person?"
      button="Delete"
      leaves={props.target === '#member'}
    >
      {nameOf(props)} loses membership and access here, and is signed out of this workspace. What they have in other workspaces
      stays.
    </Ask>
  </>
)

const OwnConfirms = (props: ActionProps) => (
  <>
    <Ask
      {...props}
      question="role"
      action={props.to.changeMember(props.member.id, 'role')}
      title="Make yourself a Tenant User?"
      button="Make me a Tenant User"
      fields={<input type="hidden" name="role" value="user" />}
      leaves
    >
      You lose Access Management at once. Only another Tenant Admin can make you one again.
    </Ask>
    <Ask
      {...props}
      question="disable"
      action={props.to.changeMember(props.member.id, 'disable')}
      title="Disable yourself?"
      button="Disable me"
      leaves
    >
      You are shut out of this workspace at once. Only another Tenant Admin can enable you again.
    </Ask>
    <Ask {...props} question="leave" action={props.to.leave} title="Leave this workspace?" button="Leave" leaves stateless>
      You lose your membership and access here. To come back you need a new invitation.
    </Ask>
  </>
)

const nameOf = ({ member }: ActionProps) => <b>{member.name ?? member.email}</b>

type AskProps = ActionProps & {
  question: Question
  action: string
  title: string
  button: string
  keep?: string
  fields?: Child
  /** The answer is another page, which a form without htmx leads to. */
  leaves?: boolean
  stateless?: boolean
  children?: Child
}

const Ask = ({ member, target, question, action, fields, leaves, stateless, children, title, button, keep }: AskProps) => (
  <Confirm
    id={confirmId(question, member)}
    {...{ title, button, keep, action }}
    fields={
      <>
        {!stateless && <StateField member={member} />}
        {fields}
      </>
    }
    {...(leaves ? {} : { 'hx-post': action, 'hx-target': target })}
  >
    <p>{children}</p>
  </Confirm>
)
