import type { AgentChoice, EditedPerson } from '../../src/models/access/agent-edit-page'
import type { Member } from '../../src/models/members/member'
import type { OwnSettings } from '../../src/models/presets/own-settings'
import type { PresetChoice } from '../../src/models/presets/preset-page'
import type { WorkspacePaths } from '../../src/paths'
import { type AgentDraft, AgentsForm } from '../access/agent-edit'
import { answersIn, Marks } from '../access/matrix'
import { SectionForm, WORDS } from '../access/permission-row'
import { ConfirmTrigger } from '../components/confirm'
import { MemberPreset } from '../presets/member-preset'
import { originInWords } from '../presets/origin-words'
import { ROLES } from '../words'
import { Change } from './member-change'
import { confirmId } from './member-confirms'
import { agentsOf, sectionsCount } from './member-words'

/** `choices` is empty where the workspace has more agents than are ticked in place. */
export type Editing = {
  person: EditedPerson
  choices: AgentChoice[]
  draft: AgentDraft
  presets: PresetChoice[]
  own: OwnSettings
}

type Props = { to: WorkspacePaths; member: Member; self: boolean; editing: Editing; now: number }

/** What somebody may do and see, changed where it is shown, by the routes of the matrices. */
export const AccessFacts = ({ to, member, self, editing, now }: Props) => (
  <>
    <dt>Role</dt>
    <dd>
      <span class="buttons">
        {ROLES[member.role]} <OtherRole {...{ to, member, self }} />
      </span>
    </dd>
    {member.role === 'user' && (
      <>
        <dt>Preset</dt>
        <dd>
          <MemberPreset {...{ to, member, now }} held={editing.own.preset} choices={editing.presets} />
        </dd>
      </>
    )}
    <dt>Sections</dt>
    <dd>
      {sectionsCount(member)}
      {member.role === 'user' && <Sections {...{ to, member, now }} own={editing.own} />}
    </dd>
    <dt>Agents</dt>
    <dd>
      {agentsOf(member)}
      {member.role === 'user' && <small class="origin">{agentsOriginOf(editing.own, now)}</small>}
      {member.role === 'user' && <Agents to={to} editing={editing} />}
    </dd>
  </>
)

/** As long as nobody set them they are what the workspace gave when the person was invited. */
const agentsOriginOf = ({ agents, preset }: OwnSettings, now: number) =>
  agents ? originInWords(agents, preset?.name, now) : 'Workspace default when invited'

const OtherRole = ({ to, member, self }: Omit<Props, 'editing' | 'now'>) => {
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

const Sections = ({ to, member, own, now }: Pick<Props, 'to' | 'member' | 'now'> & { own: OwnSettings }) => (
  <>
    <Marks />
    <ul class="sights" {...answersIn('member')}>
      {member.sights.map(({ slug, name, access, byDefault }) => (
        <li class={access === 'default' ? byDefault : access}>
          <span>
            {name}
            <small>
              {access === 'default'
                ? `Workspace default (${byDefault})`
                : `${WORDS[access]}. ${originInWords(own.sections[slug], own.preset?.name, now)}`}
            </small>
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
      <summary class="button small">Change</summary>
      <AgentsForm {...{ to, person, choices, draft }} />
    </details>
  )
