import type { Role } from '../src/models/access'
import type { InviteRefusal } from '../src/models/invitation'
import { Callout } from './components/callout'
import { Choice } from './components/choice'
import { Field, TextArea } from './components/field'
import { Icon } from './components/icon'
import { PageHead } from './components/page-head'

export type InviteDraft = { email: string; role: Role; note: string }
export type InviteProblem = InviteRefusal | 'not_an_address' | 'note_too_long'
type Props = { draft: InviteDraft; problem: InviteProblem | undefined }

const PROBLEMS: Record<InviteProblem, string> = {
  not_an_address: 'That does not look like an email address.',
  already_active: 'That person is already a member of this workspace.',
  already_pending: 'That address is already invited. Resend the invitation instead.',
  already_disabled: 'That person is disabled here. Enable them instead.',
  too_many_pending: 'Too many invitations are waiting already. Cancel some, or wait until people accept.',
  too_many_mails: 'This workspace has sent all the mail it may send in a day. Try again tomorrow.',
  note_too_long: 'A note can have at most 500 characters.',
}

const ABOUT_EMAIL = new Set<InviteProblem | undefined>(['not_an_address', 'already_active', 'already_pending', 'already_disabled'])

export const InvitePage = ({ draft, problem }: Props) => (
  <section id="invite">
    <a class="back" href="/access/users">
      <Icon name="arrow-left" />
      Users
    </a>
    <PageHead title="Invite User" />
    <form class="form narrow" method="post" action="/access/invitations" novalidate>
      {(problem === 'too_many_pending' || problem === 'too_many_mails') && <Callout tone="bad">{PROBLEMS[problem]}</Callout>}
      <Field
        id="email"
        name="email"
        label="Email address"
        type="email"
        autocomplete="off"
        required
        autofocus={!problem}
        value={draft.email}
        hint="The invitation goes here, and this is the login address."
        error={problem && ABOUT_EMAIL.has(problem) ? PROBLEMS[problem] : undefined}
      />
      {problem?.startsWith('already_') && (
        <p>
          <a class="button small" href={`/access/users?${new URLSearchParams({ q: draft.email.trim() })}`}>
            Show them in the user table
          </a>
        </p>
      )}
      <fieldset class="fieldset">
        <legend>Role</legend>
        <Choice
          name="role"
          value="user"
          title="Tenant User"
          detail="Standard access, limited to the sections you configure"
          checked={draft.role === 'user'}
        />
        <Choice
          name="role"
          value="admin"
          title="Tenant Admin"
          detail="Full access to all sections: agents, users, billing, security"
          checked={draft.role === 'admin'}
        />
      </fieldset>
      <TextArea
        id="note"
        name="note"
        label="Note (optional)"
        value={draft.note}
        maxlength={500}
        hint="Stands in the mail and on the page it leads to."
        error={problem === 'note_too_long' ? PROBLEMS.note_too_long : undefined}
      />
      <div class="buttons">
        <button class="button primary">
          <Icon name="send" />
          Send Invite
        </button>
        <a class="button ghost" href="/access/users">
          Cancel
        </a>
      </div>
    </form>
  </section>
)
