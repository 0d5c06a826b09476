import type { AgentChoice, EditedPerson } from '../../src/models/access/agent-edit-page'
import type { WorkspacePaths } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { Empty } from '../components/empty'
import { PageHead } from '../components/page-head'
import { shownAddress, shownName } from '../components/shown-address'
import { type Stale, StaleCallout } from '../components/stale'
import { AgentModes } from './agent-modes'
import { AgentPicker } from './agent-picker'

export type AgentDraft = { mode: 'all' | 'list'; agents: string[] }

type Props = {
  to: WorkspacePaths
  person: EditedPerson
  choices: AgentChoice[]
  draft: AgentDraft
  stale?: Stale | undefined
}

/** The agents of one person, of whom there may be more than fit beside each other. */
export const AgentEditPage = ({ to, person, choices, draft, stale }: Props) => (
  <section id="agent-edit" class="narrow">
    <BackLink href={to.agentAccess}>Agent Access</BackLink>
    <PageHead title={`Agents of ${shownName(person)}`} lead={person.name ? shownAddress(person.email) : undefined} />
    <StaleCallout stale={stale} />
    <Body {...{ to, person, choices, draft }} />
  </section>
)

const Body = ({ to, person, choices, draft }: Omit<Props, 'stale'>) => {
  if (person.role === 'admin') return <Callout tone="info">Tenant Admins always have access to every agent.</Callout>
  if (choices.length === 0) return <NoAgents to={to} />
  return <AgentsForm {...{ to, person, choices, draft }} cancel={to.agentAccess} />
}

/** Without `cancel` it stands on a page that goes on showing it. */
export const AgentsForm = ({ to, person, choices, draft, cancel }: Omit<Props, 'stale'> & { cancel?: string }) => (
  <form class="form" method="post" action={to.editAgentAccess(person.id)} hx-disable="find button">
    <input type="hidden" name="shown" value={person.mode} />
    {person.mode === 'list' && person.kept.map((id) => <input type="hidden" name="had" value={id} />)}
    <div class="limits">
      <fieldset class="fieldset">
        <legend class="visually-hidden">Agents</legend>
        <AgentModes name="mode" mode={draft.mode} />
      </fieldset>
      <AgentPicker choices={choices} ticked={draft.agents} />
    </div>
    <div class="buttons">
      <button class="button primary">Save changes</button>
      {cancel && (
        <a class="button ghost" href={cancel}>
          Cancel
        </a>
      )}
    </div>
  </form>
)

const NoAgents = ({ to }: Pick<Props, 'to'>) => (
  <Empty icon="bot" title="No agents yet">
    <a class="button primary" href={to.newAgent}>
      Register Agent
    </a>
  </Empty>
)
