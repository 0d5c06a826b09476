import type { AgentDetails } from '../../src/models/agents/agent'
import type { Viewer } from '../../src/models/members/viewer'
import { Callout } from '../components/callout'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Icon } from '../components/icon'
import { Menu } from '../components/menu'
import { PageHead } from '../components/page-head'
import { either } from '../identity/home'
import { AgentBadge, agentsHref, Chat } from './agents'

type AgentProps = { agent: AgentDetails }
type Props = AgentProps & { viewer: Viewer; admins: string[] }

export const OFFLINE = { title: 'This agent is offline', text: 'It can be opened again once an admin has brought it back.' }

export const AgentPage = ({ viewer, agent, admins }: Props) => (
  <section id="agent" class="narrow">
    <a class="back" href="/agents">
      <Icon name="arrow-left" />
      Agents
    </a>
    <PageHead title={agent.name} lead={agent.description || undefined}>
      <Chat agent={agent} primary />
      {viewer.role === 'admin' && <AdminActions agent={agent} />}
    </PageHead>
    <div class="stack">
      <Trouble {...{ viewer, agent, admins }} />
      <Facts agent={agent} admin={viewer.role === 'admin'} />
    </div>
    {viewer.role === 'admin' && <DeleteConfirm agent={agent} />}
  </section>
)

const AdminActions = ({ agent }: AgentProps) => (
  <>
    <a class="button" href={`/agents/${agent.id}/edit`}>
      <Icon name="pencil" />
      Edit
    </a>
    <LiveSwitch agent={agent} />
    <Menu id={`menu-${agent.id}`} label={`More for ${agent.name}`}>
      <ConfirmTrigger for={`delete-${agent.id}`} class="danger" icon="trash">
        Delete agent
      </ConfirmTrigger>
    </Menu>
  </>
)

/** Sends nothing but what it changes: a page that stood open for long writes no older name or URL back. */
const LiveSwitch = ({ agent }: AgentProps) => (
  <form method="post" action={`/agents/${agent.id}`} hx-post={`/agents/${agent.id}`} hx-target="#agent" hx-disable="find button">
    <input type="hidden" name="live" value={agent.live ? 'off' : 'on'} />
    <button class="button" id={`live-${agent.id}`}>
      <Icon name="power" />
      {agent.live ? 'Take offline' : 'Bring live'}
    </button>
  </form>
)

const Trouble = ({ viewer, agent, admins }: Props) => {
  const admin = viewer.role === 'admin'
  if (!agent.live)
    return (
      <Callout tone="info">
        {admin ? OFFLINE_FOR_ADMIN : `This agent is offline. Ask ${either(admins)} when it comes back.`}
      </Callout>
    )
  if (agent.connected) return null
  return (
    <Callout tone="info">
      {admin ? (
        <>
          This agent is not connected yet. <a href={`/agents/${agent.id}/edit`}>Give it the URL</a> where people chat with it.
        </>
      ) : (
        `This agent is not connected yet. Ask ${either(admins)}.`
      )}
    </Callout>
  )
}

const OFFLINE_FOR_ADMIN = 'This agent is offline: people who have it still see it, and nobody can open it.'

const Facts = ({ agent, admin }: AgentProps & { admin: boolean }) => (
  <div class="panel">
    <dl class="facts">
      <dt>Status</dt>
      <dd>
        <AgentBadge live={agent.live} />
      </dd>
      <dt>Framework</dt>
      <dd>{agent.framework || 'Not given'}</dd>
      <dt>Deployment</dt>
      <dd>{agent.deployment || 'Not given'}</dd>
      <dt>Tags</dt>
      <dd class="tags">
        {agent.tags.map((tag) => (
          <a class="tag" href={agentsHref({ q: '', tag })}>
            {tag}
          </a>
        ))}
        {agent.tags.length === 0 && 'None'}
      </dd>
      {admin && (
        <>
          <dt>URL</dt>
          <dd>{agent.url ?? 'Not connected yet'}</dd>
          <dt>Who has it</dt>
          <dd>
            Everybody with all agents{agent.listedBy > 0 && `, and ${peopleInWords(agent.listedBy)} by name`}.{' '}
            <a href="/access/agents">Agent Access</a>
          </dd>
        </>
      )}
    </dl>
  </div>
)

const peopleInWords = (count: number) => (count === 1 ? '1 person' : `${count} people`)

const DeleteConfirm = ({ agent }: AgentProps) => (
  <Confirm id={`delete-${agent.id}`} title="Delete this agent?" action={`/agents/${agent.id}/delete`} button="Delete agent">
    <p>
      <b>{agent.name}</b> disappears for everybody with all agents
      {agent.listedBy > 0 &&
        ` and for ${peopleInWords(agent.listedBy)} who ${agent.listedBy === 1 ? 'was' : 'were'} given it by name`}
      , pending people included. Every list forgets it, and this cannot be undone. The agent itself, at its URL, is not touched.
    </p>
    {agent.live && <p>To keep the settings and lists, take it offline instead.</p>}
  </Confirm>
)
