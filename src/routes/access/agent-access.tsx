import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { AgentAccessPage } from '../../../views/access/agent-access'
import { agentsLeftInWords } from '../../../views/access/changed-words'
import { turnInWords } from '../../../views/activity/stale-words'
import { deletedAgentInWords } from '../../../views/agents/agent-words'
import { ALWAYS_EVERYTHING } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { flashOf, redirectWith } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { backTo, queryBefore } from '../../http/page-before'
import { partsOf, searchText } from '../../http/query'
import { setAgent, setAgents, type WantedAgent, type WantedAgents } from '../../models/access/agent-access'
import { agentAccessPage, agentColumns, toAgentAccess, toAgentColumns } from '../../models/access/agent-access-page'
import { deletedAgentOf } from '../../models/agents/deleted-agent'
import type { MemberAct } from '../../models/core/act'
import { lastTurnOf } from '../../models/members/standing'
import { pathsIn } from '../../paths'

export const agentAccess = new Hono<AppEnv>()

const QUERY = { q: searchText, cursor: searchText, agent_q: searchText, agents_after: searchText }

agentAccess.get('/', (c) => show(c, c.req.query()))

/** A mode that carries the one that the page showed takes the list as it is; without, it is the list that is named. */
const FORM = {
  mode: v.optional(v.picklist(['all', 'list'])),
  shown: v.optional(v.picklist(['all', 'list'])),
  agent: repeated(v.string()),
  access: v.optional(v.picklist(['on', 'off'])),
}

agentAccess.post('/:id', async (c) => {
  const { act, to } = await enter(c, admin)
  const member = c.req.param('id')
  const wanted = wantedOf(member, await readForm(c, FORM))
  const changed = await ('mode' in wanted ? setAgents(act, wanted) : setAgent(act, wanted))
  if ('reason' in changed) return refused(c, act, { member, reason: changed.reason })
  const [left] = changed.left
  if (left && !changed.undo) return showStale(c, act, await leftInWords(act, changed.left))
  const said = { who: changed.name, member, undo: changed.undo }
  return redirectWith(c, backTo(c, to.agentAccess), {
    notice: left ? 'agent_access_changed_in_part' : 'agent_access_changed',
    ...said,
  })
})

type Mode = 'all' | 'list' | undefined
type Form = { mode?: Mode; shown?: Mode; agent: string[]; access?: 'on' | 'off' | undefined }

/** Everything, or a list, or one agent. @throws HTTPException 400 for anything between */
function wantedOf(member: string, { mode, shown, agent: agents, access }: Form): WantedAgents | WantedAgent {
  const [agent] = agents
  if (mode && !access && !agent && shown) return { member, mode, agents: 'as_kept' }
  if (mode && !access && !shown && (mode === 'list' || !agent)) return { member, mode, agents }
  if (!mode && !shown && access && agent !== undefined && agents.length === 1) return { member, agent, access }
  throw new HTTPException(400)
}

async function show(c: Context<AppEnv>, query: Record<string, string>, stale?: { text: string }) {
  const { agent_q: agentQ, agents_after: agentsAfter, ...people } = partsOf(query, QUERY)
  const search = { ...people, agentQ, agentsAfter }
  const { rows, columns, to, now } = await enter(c, admin, (at) => ({
    rows: agentAccessPage(at, search),
    columns: agentColumns(at, search),
  }))
  const page = { ...toAgentAccess(rows, now), ...toAgentColumns(columns), search, to, stale }
  return c.render(<AgentAccessPage {...page} changed={flashOf(c)?.member} />, { title: 'Agent Access' })
}

/** 409, and the page as it is now. */
function showStale(c: Context<AppEnv>, { tenantId }: MemberAct, happened: string) {
  c.status(409)
  return show(c, queryBefore(c, pathsIn(tenantId).agentAccess), { text: `${happened} Nothing was changed.` })
}

type Refused = { member: string; reason: 'no_member' | 'unknown_agent' | 'is_admin' }

/** @throws HTTPException 404 for an id that nobody here ever had, and for an agent that never was here */
async function refused(c: Context<AppEnv>, act: MemberAct, { member, reason }: Refused) {
  if (reason === 'is_admin') return showStale(c, act, `${ALWAYS_EVERYTHING.title}.`)
  const [turn] = reason === 'no_member' ? await lastTurnOf(act, member) : []
  if (!turn) throw new HTTPException(404)
  return showStale(c, act, turnInWords({ member: undefined, turn }, act))
}

async function leftInWords(act: MemberAct, left: string[]) {
  const [only] = left
  const [deleted] = only && left.length === 1 ? await deletedAgentOf(act, only) : []
  return deleted ? deletedAgentInWords(deleted, act.now) : agentsLeftInWords(left.length)
}
