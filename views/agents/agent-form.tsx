import type { AgentDraft, AgentProblems } from '../../src/models/agents/agent-draft'
import { Field, TextArea } from '../components/field'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { URL_PROBLEMS } from '../components/url-problems'

type Editing = { agent: { id: string; name: string } | undefined }
type Props = Editing & { title: string; draft: AgentDraft; problems: AgentProblems }

const TAG_PROBLEMS: Record<NonNullable<AgentProblems['tags']>, string> = {
  too_many: 'An agent can have at most 10 tags.',
  too_long: 'A tag can have at most 30 characters. Put commas between tags.',
}

export const AgentFormPage = ({ agent, title, draft, problems }: Props) => (
  <section id="agent-form">
    <a class="back" href={agent ? `/agents/${agent.id}` : '/agents'}>
      <Icon name="arrow-left" />
      {agent ? agent.name : 'Agents'}
    </a>
    <PageHead title={title} />
    <form class="form narrow" method="post" action={agent ? `/agents/${agent.id}` : '/agents'} hx-disable="find button" novalidate>
      <About draft={draft} problems={problems} autofocus={!agent} />
      <Where draft={draft} problems={problems} />
      <Live live={draft.live} />
      {!agent && (
        <p class="hint">Everybody with all agents sees it at once. It enters no list by itself: add it under Agent Access.</p>
      )}
      <Buttons agent={agent} />
    </form>
  </section>
)

type PartProps = Pick<Props, 'draft' | 'problems'>

const About = ({ draft, problems, autofocus }: PartProps & { autofocus: boolean }) => (
  <>
    <Field
      id="name"
      name="name"
      label="Name"
      required
      autocomplete="off"
      maxlength={80}
      autofocus={autofocus && Object.keys(problems).length === 0}
      value={draft.name}
      error={problems.name && 'Give the agent a name.'}
    />
    <TextArea
      id="description"
      name="description"
      label="Description (optional)"
      maxlength={500}
      value={draft.description}
      hint="What it does, in a sentence or two."
      error={problems.description && 'A description can have at most 500 characters.'}
    />
    <Field
      id="tags"
      name="tags"
      label="Tags (optional)"
      autocomplete="off"
      value={draft.tags}
      hint="Up to 10, with commas between them: support, email."
      error={problems.tags && TAG_PROBLEMS[problems.tags]}
    />
  </>
)

const Where = ({ draft, problems }: PartProps) => (
  <>
    <Field
      id="url"
      name="url"
      label="URL (optional)"
      inputmode="url"
      autocomplete="off"
      placeholder="https://"
      value={draft.url}
      hint="Where Chat with Agent leads. Without one the agent is shown as not connected yet."
      error={problems.url && URL_PROBLEMS[problems.url]}
    />
    <Field
      id="framework"
      name="framework"
      label="Framework (optional)"
      autocomplete="off"
      maxlength={80}
      placeholder="LangGraph"
      value={draft.framework}
    />
    <Field
      id="deployment"
      name="deployment"
      label="Deployment (optional)"
      autocomplete="off"
      maxlength={80}
      placeholder="Cloud Run"
      value={draft.deployment}
    />
  </>
)

const Live = ({ live }: Pick<AgentDraft, 'live'>) => (
  <div class="field">
    <div class="toggles">
      <label for="live">
        <input
          id="live"
          class="switch"
          type="checkbox"
          name="live"
          value="on"
          checked={live === 'on'}
          aria-describedby="live-hint"
        />
        Live
      </label>
    </div>
    <p class="hint" id="live-hint">
      An agent that is offline stays visible to the people who have it, and nobody can open it.
    </p>
  </div>
)

const Buttons = ({ agent }: Editing) => (
  <div class="buttons">
    <button class="button primary">{agent ? 'Save changes' : 'Register Agent'}</button>
    <a class="button ghost" href={agent ? `/agents/${agent.id}` : '/agents'}>
      Cancel
    </a>
  </div>
)
