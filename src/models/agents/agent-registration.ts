import { and, eq, sql } from 'drizzle-orm'
import { agents } from '../../db/schema/access'
import { asJson, recordWorkspace } from '../activity/activity'
import { latestOf } from '../activity/latest'
import type { MemberAct } from '../core/act'
import { difference } from '../core/difference'
import { agentKey, SEARCH_FORM } from '../core/search-key'
import type { AgentFacts } from './agent-draft'

/** Everybody with all agents sees it from now on; it enters no list by itself. @returns its id */
export async function registerAgent(act: MemberAct, facts: AgentFacts): Promise<string> {
  const id = crypto.randomUUID()
  await act.db.batch([
    act.db.insert(agents).values({ id, tenantId: act.tenantId, ...facts, ...keyOf(facts.name), createdAt: act.now }),
    recordWorkspace(act, 'agent_registered', { after: sql`json_object('agent', ${facts.name})` }),
  ])
  return id
}

/** An agent as it was read, which is what a change of it rests on. */
type ReadAgent = AgentFacts & { id: string; version: number }

/** Changes what is named. @returns false, and nothing is done, when somebody changed or deleted the agent since it was read */
export async function changeAgent(act: MemberAct, agent: ReadAgent, facts: Partial<AgentFacts>): Promise<boolean> {
  const { before, after } = difference(wordsOf(agent), wordsOf(facts))
  if (Object.keys(after).length === 0) return true
  const still = and(ours(act, agent.id), eq(agents.version, agent.version))
  const [, changed] = await act.db.batch([
    recordWorkspace(
      act,
      'agent_changed',
      { before: asJson({ ...before, agent: agent.name }), after: asJson({ ...after, agent: facts.name ?? agent.name }) },
      sql`EXISTS (SELECT 1 FROM ${agents} WHERE ${still})`,
    ),
    act.db
      .update(agents)
      .set({ ...facts, ...keyOf(facts.name), version: agent.version + 1 })
      .where(still)
      .returning({ id: agents.id }),
  ])
  return changed.length === 1
}

const keyOf = (name: string | undefined) => (name === undefined ? {} : { searchKey: agentKey(name), searchForm: SEARCH_FORM })

/** At most one row: who last changed the agent that is called so now. */
export const lastChangeOf = (act: MemberAct, name: string) => latestOf(act, 'agent_changed', sql`after ->> 'agent' = ${name}`)

const ours = ({ tenantId }: MemberAct, id: string) => and(eq(agents.id, id), eq(agents.tenantId, tenantId))

/** Nobody sees it any more, and every list forgets it. The log keeps its id, so that it can be told from one that never was. @returns false when it is gone already */
export async function deleteAgent(act: MemberAct, id: string): Promise<boolean> {
  const [, deleted] = await act.db.batch([
    recordWorkspace(
      act,
      'agent_deleted',
      { before: sql`(SELECT json_object('agent', ${agents.name}, 'id', ${agents.id}) FROM ${agents} WHERE ${ours(act, id)})` },
      sql`EXISTS (SELECT 1 FROM ${agents} WHERE ${ours(act, id)})`,
    ),
    act.db.delete(agents).where(ours(act, id)).returning({ id: agents.id }),
  ])
  return deleted.length === 1
}

/** As the activity log tells it, without what is not named: `live` and tags in words. */
const wordsOf = ({ name, tags, live, description, framework, deployment, url }: Partial<AgentFacts>) =>
  named({
    agent: name,
    description,
    framework,
    deployment,
    url,
    tags: tags?.join(', '),
    live: live === undefined ? undefined : live ? 'on' : 'off',
  })

const named = (facts: Record<string, string | null | undefined>) =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
