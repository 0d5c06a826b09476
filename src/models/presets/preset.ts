import { and, eq, type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { explain, explained, type ReasonOf, type Rule, refuses } from '../../db/rules'
import { presets } from '../../db/schema/access'
import { members } from '../../db/schema/members'
import { json } from '../../db/select'
import { PRESETS } from '../../limits'
import { CONFIGURABLE } from '../access/section'
import { asJson, recordWorkspace } from '../activity/activity'
import { latestOf } from '../activity/latest'
import type { MemberAct } from '../core/act'
import { difference } from '../core/difference'
import { nameKey } from '../core/search-key'
import { agentRules, agentsOf } from '../invitations/invite-rules'
import type { Place } from '../members/viewer'
import { type PresetFacts, toPresetDraft } from './preset-draft'

type At = Pick<Place, 'db' | 'tenantId'>

/** At most one row. */
export const presetOf = ({ db, tenantId }: At, id: string) =>
  db
    .select({
      id: presets.id,
      name: presets.name,
      mode: presets.agentMode,
      endsAt: presets.endsAt,
      version: presets.version,
      sections: json<string[]>(
        sql`(SELECT json_group_array(s.section) FROM preset_sections s WHERE s.tenant_id = ${tenantId} AND s.preset_id = ${id} AND s.access = 'on')`,
        'sections',
      ),
      agents: json<string[]>(
        sql`(SELECT json_group_array(l.agent_id) FROM preset_agents l WHERE l.tenant_id = ${tenantId} AND l.preset_id = ${id})`,
        'agents',
      ),
    })
    .from(presets)
    .where(and(eq(presets.tenantId, tenantId), eq(presets.id, id)))

/** As it was read, which is what a change of it rests on. */
export type Preset = Awaited<ReturnType<typeof presetOf>>[number]

export type SaveReason = ReasonOf<ReturnType<typeof rulesOf>>

/** Nobody has it yet. @returns its id, or why it was not made */
export async function createPreset(act: MemberAct, facts: PresetFacts): Promise<{ id: string } | { reason: SaveReason }> {
  const id = crypto.randomUUID()
  const rules = rulesOf(act, facts, id)
  const [[told], made] = await act.db.batch([
    explain(act.db, rules),
    raw<{ id: string }>(
      act.db,
      sql`
      INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, ends_at, created_at)
      SELECT ${id}, ${act.tenantId}, ${facts.name}, ${presetKey(facts.name)}, ${facts.mode}, ${facts.endsAt}, ${act.now}
      WHERE NOT ${refuses(rules)} RETURNING id`,
    ),
    ...writeAccess(act, facts, sql`p.id = ${id}`),
    recordWorkspace(
      act,
      'preset_created',
      { after: asEntry({ ...comparable(facts), name: undefined }, facts) },
      sql`EXISTS (SELECT 1 FROM presets p WHERE p.id = ${id})`,
    ),
  ])
  return made[0] ?? { reason: explained(rules, told).reason }
}

/**
 * Changes nobody who has it. @returns why it was not saved; `stale`, and nothing is done, when somebody changed or deleted it since it was read
 */
export async function changePreset(
  act: MemberAct,
  current: Preset,
  facts: PresetFacts,
): Promise<{ reason: SaveReason | 'stale' } | undefined> {
  const { before, after } = difference(comparable(current), comparable(facts))
  if (Object.keys(after).length === 0) return undefined
  const rules = rulesOf(act, facts, current.id)
  const still = sql`p.tenant_id = ${act.tenantId} AND p.id = ${current.id} AND p.version = ${current.version} AND NOT ${refuses(rules)}`
  const results = await act.db.batch([
    explain(act.db, rules),
    recordWorkspace(
      act,
      'preset_changed',
      { before: asEntry(before, current), after: asEntry(after, facts) },
      sql`EXISTS (SELECT 1 FROM presets p WHERE ${still})`,
    ),
    ...writeAccess(act, facts, still),
    raw<{ id: string }>(
      act.db,
      sql`
      UPDATE presets AS p SET name = ${facts.name}, name_key = ${presetKey(facts.name)}, agent_mode = ${facts.mode}, ends_at = ${facts.endsAt},
        version = p.version + 1 WHERE ${still} RETURNING id`,
    ),
  ])
  const [[told]] = results
  if (results.at(-1)?.length === 1) return undefined
  return told?.refusal ? { reason: explained(rules, told).reason } : { reason: 'stale' }
}

/** People keep what they have; that it came from this preset is forgotten. @returns false when it is gone already */
export async function deletePreset(act: MemberAct, id: string): Promise<boolean> {
  const ours = and(eq(presets.tenantId, act.tenantId), eq(presets.id, id))
  const [, , deleted] = await act.db.batch([
    recordWorkspace(
      act,
      'preset_deleted',
      { before: sql`(SELECT json_object('preset', ${presets.name}, 'id', ${presets.id}) FROM ${presets} WHERE ${ours})` },
      sql`EXISTS (SELECT 1 FROM ${presets} WHERE ${ours})`,
    ),
    act.db
      .update(members)
      .set({ presetId: null, presetGivenAt: null })
      .where(and(eq(members.presetId, id), eq(members.tenantId, act.tenantId))),
    act.db.delete(presets).where(ours).returning({ id: presets.id }),
  ])
  return deleted.length === 1
}

/** At most one row: how a preset was deleted from this workspace. */
export const deletedPresetOf = (at: At, id: string) => latestOf(at, 'preset_deleted', sql`before ->> 'id' = ${id}`)

/** At most one row: who last changed the preset that is called so now. */
export const lastChangeOfPreset = (at: At, name: string) => latestOf(at, 'preset_changed', sql`after ->> 'preset' = ${name}`)

/** What a name is unique and sorted by. */
const presetKey = (name: string) => nameKey(name).trim() || name

const rulesOf = ({ tenantId }: MemberAct, facts: PresetFacts, id: string) =>
  [
    [
      'name_taken',
      sql`EXISTS (SELECT 1 FROM presets o WHERE o.tenant_id = ${tenantId} AND o.name_key = ${presetKey(facts.name)} AND o.id <> ${id})`,
    ],
    ...agentRules(chosen(tenantId, facts)),
    ['too_many', sql`(SELECT count(*) FROM presets o WHERE o.tenant_id = ${tenantId} AND o.id <> ${id}) >= ${PRESETS}`],
  ] as const satisfies readonly Rule[]

const chosen = (tenantId: string, { agents }: PresetFacts) => ({ tenantId, agents: JSON.stringify(agents) })

/** All sections and the agents of the preset `p` for which the condition holds. */
const writeAccess = ({ db, tenantId }: MemberAct, facts: PresetFacts, still: SQL) => {
  const sections = Object.fromEntries(CONFIGURABLE.map(({ slug }) => [slug, facts.sections.includes(slug) ? 'on' : 'off']))
  const agents = sql`SELECT a.id FROM ${agentsOf(chosen(tenantId, facts))}`
  return [
    raw(
      db,
      sql`
      INSERT INTO preset_sections (tenant_id, preset_id, section, access)
      SELECT p.tenant_id, p.id, s.key, s.value FROM presets p, json_each(${JSON.stringify(sections)}) s WHERE ${still}
      ON CONFLICT (tenant_id, preset_id, section) DO UPDATE SET access = excluded.access WHERE access <> excluded.access`,
    ),
    raw(
      db,
      sql`
      DELETE FROM preset_agents WHERE (tenant_id, preset_id) IN (SELECT p.tenant_id, p.id FROM presets p WHERE ${still}) AND agent_id NOT IN (${agents})`,
    ),
    raw(
      db,
      sql`
      INSERT INTO preset_agents (tenant_id, preset_id, agent_id)
      SELECT p.tenant_id, p.id, g.id FROM presets p, (${agents}) g WHERE ${still} ON CONFLICT DO NOTHING`,
    ),
  ] as const
}

type Side = Record<string, unknown>

/** As the activity log tells it: of a list its size. */
const asEntry = ({ list, ...side }: Side, facts: PresetFacts) =>
  asJson({ preset: facts.name, ...side, ...(list !== undefined && facts.mode === 'list' ? { selected: facts.agents.length } : {}) })

/** The agents have a name of their own, since a section is called like them. */
const comparable = (facts: PresetFacts): Side => {
  const { agent, until, section, ...draft } = toPresetDraft(facts)
  const sections = Object.fromEntries(CONFIGURABLE.map(({ slug }) => [slug, section.includes(slug) ? 'on' : 'off']))
  return { ...draft, until: until || null, ...sections, list: [...agent].toSorted().join(' ') }
}
