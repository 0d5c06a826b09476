import type { Section } from '../../src/models/access/section'
import type { Agent } from '../../src/models/agents/agent'
import { AgentName } from '../components/agent-name'
import { Badge } from '../components/badge'
import { Callout } from '../components/callout'
import { Icon } from '../components/icon'
import { SectionLinks } from '../layout'
import { groupOf } from '../nav-groups'

/** A preview is for a look: the agents beyond are counted. */
const SHOWN = 6

/**
 * As the fields in it change, htmx posts their form to be looked at and takes the preview out of the answer; a URL would be kept in logs. What is
 * `left` out of the form is not sent along.
 */
export const previewedBy = (action: string, left: string[] = []) => ({
  'hx-post': action,
  'hx-vals': JSON.stringify({ preview: 'on', ...Object.fromEntries(left.map((name) => [name, ''])) }),
  'hx-trigger': 'change',
  'hx-target': '#preview',
  'hx-select': '#preview',
  'hx-sync': 'this:replace',
})

/** `once` is what has to happen before, as *after joining*. */
type Props = { who: string; once?: string | undefined; sections: Section[]; agents: Agent[]; connected: string[] }

/** What somebody sees: the sidebar's own component and the agents that the rule gives. Nothing in it leads anywhere. */
export const Preview = ({ who, once, sections, agents, connected }: Props) => {
  const title = [`What ${who} sees`, once].filter(Boolean).join(' ')
  const mayMeetAgents = sections.some(({ slug }) => slug === 'agents')
  const links = sections.map((section) => ({ ...section, group: groupOf(section, connected) }))
  return (
    <aside class="preview" id="preview" aria-label={title}>
      <header>
        <Icon name="eye" />
        {title}
      </header>
      <div class="stage">
        <div class="nav">
          <SectionLinks frame={{ sections: links, current: mayMeetAgents ? 'agents' : '' }} group="work" />
          <SectionLinks frame={{ sections: links, current: '' }} group="admin" />
          <SectionLinks frame={{ sections: links, current: '' }} group="unconnected" />
          {links.length === 0 && <p class="hint">No sections</p>}
        </div>
        <ul class="agents">{mayMeetAgents ? <SeenAgents agents={agents} /> : <li class="hint">No Agents page</li>}</ul>
      </div>
      {links.length === 0 && (
        <Callout tone="info">{`${who.charAt(0).toUpperCase()}${who.slice(1)} will see nothing after signing in.`}</Callout>
      )}
    </aside>
  )
}

const SeenAgents = ({ agents }: { agents: Agent[] }) => (
  <>
    {agents.slice(0, SHOWN).map((agent) => (
      <SeenAgent agent={agent} />
    ))}
    {agents.length > SHOWN && <li class="hint">and {agents.length - SHOWN} more</li>}
    {agents.length === 0 && <li class="hint">No agents yet</li>}
  </>
)

const SeenAgent = ({ agent }: { agent: Agent }) => (
  <li class="agent-card" data-agent={agent.id}>
    <AgentName agent={agent}>{agent.name}</AgentName>
    {!agent.live && <Badge tone="disabled">Offline</Badge>}
  </li>
)
