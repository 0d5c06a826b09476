import type { PropsWithChildren } from 'hono/jsx'
import type { Member } from '../../src/models/members/member'
import type { WorkspacePaths } from '../../src/paths'
import { Confirm } from '../components/confirm'
import { Name, postOf, StateField, type Who } from './member-change'
import { isInvited } from './member-words'

/** What is asked before it is done. */
export type Question = 'cancel' | 'sign-out' | 'reset-factor' | 'disable' | 'delete' | 'demote-self' | 'disable-self' | 'leave'

export const confirmId = (question: Question) => `ask-${question}`

/** `workspace` is its name. */
type Own = { to: WorkspacePaths; member: Member; workspace: string }

/** They are beside a menu: it would hide what it contains. */
export const MemberConfirms = ({ to, member, self, workspace }: Own & { self: boolean }) => {
  if (self) return <OwnConfirms to={to} member={member} workspace={workspace} />
  if (isInvited(member)) return <CancelConfirm to={to} member={member} />
  return (
    <>
      <SignOutConfirm to={to} member={member} />
      <ResetFactorConfirm to={to} member={member} />
      <DisableConfirm to={to} member={member} />
      <DeleteConfirm to={to} member={member} />
    </>
  )
}

/** One of each for all rows of a list. */
export const RowConfirms = ({ to, self, workspace }: Omit<Own, 'member'> & { self: Member | undefined }) => (
  <>
    <CancelConfirm to={to} />
    <SignOutConfirm to={to} />
    <DisableConfirm to={to} />
    <DeleteConfirm to={to} />
    {self && <OwnConfirms to={to} member={self} workspace={workspace} />}
  </>
)

const CancelConfirm = (who: Who) => (
  <Ask {...who} question="cancel" title="Cancel the invitation to " button="Cancel invitation" keep="Keep it">
    The link in the email stops working. You can invite this address again at any time.
  </Ask>
)

const SignOutConfirm = (who: Who) => (
  <Ask {...who} question="sign-out" title="Sign out " button="Sign out">
    They have to sign in again to enter this workspace and its apps. Other workspaces are not affected.
  </Ask>
)

/** The same words for everybody: they must not say who has a second factor, or belongs to other workspaces. */
const ResetFactorConfirm = (who: Who) => (
  <Ask {...who} question="reset-factor" title="Reset the second factor of " button="Email them" tone="primary">
    First make sure it’s really them asking. If this is their only workspace, we email them a link to set up a new one. Otherwise,
    the email says who can help. Whatever they use now keeps working until then.
  </Ask>
)

const DisableConfirm = (who: Who) => (
  <Ask {...who} question="disable" title="Disable " button="Disable">
    They are signed out of this workspace and its apps until you enable them. They keep their role and access.
  </Ask>
)

const DeleteConfirm = (who: Who) => (
  <Ask {...who} question="delete" title="Delete " button="Delete">
    They lose their membership and access here, and are signed out of its apps. Other workspaces are not affected.
  </Ask>
)

type AskProps = PropsWithChildren<
  Who & { question: keyof typeof CHANGES; title: string; button: string; keep?: string; tone?: 'primary' }
>

const CHANGES = {
  cancel: 'delete',
  'sign-out': 'sign-out',
  'reset-factor': 'reset-factor',
  disable: 'disable',
  delete: 'delete',
} as const

/** The page of somebody who is deleted is no answer to its own form, so that htmx has no part in it. */
const Ask = ({ question, title, children, member, to, ...words }: AskProps) => {
  const { action, ...htmx } = postOf({ to, member }, CHANGES[question])
  return (
    <Confirm
      id={confirmId(question)}
      title={
        <>
          {title}
          <Name member={member} />?
        </>
      }
      action={action}
      fields={<StateField member={member} />}
      {...words}
      {...(member && question === 'delete' ? {} : htmx)}
    >
      <p>{children}</p>
    </Confirm>
  )
}

/** Each leads to another page. */
const OwnConfirms = ({ to, member, workspace }: Own) => (
  <>
    <Confirm
      id={confirmId('demote-self')}
      title="Make yourself a Tenant User?"
      action={to.changeMember(member.id, 'role')}
      fields={
        <>
          <StateField member={member} />
          <input type="hidden" name="role" value="user" />
        </>
      }
      button="Make me a Tenant User"
    >
      <p>You lose Access Management immediately. Only another Tenant Admin can give it back.</p>
    </Confirm>
    <Confirm
      id={confirmId('disable-self')}
      title="Disable yourself?"
      action={to.changeMember(member.id, 'disable')}
      fields={<StateField member={member} />}
      button="Disable me"
    >
      <p>You lose access to this workspace immediately. Only another Tenant Admin can enable you again.</p>
    </Confirm>
    <Confirm id={confirmId('leave')} title={`Leave ${workspace}?`} action={to.leave} button="Leave">
      <p>You lose your membership and access here. To come back you need a new invitation.</p>
    </Confirm>
  </>
)
