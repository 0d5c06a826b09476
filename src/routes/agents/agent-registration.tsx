import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { AgentPage } from '../../../views/agents/agent'
import { AgentFormPage, type AgentFormProps } from '../../../views/agents/agent-form'
import { changedAgentInWords, deletedAgentInWords } from '../../../views/agents/agent-words'
import { AgentsPage } from '../../../views/agents/agents'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { mergeShown, SHOWN, shownOf } from '../../http/shown'
import { type AgentDetails, agentAgain, agentOf, agentsOf, cardsPage, listsNamingAgain, tagsOf } from '../../models/agents/agent'
import { type AgentDraft, checkAgent, toDraft } from '../../models/agents/agent-draft'
import { changeAgent, deleteAgent, lastChangeOf, registerAgent } from '../../models/agents/agent-registration'
import { deletedAgentOf } from '../../models/agents/deleted-agent'
import { appsForAgain } from '../../models/apps/list'
import type { MemberAct } from '../../models/core/act'
import type { Viewer } from '../../models/members/viewer'
import type { WorkspacePaths } from '../../paths'

/** What admins do with agents. Mounted before the pages of agents, since `new` is no id. */
export const agentRegistration = new Hono<AppEnv>()

const TEXT = v.exactOptional(v.string())
const FORM = {
  name: TEXT,
  description: TEXT,
  framework: TEXT,
  deployment: TEXT,
  url: TEXT,
  tags: TEXT,
  live: v.exactOptional(v.picklist(['on', 'off'])),
}

const BLANK: AgentDraft = { name: '', description: '', framework: '', deployment: '', url: '', tags: '', live: 'on' }
/** A box that is not ticked is not sent. */
const UNTICKED = { live: 'off' } as const

agentRegistration.get('/new', async (c) => {
  const { to } = await enter(c, admin)
  return showForm(c, { to, agent: undefined, draft: BLANK })
})

agentRegistration.post('/', async (c) => {
  const { act, to } = await enter(c, admin)
  const draft = { ...BLANK, ...UNTICKED, ...(await readForm(c, FORM)) }
  const checked = checkAgent(draft, c.env.APP_ORIGIN)
  if ('problems' in checked) return showForm(c, { to, agent: undefined, draft, problems: checked.problems }, 422)
  const id = await registerAgent(act, checked.facts)
  return redirectWith(c, to.agent(id), { notice: 'agent_registered', who: checked.facts.name })
})

agentRegistration.get('/:id/edit', async (c) => {
  const { to, agent } = await enterAgent(c)
  if (!agent) throw new HTTPException(404)
  return showForm(c, { to, agent, draft: toDraft(agent) })
})

/** A form without a name says only whether the agent is live, so that a page that stood open for long writes nothing else back. */
agentRegistration.post('/:id', async (c) => {
  const entered = await enterAgent(c)
  const { version, shown, ...form } = await readForm(c, { ...FORM, ...SHOWN })
  const asked = { sent: form.name === undefined ? switchOf(form) : { ...UNTICKED, ...form }, version, shown }
  if (!entered.agent) return showDeleted(c, entered, asked.sent)
  return form.name === undefined ? turn(c, entered, entered.agent, asked) : change(c, entered, entered.agent, asked)
})

agentRegistration.post('/:id/delete', async (c) => {
  const entered = await enterAgent(c)
  await readForm(c, {})
  const { act, to, agent } = entered
  if (!agent || !(await deleteAgent(act, agent.id))) return showDeleted(c, entered, {})
  return redirectWith(c, to.agents, { notice: 'agent_deleted', who: agent.name })
})

type Entered = { act: MemberAct; viewer: Viewer; to: WorkspacePaths; id: string }
/** What a form wants, and what its page showed. */
type Asked = { sent: Partial<AgentDraft>; version?: number | undefined; shown?: string | undefined }

async function enterAgent(c: Context<AppEnv, '/:id/*'>) {
  const id = c.req.param('id') ?? ''
  const { act, viewer, to, found } = await enter(c, admin, (at) => ({ found: agentOf(at, id) }))
  return { act, viewer, to, id, agent: found[0] }
}

