import { AGENT_LIMITS, NAME_CHARACTERS } from '../../src/limits'
import type { AgentDraft, AgentProblems } from '../../src/models/agents/agent-draft'
import type { WorkspacePaths } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { Field, TextArea } from '../components/field'
import { PageHead } from '../components/page-head'
import { type Stale, StaleCallout } from '../components/stale'
import { theirsInWords } from '../components/theirs'
import { URL_PROBLEMS } from '../components/url-problems'

type Editing = { to: WorkspacePaths; agent: { id: string; name: string } | undefined }

export type AgentFormProps = Editing & {
  title: string
  draft: AgentDraft
  problems?: AgentProblems | undefined
  /** What somebody else made of a field meanwhile. */
  theirs?: Partial<AgentDraft> | undefined
  stale?: Stale | undefined
  shown: { version: number; fields: string } | undefined
}

const TAG_PROBLEMS: Record<NonNullable<AgentProblems['tags']>, string> = {
  too_many: `An agent can have at most ${AGENT_LIMITS.tags} tags.`,
  too_long: `A tag can have at most ${AGENT_LIMITS.tagCharacters} characters. Separate tags with commas.`,
}

const DESCRIPTION_TOO_LONG = `A description can have at most ${AGENT_LIMITS.descriptionCharacters} characters.`

export const AgentFormPage = ({ to, agent, title, draft, problems = {}, theirs = {}, stale, shown }: AgentFormProps) => (
  <section id="agent-form">
    <BackLink href={pageOf({ to, agent })}>{agent ? agent.name : 'Agents'}</BackLink>
    <PageHead title={title} />
    <StaleCallout stale={stale} />
    <form class="form narrow" method="post" action={pageOf({ to, agent })} hx-disable="find button" novalidate>
      {shown && <input type="hidden" name="version" value={shown.version} />}
      {shown && <input type="hidden" name="shown" value={shown.fields} />}
      <About {...{ draft, problems, theirs }} autofocus={!agent} />
      <Where {...{ draft, problems, theirs }} />
      <Live live={draft.live} />
      {!agent && (
        <p class="hint">People with access to all agents see it right away. For everyone else, add it under Agent Access.</p>
      )}
      <Buttons {...{ to, agent }} />
    </form>
  </section>
)

/** An agent has a page, a new one has that of them all. */
const pageOf = ({ to, agent }: Editing) => (agent ? to.agent(agent.id) : to.agents)

type PartProps = { draft: AgentDraft; problems: AgentProblems; theirs: Partial<AgentDraft> }

const About = ({ draft, problems, theirs, autofocus }: PartProps & { autofocus: boolean }) => (
  <>
    <Field
      id="name"
      name="name"
      label="Name"
      required
      autocomplete="off"
      maxlength={NAME_CHARACTERS}
      autofocus={autofocus && Object.keys(problems).length === 0}
      value={draft.name}
      error={problems.name ? 'Enter a name for the agent.' : theirsInWords(theirs.name, draft.name)}
    />
    <TextArea
      id="description"
      name="description"
      label="Description (optional)"
      maxlength={AGENT_LIMITS.descriptionCharacters}
      value={draft.description}
      hint="What it does, in a sentence or two."
      error={problems.description ? DESCRIPTION_TOO_LONG : theirsInWords(theirs.description, draft.description)}
    />
    <Field
      id="tags"
      name="tags"
      label="Tags (optional)"
      autocomplete="off"
      value={draft.tags}
      hint={`Up to ${AGENT_LIMITS.tags}, separated by commas: support, email.`}
      error={problems.tags ? TAG_PROBLEMS[problems.tags] : theirsInWords(theirs.tags, draft.tags)}
    />
  </>
)

const Where = ({ draft, problems, theirs }: PartProps) => (
  <>
    <Field
      id="url"
      name="url"
      label="URL (optional)"
      inputmode="url"
      autocomplete="off"
      placeholder="https://"
      value={draft.url}
      hint="Where “Chat with Agent” goes. Leave empty to show the agent as not connected."
      error={problems.url ? URL_PROBLEMS[problems.url] : theirsInWords(theirs.url, draft.url)}
    />
    <Field
      id="framework"
      name="framework"
      label="Framework (optional)"
      autocomplete="off"
      maxlength={NAME_CHARACTERS}
      placeholder="LangGraph"
      value={draft.framework}
      error={theirsInWords(theirs.framework, draft.framework)}
    />
    <Field
      id="deployment"
      name="deployment"
      label="Deployment (optional)"
      autocomplete="off"
      maxlength={NAME_CHARACTERS}
      placeholder="Cloud Run"
      value={draft.deployment}
      error={theirsInWords(theirs.deployment, draft.deployment)}
    />
  </>
)

const Live = ({ live }: Pick<AgentDraft, 'live'>) => (
  <div class="field">
    <div class="toggles single">
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
      Offline agents stay visible but cannot be opened.
    </p>
  </div>
)

const Buttons = ({ to, agent }: Editing) => (
  <div class="buttons">
    <button class="button primary">{agent ? 'Save changes' : 'Register Agent'}</button>
    <a class="button ghost" href={pageOf({ to, agent })}>
      Cancel
    </a>
  </div>
)
