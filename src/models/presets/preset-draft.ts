import type { AgentMode } from '../access/access'
import { CONFIGURABLE } from '../access/section'
import { nameOf } from '../core/name'
import { endOfDay, lastDayOf } from '../members/end-date'

/** What an admin decides about a preset. `sections` are those that are on, `agents` those of its list, `endsAt` (ms) when whoever has it ends. */
export type PresetFacts = { name: string; sections: string[]; mode: AgentMode; agents: string[]; endsAt: number | null }

/** The same as it is typed; the last day is `YYYY-MM-DD`, or empty. */
export type PresetDraft = { name: string; section: string[]; mode: AgentMode; agent: string[]; until: string }

export type PresetProblem = 'missing' | 'no_day' | 'day_over'

/** The facts, or what is wrong with them. An empty list of agents is none of them. */
export function checkPreset(draft: PresetDraft, now: number): { facts: PresetFacts } | { reason: PresetProblem } {
  const name = nameOf(draft.name)
  const endsAt = draft.until === '' ? null : endOfDay(draft.until)
  if (!name) return { reason: 'missing' }
  if (endsAt === undefined) return { reason: 'no_day' }
  if (endsAt !== null && endsAt <= now) return { reason: 'day_over' }
  const sections = CONFIGURABLE.map(({ slug }) => slug).filter((slug) => draft.section.includes(slug))
  const agents = draft.mode === 'list' ? [...new Set(draft.agent)].toSorted() : []
  return { facts: { name, sections, mode: draft.mode, agents, endsAt } }
}

export const toPresetDraft = ({ name, sections, mode, agents, endsAt }: PresetFacts): PresetDraft => ({
  name,
  section: sections,
  mode,
  agent: agents,
  until: endsAt === null ? '' : lastDayOf(endsAt),
})

/** As fields of their own, so that two admins who change different ones do not undo each other. */
export const presetFields = ({ name, section, mode, agent, until }: PresetDraft): Record<string, string> => ({
  name,
  mode,
  until,
  agents: [...agent].toSorted().join(' '),
  ...Object.fromEntries(CONFIGURABLE.map(({ slug }) => [nameOfField(slug), section.includes(slug) ? 'on' : 'off'])),
})

/** The draft that these fields are of. */
export const draftOfFields = (fields: Partial<Record<string, string>>): PresetDraft => ({
  name: fields.name ?? '',
  section: CONFIGURABLE.map(({ slug }) => slug).filter((slug) => fields[nameOfField(slug)] === 'on'),
  mode: fields.mode === 'list' ? 'list' : 'all',
  agent: fields.agents ? fields.agents.split(' ') : [],
  until: fields.until ?? '',
})

const nameOfField = (slug: string) => `section_${slug}`
