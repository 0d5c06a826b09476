import type { AgentChoice } from '../../src/models/access/agent-edit-page'
import { SECTIONS } from '../../src/models/access/section'
import type { WorkspacePaths } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { SelectField } from '../components/field'
import { PageHead } from '../components/page-head'

type Props = { to: WorkspacePaths; agents: AgentChoice[] }

/** Access Management is Latchkey itself. */
const CONNECTABLE = SECTIONS.filter(({ slug }) => slug !== 'access-management')

/** Asked first, since it decides who can sign in and cannot be changed later. */
export const NewAppPage = ({ to, agents }: Props) => (
  <section id="new-app">
    <BackLink href={to.apps}>Apps</BackLink>
    <PageHead
      title="Connect an app"
      lead="A tool that asks Latchkey who somebody is, and lets in only people who can see what it is connected to."
    />
    <form class="form narrow" method="get" action={to.newApp}>
      <SelectField
        id="for"
        name="for"
        label="Connect it to"
        hint="People can sign in to it as long as they can see this. It cannot be changed later."
      >
        <optgroup label="Sections">
          {CONNECTABLE.map(({ slug, name }) => (
            <option value={`section:${slug}`}>{name}</option>
          ))}
        </optgroup>
        {agents.length > 0 && (
          <optgroup label="Agents">
            {agents.map(({ id, name }) => (
              <option value={`agent:${id}`}>{name}</option>
            ))}
          </optgroup>
        )}
        <optgroup label="Everything">
          <option value="workspace">The whole workspace</option>
        </optgroup>
      </SelectField>
      <div class="buttons">
        <button class="button primary">Continue</button>
        <a class="button ghost" href={to.apps}>
          Cancel
        </a>
      </div>
    </form>
  </section>
)
