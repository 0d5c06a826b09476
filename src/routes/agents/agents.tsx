import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { AgentPage, OFFLINE } from '../../../views/agents/agent'
import { AgentFormPage } from '../../../views/agents/agent-form'
import { AgentsPage } from '../../../views/agents/agents'
import type { AppEnv } from '../../env'
import { admin, enter, type Policy, section } from '../../http/door'
import { refuse } from '../../http/errors'
import { setFlash } from '../../http/flash'
import { readForm } from '../../http/forms'
import { actorOf } from '../../http/origin'
import { agentOf, agentsOf, matching, tagsOf, toAgent, toDetails } from '../../models/agents/agent'
import { type AgentDraft, type AgentProblems, checkAgent, toDraft } from '../../models/agents/agent-draft'
import { changeAgent, deleteAgent, registerAgent } from '../../models/agents/agent-registration'
import { safeHref } from '../../models/core/url'
import { adminNames } from '../../models/members/member'

export const agents = new Hono<AppEnv>()

const QUERY_CHARACTERS = 200
const QUERY = v.optional(v.pipe(v.string(), v.maxLength(QUERY_CHARACTERS)), '')
const FILTER = v.object({ q: QUERY, tag: QUERY })

const TEXT = v.exactOptional(v.string())
const FORM = { name: TEXT, description: TEXT, framework: TEXT, deployment: TEXT, url: TEXT, tags: TEXT }
const LIVE = v.exactOptional(v.picklist(['on', 'off']))

const BLANK: AgentDraft = { name: '', description: '', framework: '', deployment: '', url: '', tags: '', live: 'on' }

agents.get('/', async (c) => {
  const filter = v.safeParse(FILTER, c.req.query())
  const { viewer, rows, admins } = await enter(c, section('agents'), (db, at) => ({
    rows: agentsOf(db, at),
    admins: adminNames(db, at.tenantId),
  }))
  if (!filter.success) throw new HTTPException(400)
  const all = rows.map(toAgent)
  const shown = matching(all, filter.output)
  const about = { viewer, shown, total: all.length, tags: tagsOf(all), filter: filter.output }
  return c.render(<AgentsPage {...about} admins={admins.map(({ name }) => name)} />, { title: 'Agents' })
})

agents.get('/new', async (c) => {
  await enter(c, admin)
  return showForm(c, undefined, BLANK)
})

agents.post('/', async (c) => {
  const { db, viewer, now } = await enter(c, admin)
  const draft = { ...BLANK, live: 'off' as const, ...(await readForm(c, { ...FORM, live: LIVE })) }
  const checked = checkAgent(draft, c.env.APP_ORIGIN)
  if ('problems' in checked) return showForm(c, undefined, draft, checked.problems)
  const id = await registerAgent(db, viewer, actorOf(c, viewer), checked.facts, now)
  setFlash(c, { notice: 'agent_registered' })
  return c.redirect(`/agents/${id}`, 303)
})

agents.get('/:id', async (c) => {
  const { viewer, agent, admins } = await enterAgent(c, section('agents'))
  return c.render(<AgentPage {...{ viewer, agent, admins }} />, { title: agent.name })
})

agents.get('/:id/open', async (c) => {
  const { viewer, agent, admins } = await enterAgent(c, section('agents'))
  if (!agent.live) return refuse(c, 409, OFFLINE)
  const address = safeHref(agent.url ?? '', c.env.APP_ORIGIN)
  if ('href' in address) return c.redirect(address.href, 303)
  c.status(409)
  return c.render(<AgentPage {...{ viewer, agent, admins }} />, { title: agent.name })
})

agents.get('/:id/edit', async (c) => {
  const { agent } = await enterAgent(c, admin)
  return showForm(c, agent, toDraft(agent))
})

/** A form without a name says only whether the agent is live, so that a page that stood open for long writes nothing else back. */
agents.post('/:id', async (c) => {
  const { db, viewer, now, agent } = await enterAgent(c, admin)
  const form = await readForm(c, { ...FORM, live: LIVE })
  const draft = { ...toDraft(agent), live: 'off' as const, ...form }
  const checked = form.name === undefined ? switchOf(form) : checkAgent(draft, c.env.APP_ORIGIN)
  if ('problems' in checked) return showForm(c, agent, draft, checked.problems)
  if (!(await changeAgent(db, viewer, actorOf(c, viewer), agent.id, checked.facts, now))) throw new HTTPException(404)
  setFlash(c, { notice: form.name !== undefined ? 'agent_changed' : checked.facts.live ? 'agent_live' : 'agent_offline' })
  return c.redirect(`/agents/${agent.id}`, 303)
})

agents.post('/:id/delete', async (c) => {
  const { db, viewer, now, agent } = await enterAgent(c, admin)
  await readForm(c, {})
  if (!(await deleteAgent(db, viewer, actorOf(c, viewer), agent.id, now))) throw new HTTPException(404)
  setFlash(c, { notice: 'agent_deleted' })
  return c.redirect('/agents', 303)
})

async function enterAgent(c: Context<AppEnv, '/:id/*'>, policy: Policy) {
  const id = c.req.param('id') ?? ''
  const { found, admins, ...entered } = await enter(c, policy, (db, at) => ({
    found: agentOf(db, at, id),
    admins: adminNames(db, at.tenantId),
  }))
  const [row] = found
  if (!row) throw new HTTPException(404)
  return { ...entered, agent: toDetails(row), admins: admins.map(({ name }) => name) }
}

function switchOf(form: { live?: 'on' | 'off' }) {
  if (form.live === undefined || Object.keys(form).length > 1) throw new HTTPException(400)
  return { facts: { live: form.live === 'on' } }
}

function showForm(
  c: Context<AppEnv>,
  agent: { id: string; name: string } | undefined,
  draft: AgentDraft,
  problems?: AgentProblems,
) {
  if (problems) c.status(422)
  const title = agent ? `Edit ${agent.name}` : 'Register Agent'
  return c.render(<AgentFormPage {...{ agent, draft, title }} problems={problems ?? {}} />, { title })
}
