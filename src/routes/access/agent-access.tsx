import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { AgentAccessPage } from '../../../views/access/agent-access'
import { ALWAYS_EVERYTHING } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { refuse } from '../../http/errors'
import { flashOf, setFlash } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { backTo } from '../../http/next'
import { actorOf } from '../../http/origin'
import { readQuery, words } from '../../http/query'
import {
  type AgentAccess,
  agentAccessPage,
  agentColumns,
  setAgent,
  setAgents,
  toAgentAccess,
  toAgentColumns,
} from '../../models/access/agent-access'

export const agentAccess = new Hono<AppEnv>()

const PATH = '/access/agents'
const QUERY = { q: words, cursor: words, agent_q: words, agents_after: words }

agentAccess.get('/', async (c) => {
  const { agent_q: agentQ, agents_after: agentsAfter, ...people } = readQuery(c, QUERY)
  const search = { ...people, agentQ, agentsAfter }
  const { rows, columns, now } = await enter(c, admin, (db, at) => ({
    rows: agentAccessPage(db, at.tenantId, search),
    columns: agentColumns(db, at.tenantId, search),
  }))
  const page = { ...toAgentAccess(rows, now), ...toAgentColumns(columns), search, changed: flashOf(c)?.member }
  return c.render(<AgentAccessPage {...page} />, { title: 'Agent Access' })
})

const FORM = {
  mode: v.optional(v.picklist(['all', 'list'])),
  agent: repeated(v.string()),
  access: v.optional(v.picklist(['on', 'off'])),
}

agentAccess.post('/:id', async (c) => {
  const { db, viewer, now } = await enter(c, admin)
  const wanted = wantedOf(await readForm(c, FORM))
  const member = c.req.param('id')
  const actor = actorOf(c, viewer)
  const changed =
    'mode' in wanted
      ? await setAgents(db, viewer, actor, member, wanted, now)
      : await setAgent(db, viewer, actor, member, wanted, now)
  if ('reason' in changed) {
    if (changed.reason === 'is_admin') return refuse(c, 409, ALWAYS_EVERYTHING)
    throw new HTTPException(404)
  }
  const fields = undoOf(wanted, changed.was)
  setFlash(c, { notice: 'agent_access_changed', member, undo: fields && { action: `${PATH}/${member}`, fields } })
  return c.redirect(backTo(c, PATH), 303)
})

type Wanted = AgentAccess | { agent: string; access: 'on' | 'off' }
type Form = { mode?: 'all' | 'list' | undefined; agent: string[]; access?: 'on' | 'off' | undefined }

/** Everything, or a whole list, or one agent. @throws HTTPException 400 for anything between */
function wantedOf({ mode, agent: agents, access }: Form): Wanted {
  const [agent] = agents
  if (mode && !access && (mode === 'list' || !agent)) return { mode, agents }
  if (!mode && access && agent !== undefined && agents.length === 1) return { agent, access }
  throw new HTTPException(400)
}

/** The form that brings back what was; none when it already was as wanted. */
function undoOf(wanted: Wanted, was: AgentAccess): [string, string][] | undefined {
  if ('mode' in wanted) return same(wanted, was) ? undefined : whole(was)
  const had = was.mode === 'all' || was.agents.includes(wanted.agent)
  if (had === (wanted.access === 'on')) return undefined
  return was.mode === 'all'
    ? whole(was)
    : [
        ['agent', wanted.agent],
        ['access', had ? 'on' : 'off'],
      ]
}

const whole = ({ mode, agents }: AgentAccess): [string, string][] =>
  mode === 'all' ? [['mode', mode]] : [['mode', mode], ...agents.map((agent): [string, string] => ['agent', agent])]

const same = (wanted: AgentAccess, was: AgentAccess) =>
  wanted.mode === was.mode &&
  new Set([...wanted.agents, ...was.agents]).size === was.agents.length &&
  new Set(wanted.agents).size === was.agents.length
