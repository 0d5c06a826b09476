import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { AgentAccessPage } from '../../../views/access/agent-access'
import { type AgentDraft, AgentEditPage } from '../../../views/access/agent-edit'
import {
  accessInWords,
  agentsChangedInWords,
  agentsLeftInWords,
  columnInWords,
  leftInWords,
} from '../../../views/access/changed-words'
import { turnInWords } from '../../../views/activity/stale-words'
import { deletedAgentInWords } from '../../../views/agents/agent-words'
import { shownName } from '../../../views/components/shown-address'
import { ALWAYS_EVERYTHING } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { flashOf, redirectWith } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { backTo, queryBefore } from '../../http/page-before'
import { POSITION, partsOf, searchText } from '../../http/query'
import {
  type AgentsChanged,
  editAgents,
  setAgent,
  setAgentColumn,
  setAgents,
  type WantedAgent,
  type WantedAgents,
} from '../../models/access/agent-access'
import { agentAccessPage, agentColumns, agentTotal, toAgentAccess, toAgentColumns } from '../../models/access/agent-access-page'
import { agentChoices, personWithAgents, startOf, toEditedPerson } from '../../models/access/agent-edit-page'
import { latestAbout } from '../../models/activity/activity'
import { deletedAgentOf } from '../../models/agents/deleted-agent'
import type { MemberAct } from '../../models/core/act'
import { countsOf, storedCounts, totalOf } from '../../models/members/counts'
import { lastTurnOf } from '../../models/members/standing'
import { pathsIn } from '../../paths'

export const agentAccess = new Hono<AppEnv>()

const MODE = v.picklist(['all', 'list'])
const ACCESS = v.picklist(['on', 'off'])
const QUERY = { q: searchText, ...POSITION, agent_q: searchText, agents_after: searchText }

agentAccess.get('/', (c) => show(c, c.req.query()))

/** A mode that carries the one that the page showed takes the list as it is; without, it is the list that is named. */
const FORM = {
  mode: v.optional(MODE),
  shown: v.optional(MODE),
  agent: repeated(v.string()),
  access: v.optional(ACCESS),
}

/** `had` are the agents of the list that the page showed; somebody with all of them had none. */
const EDIT = { mode: MODE, shown: MODE, agent: repeated(v.string()), had: repeated(v.string()) }

/** Of the people on a page. */
agentAccess.post('/columns', async (c) => {
  const { act, to } = await enter(c, admin)
  const form = await readForm(c, { agent: v.string(), member: repeated(v.string()), access: ACCESS })
  if (form.member.length === 0) throw new HTTPException(400)
  const changed = await setAgentColumn(act, { members: form.member, agent: form.agent, access: form.access })
  if ('reason' in changed && changed.reason === 'not_found') throw new HTTPException(404)
  if ('reason' in changed) return showStale(c, act, await deletedInWords(act, [form.agent]))
  if (changed.changed.length === 0) return showStale(c, act, leftInWords(changed.left))
  const who = columnInWords({ name: changed.name, access: [form.access] }, changed)
  return redirectWith(c, backTo(c, to.agentAccess), { notice: 'column_changed', who, undo: changed.undo })
})

agentAccess.get('/:id/edit', async (c) => {
  const { to, now, choices, rows } = await enterEdit(c)
  const [row] = rows
  if (!row) throw new HTTPException(404)
  const person = toEditedPerson(row, now)
  return showEdit(c, { to, person, choices, draft: startOf(person, choices) })
})

agentAccess.post('/:id/edit', async (c) => {
  const { act, to } = await enter(c, admin)
  const { mode, agent: agents, shown, had } = await readForm(c, EDIT)
  const member = c.req.param('id')
  const changed = await editAgents(act, { member, mode, agents, shown: { mode: shown, agents: had } })
  if (!('reason' in changed))
    return redirectWith(c, backTo(c, to.editAgentAccess(member), to.member(member)), saidOf(changed, { member }))
  if (changed.reason === 'no_member' || changed.reason === 'unknown_agent')
    return refused(c, act, { member, reason: changed.reason })
  return showEdited(c, act, { member, draft: { mode, agents } })
})

