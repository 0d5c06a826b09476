import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { differing } from '../../db/difference'
import { raw } from '../../db/raw'
import { type Actor, recordWorkspace } from '../activity/activity'
import type { Viewer } from '../members/viewer'
import type { AgentFacts } from './agent-draft'

/** Everybody with all agents sees it from now on; it enters no list by itself. @returns its id */
export async function registerAgent(db: Db, by: Viewer, actor: Actor, facts: AgentFacts, now: number): Promise<string> {
  const id = crypto.randomUUID()
  const columns = { id, tenant_id: by.tenantId, ...columnsOf(facts), created_at: now }
  await db.batch([
    raw(db, sql`INSERT INTO agents (${namesOf(columns)}) VALUES (${listOf(Object.values(columns).map((value) => sql`${value}`))})`),
    recordWorkspace(db, 'agent_registered', actor, by.tenantId, now, { after: sql`json_object('agent', ${facts.name})` }),
  ])
  return id
}

/** Changes what is named and leaves the rest as it is by then. @returns false when the agent is gone */
export async function changeAgent(
  db: Db,
  by: Viewer,
  actor: Actor,
  id: string,
  facts: Partial<AgentFacts>,
  now: number,
): Promise<boolean> {
  const target = sql`agents AS a WHERE a.id = ${id} AND a.tenant_id = ${by.tenantId}`
  const before = sql`(SELECT ${WORDS} FROM ${target})`
  const after = sql`${JSON.stringify(wordsOf(facts))}`
  const name = sql`(SELECT a.name FROM ${target})`
  const change = {
    before: sql`json_set(${differing(before, after, after)}, '$.agent', ${name})`,
    after: sql`json_set(${differing(after, before)}, '$.agent', coalesce(${facts.name ?? null}, ${name}))`,
  }
  const something = sql`EXISTS (SELECT 1 FROM ${target}) AND ${differing(after, before)} <> '{}'`
  const [, changed] = await db.batch([
    recordWorkspace(db, 'agent_changed', actor, by.tenantId, now, change, something),
    raw<{ id: string }>(
      db,
      sql`
      UPDATE agents SET ${listOf(Object.entries(columnsOf(facts)).map(([column, value]) => sql`${sql.identifier(column)} = ${value}`))}
      WHERE id = ${id} AND tenant_id = ${by.tenantId} RETURNING id`,
    ),
  ])
  return changed.length === 1
}

/** Nobody sees it any more, and every list forgets it. @returns false when it is gone already */
export async function deleteAgent(db: Db, by: Viewer, actor: Actor, id: string, now: number): Promise<boolean> {
  const target = sql`agents WHERE id = ${id} AND tenant_id = ${by.tenantId}`
  const [, deleted] = await db.batch([
    recordWorkspace(
      db,
      'agent_deleted',
      actor,
      by.tenantId,
      now,
      { before: sql`(SELECT json_object('agent', name) FROM ${target})` },
      sql`EXISTS (SELECT 1 FROM ${target})`,
    ),
    raw<{ id: string }>(db, sql`DELETE FROM ${target} RETURNING id`),
  ])
  return deleted.length === 1
}

/** An agent `a` as the activity log tells it, and the same of facts: `live` and tags in words. */
const WORDS = sql`json_object('agent', a.name, 'description', a.description, 'framework', a.framework, 'deployment', a.deployment,
  'url', a.url, 'tags', (SELECT coalesce(group_concat(value, ', '), '') FROM json_each(a.tags)),
  'live', CASE a.live WHEN 1 THEN 'on' ELSE 'off' END)`

const wordsOf = ({ name, tags, live, ...texts }: Partial<AgentFacts>) => ({
  ...texts,
  ...(name === undefined ? {} : { agent: name }),
  ...(tags && { tags: tags.join(', ') }),
  ...(live === undefined ? {} : { live: live ? 'on' : 'off' }),
})

const columnsOf = ({ tags, live, ...texts }: Partial<AgentFacts>) => ({
  ...texts,
  ...(tags && { tags: JSON.stringify(tags) }),
  ...(live === undefined ? {} : { live: live ? 1 : 0 }),
})

const namesOf = (columns: object) => listOf(Object.keys(columns).map((name) => sql.identifier(name)))
const listOf = (parts: (SQL | ReturnType<typeof sql.identifier>)[]) => sql.join(parts, sql`, `)
