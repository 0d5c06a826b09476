import { LISTS_COUNTED } from '../../src/limits'
import type { AgentDetails } from '../../src/models/agents/agent'
import type { AppName } from '../../src/models/apps/list'
import type { Viewer } from '../../src/models/members/viewer'
import type { WorkspacePaths } from '../../src/paths'
import { AppsOf } from '../apps/apps-of'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Icon } from '../components/icon'
import { Menu } from '../components/menu'
import { PageHead } from '../components/page-head'
import { type Stale, StaleCallout } from '../components/stale'
import { either, listOf, peopleInWords } from '../words'
import { AgentBadge, agentsHref } from './agents'

type AgentProps = { to: WorkspacePaths; agent: AgentDetails }
type Listed = { listedBy: number }
type Apps = { apps: AppName[] }
type Props = AgentProps & Listed & Apps & { viewer: Viewer; admins: string[] }

export const OFFLINE = { title: 'This agent is offline', text: 'You can open it once an admin brings it back.' }

export const AgentPage = ({ to, viewer, agent, listedBy, admins, apps, stale }: Props & { stale?: Stale | undefined }) => (
  <section id="agent" class="narrow">
    <BackLink href={to.agents}>Agents</BackLink>
    <PageHead title={agent.name} lead={agent.description || undefined}>
      <Chat {...{ to, agent }} />
      {viewer.role === 'admin' && <AdminActions {...{ to, agent }} />}
    </PageHead>
    <StaleCallout stale={stale} />
    <div class="stack">
      <Trouble {...{ to, viewer, agent, admins }} />
      <Facts {...{ to, agent, listedBy }} admin={viewer.role === 'admin'} />
      {viewer.role === 'admin' && <AppsOf {...{ to, apps }} subject={{ name: agent.name, for: `agent:${agent.id}` }} />}
    </div>
    {viewer.role === 'admin' && <DeleteConfirm {...{ to, agent, listedBy, apps }} />}
  </section>
)

/** Leads to `open`, which asks again whether this person may; nothing for an agent that nobody can chat with now. */
const Chat = ({ to, agent }: AgentProps) =>
  agent.live && agent.connected ? (
    <a class="button primary" href={to.openAgent(agent.id)}>
      Chat with Agent
    </a>
  ) : null

const AdminActions = ({ to, agent }: AgentProps) => (
  <>
    <a class="button" href={to.editAgent(agent.id)}>
      <Icon name="pencil" />
      Edit
    </a>
    <LiveSwitch {...{ to, agent }} />
    <Menu id={`menu-${agent.id}`} label={`More for ${agent.name}`}>
      <ConfirmTrigger for={`delete-${agent.id}`} class="danger" icon="trash">
        Delete agent
      </ConfirmTrigger>
    </Menu>
  </>
)

/** Sends nothing but what it changes: a page that stood open for long writes no older name or URL back. */
const LiveSwitch = ({ to, agent }: AgentProps) => (
  <form method="post" action={to.agent(agent.id)} hx-post={to.agent(agent.id)} hx-target="#agent" hx-disable="find button">
    <input type="hidden" name="version" value={agent.version} />
    <input type="hidden" name="live" value={agent.live ? 'off' : 'on'} />
    <button class="button" id={`live-${agent.id}`}>
      <Icon name="power" />
      {agent.live ? 'Take offline' : 'Make live'}
    </button>
  </form>
)

const Trouble = ({ to, viewer, agent, admins }: Omit<Props, 'listedBy' | 'apps'>) => {
  const admin = viewer.role === 'admin'
  if (!agent.live)
    return (
      <Callout tone="info">
        {admin ? OFFLINE_FOR_ADMIN : `This agent is offline. Ask ${either(admins)} when it will be back.`}
      </Callout>
    )
  if (agent.connected) return null
  return (
    <Callout tone="info">
      {admin ? (
        <>
          This agent is not connected yet. <a href={to.editAgent(agent.id)}>Add the URL</a> where people chat with it.
        </>
      ) : (
        `This agent is not connected yet. Ask ${either(admins)}.`
      )}
    </Callout>
  )
}

const OFFLINE_FOR_ADMIN = 'This agent is offline. People with access still see it but cannot open it.'

const Facts = ({ to, agent, listedBy, admin }: AgentProps & Listed & { admin: boolean }) => (
  <div class="panel">
    <dl class="facts">
      <dt>Status</dt>
      <dd>
        <AgentBadge live={agent.live} />
      </dd>
      <dt>Framework</dt>
      <dd>{agent.framework || 'Not set'}</dd>
      <dt>Deployment</dt>
      <dd>{agent.deployment || 'Not set'}</dd>
      <dt>Tags</dt>
      <dd class="tags">
        {agent.tags.map((tag) => (
          <a class="tag" href={agentsHref(to, { q: '', tag })}>
            {tag}
          </a>
        ))}
        {agent.tags.length === 0 && 'None'}
      </dd>
      {admin && (
        <>
          <dt>URL</dt>
          <dd>{agent.url ?? 'Not connected yet'}</dd>
          <dt>Who has access</dt>
          <dd>
            Everyone with access to all agents{listedBy > 0 && `, and ${listedInWords(listedBy)} with selected agents`}.{' '}
            <a href={to.agentAccess}>Agent Access</a>
          </dd>
        </>
      )}
    </dl>
  </div>
)

const listedInWords = (count: number) => (count > LISTS_COUNTED ? `more than ${LISTS_COUNTED} people` : peopleInWords(count))

const DeleteConfirm = ({ to, agent, listedBy, apps }: AgentProps & Listed & Apps) => (
  <Confirm id={`delete-${agent.id}`} title="Delete this agent?" action={to.deleteAgent(agent.id)} button="Delete agent">
    <p>
      <b>{agent.name}</b> disappears for everyone with access to all agents
      {listedBy > 0 && ` and for ${listedInWords(listedBy)} with selected agents`}, including pending people. This cannot be undone.
      The agent itself, at its URL, is not affected.
    </p>
    {apps.length > 0 && (
      <p>
        {listOf(apps.map(({ name }) => name))} {apps.length === 1 ? 'is' : 'are'} disconnected with it, and whoever is signed in
        there through Latchkey is signed out.
      </p>
    )}
    {agent.live && <p>To keep its settings and who has access, take it offline instead.</p>}
  </Confirm>
)