function switchOf({ live, ...others }: Partial<AgentDraft>) {
  if (live === undefined || Object.keys(others).length > 0) throw new HTTPException(400)
  return { live }
}

async function turn(c: Context<AppEnv>, entered: Entered, agent: AgentDetails, asked: Asked) {
  const live = asked.sent.live === 'on'
  if ('live' in merged(agent, asked).theirs || !(await changeAgent(entered.act, agent, { live })))
    return showChanged(c, entered, asked)
  return redirectWith(c, entered.to.agent(agent.id), { notice: live ? 'agent_live' : 'agent_offline', who: agent.name })
}

async function change(c: Context<AppEnv>, entered: Entered, agent: AgentDetails, asked: Asked) {
  const { act, to } = entered
  const { changed, theirs } = merged(agent, asked)
  if (Object.keys(theirs).length > 0) return showChanged(c, entered, asked)
  const draft = { ...toDraft(agent), ...changed }
  const checked = checkAgent(draft, c.env.APP_ORIGIN)
  if ('problems' in checked) return showForm(c, { to, agent, draft, problems: checked.problems }, 422)
  if (!(await changeAgent(act, agent, checked.facts))) return showChanged(c, entered, asked)
  return redirectWith(c, to.agent(agent.id), { notice: 'agent_changed', who: checked.facts.name })
}

const merged = (agent: AgentDetails, asked: Asked) =>
  mergeShown(asked, { version: agent.version, fields: toDraft(agent) }, asked.sent)

/** Somebody else was first: 409, the agent as it is now, and of a form what was typed. */
async function showChanged(c: Context<AppEnv>, entered: Entered, asked: Asked) {
  const { act, to, viewer } = entered
  const [[agent], [lists], apps] = await act.db.batch([
    agentAgain(act, entered.id),
    listsNamingAgain(act, entered.id),
    appsForAgain(act, { agentId: entered.id }),
  ])
  if (!agent) return showDeleted(c, entered, asked.sent)
  const [last] = await lastChangeOf(act, agent.name)
  const stale = { text: changedAgentInWords(agent, last, act.now) }
  const { changed, theirs } = merged(agent, asked)
  if (asked.sent.name !== undefined) return showForm(c, { to, agent, draft: { ...toDraft(agent), ...changed }, theirs, stale }, 409)
  c.status(409)
  return c.render(<AgentPage {...{ to, viewer, agent, apps, stale }} listedBy={lists?.count ?? 0} admins={[]} />, {
    title: agent.name,
  })
}

/** Somebody deleted it: 409, and a form can register it again. @throws HTTPException 404 for an agent that never was here */
async function showDeleted(c: Context<AppEnv>, { act, to, viewer, id }: Entered, sent: Partial<AgentDraft>) {
  const [deleted] = await deletedAgentOf(act, id)
  if (!deleted) throw new HTTPException(404)
  const text = deletedAgentInWords(deleted, act.now)
  const draft = { ...BLANK, ...sent }
  if (draft.name) return showForm(c, { to, agent: undefined, draft, stale: { text: `${text} Register it again?` } }, 409)
  const { rows } = await enter(c, admin, (at) => ({ rows: agentsOf(at) }))
  const filter = { q: '', tag: '' }
  const about = { to, viewer, cards: cardsPage(rows, ''), total: rows.length, tags: tagsOf(rows), filter, admins: [] }
  c.status(409)
  return c.render(<AgentsPage {...about} stale={{ text: `${text} Nothing was changed.` }} />, { title: 'Agents' })
}

type Form = Omit<AgentFormProps, 'title' | 'shown' | 'agent'> & { agent: AgentDetails | undefined }

/** What it shows of the agent as it is now is what the next try is measured by. */
function showForm(c: Context<AppEnv>, { agent, ...form }: Form, status: 200 | 409 | 422 = 200) {
  c.status(status)
  const title = agent ? `Edit ${agent.name}` : 'Register Agent'
  const shown = agent && { version: agent.version, fields: shownOf(toDraft(agent)) }
  return c.render(<AgentFormPage {...{ ...form, agent, title, shown }} />, { title })
}
