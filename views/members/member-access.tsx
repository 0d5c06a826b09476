import type { AgentChoice, EditedPerson } from '../../src/models/access/agent-edit-page'
import type { Member } from '../../src/models/members/member'
import type { WorkspacePaths } from '../../src/paths'
import { type AgentDraft, AgentsForm } from '../access/agent-edit'
import { answersIn, Marks } from '../access/matrix'
import { SectionForm, WORDS } from '../access/permission-row'
import { ConfirmTrigger } from '../components/confirm'
import { ROLES } from '../words'
import { Change } from './member-change'
import { confirmId } from './member-confirms'
import { agentsOf, sectionsCount } from './member-words'

/** `choices` is empty where the workspace has more agents than are ticked in place. */
export type Editing = { person: EditedPerson; choices: AgentChoice[]; draft: AgentDraft }

type Props = { to: WorkspacePaths; member: Member; self: boolean; editing: Editing }

/** What somebody may do and see, changed where it is shown, by the routes of the matrices. */
export const AccessFacts = ({ to, member, self, editing }: Props) => (
  <>
    <dt>Role</dt>
    <dd>
      <span class="buttons">
        {ROLES[member.role]} <OtherRole {...{ to, member, self }} />
      </span>
    </dd>
    <dt>Sections</dt>
    <dd>
      {sectionsCount(member)}
      {member.role === 'user' && <Sections to={to} member={member} />}
    </dd>
    <dt>Agents</dt>
    <dd>
      {agentsOf(member)}
      {member.role === 'user' && <Agents to={to} editing={editing} />}
    </dd>
  </>
)

const OtherRole = ({ to, member, self }: Omit<Props, 'editing'>) => {
  if (self)
    return (
      <ConfirmTrigger for={confirmId('demote-self')} class="button small">
        Make Tenant User
      </ConfirmTrigger>
    )
  const [role, text] = member.role === 'admin' ? (['user', 'Make Tenant User'] as const) : (['admin', 'Make Tenant Admin'] as const)
  return (
    <Change
      {...{ to, member, text }}
      id="other-role"
      change="role"
      icon="shield-check"
      field={['role', role]}
      class="button small"
    />
  )
}

const Sections = ({ to, member }: Pick<Props, 'to' | 'member'>) => (
  <>
    <Marks />
    <ul class="sights" {...answersIn('member')}>
      {member.sights.map(({ slug, name, access, byDefault }) => (
        <li class={access === 'default' ? byDefault : access}>
          <span>
            {name}
            <small>{access === 'default' ? `Default (${byDefault})` : WORDS[access]}</small>
          </span>
          <SectionForm {...{ to }} person={member} column={{ slug, name, byDefault }} state={access} />
        </li>
      ))}
    </ul>
  </>
)

const Agents = ({ to, editing: { person, choices, draft } }: Pick<Props, 'to' | 'editing'>) =>
  choices.length === 0 ? (
    <>
      {' '}
      <a href={to.editAgentAccess(person.id)}>Change</a>
    </>
  ) : (
    <details class="in-place">
      <summary>Change</summary>
      <AgentsForm {...{ to, person, choices, draft }} />
    </details>
  )