agentAccess.post('/:id', async (c) => {
  const { act, to } = await enter(c, admin)
  const member = c.req.param('id')
  const wanted = wantedOf(member, await readForm(c, FORM))
  const changed = await ('mode' in wanted ? setAgents(act, wanted) : setAgent(act, wanted))
  if ('reason' in changed) return refused(c, act, { member, reason: changed.reason })
  if (changed.left.length > 0 && !changed.undo) return showStale(c, act, await deletedInWords(act, changed.left))
  return redirectWith(c, backTo(c, to.agentAccess), saidOf(changed, wanted))
})

type Changed = Exclude<AgentsChanged, { reason: string }>

function saidOf({ name, agents, left, undo }: Changed, { member, access }: { member: string; access?: 'on' | 'off' }) {
  const about = { member, undo }
  if (left.length > 0) return { notice: 'agent_access_changed_in_part' as const, who: name, ...about }
  if (access) return { notice: 'agent_turned' as const, who: accessInWords(agents, access, name), ...about }
  return { notice: 'agent_access_changed' as const, who: name, ...about }
}

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
  const { rows, columns, count, stored, to, now } = await enter(c, admin, (at) => ({
    rows: agentAccessPage(at, search),
    stored: storedCounts(at),
    columns: agentColumns(at, search),
    count: agentTotal(at),
  }))
  const total = count[0]?.agentTotal ?? 0
  const peopleTotal = totalOf(countsOf(stored), search)
  const page = { ...toAgentAccess(rows, now, search), ...toAgentColumns(columns), total, peopleTotal, search, to, stale }
  return c.render(<AgentAccessPage {...page} changed={flashOf(c)?.member} />, { title: 'Agent Access' })
}

/** 409, and the page as it is now. */
function showStale(c: Context<AppEnv>, { tenantId }: MemberAct, happened: string) {
  c.status(409)
  return show(c, queryBefore(c, pathsIn(tenantId).agentAccess), { text: `${happened} Nothing was changed.` })
}

const enterEdit = (c: Context<AppEnv, '/:id/*'>) =>
  enter(c, admin, (at) => ({ rows: personWithAgents(at, c.req.param('id') ?? ''), choices: agentChoices(at) }))

const showEdit = (c: Context<AppEnv>, page: Parameters<typeof AgentEditPage>[0]) =>
  c.render(<AgentEditPage {...page} />, { title: `Agents of ${shownName(page.person)}` })

/** Somebody else gave all agents, or a list, or the role: 409, the person as they are now, and what was ticked. */
async function showEdited(c: Context<AppEnv, '/:id/*'>, act: MemberAct, { member, draft }: { member: string; draft: AgentDraft }) {
  const [{ to, now, choices, rows }, [last]] = await Promise.all([
    enterEdit(c),
    latestAbout(act, member, ['agent_access_changed', 'role_changed']),
  ])
  const [row] = rows
  if (!row) return refused(c, act, { member, reason: 'no_member' })
  const person = toEditedPerson(row, now)
  c.status(409)
  return showEdit(c, { to, person, choices, draft, stale: { text: agentsChangedInWords(shownName(person), last, now) } })
}

type Refused = { member: string; reason: 'no_member' | 'unknown_agent' | 'is_admin' | 'stale' }

/** @throws HTTPException 404 for an id that nobody here ever had, and for an agent that never was here */
async function refused(c: Context<AppEnv>, act: MemberAct, { member, reason }: Refused) {
  if (reason === 'is_admin') return showStale(c, act, `${ALWAYS_EVERYTHING.title}.`)
  const [turn] = reason === 'no_member' ? await lastTurnOf(act, member) : []
  if (!turn) throw new HTTPException(404)
  return showStale(c, act, turnInWords({ member: undefined, turn }, act))
}

async function deletedInWords(act: MemberAct, left: string[]) {
  const [only] = left
  const [deleted] = only && left.length === 1 ? await deletedAgentOf(act, only) : []
  return deleted ? deletedAgentInWords(deleted, act.now) : agentsLeftInWords(left.length)
}
