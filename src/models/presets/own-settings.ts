import { and, eq } from 'drizzle-orm'
import { presets } from '../../db/schema/access'
import { members } from '../../db/schema/members'
import { json, maybe } from '../../db/select'
import { agentsStampOf, type Origin, originOf, type Stamp, sectionStampsOf } from '../access/origin'
import type { Place } from '../members/viewer'
import { differencesOf, OF_MEMBERS } from './differs'

/** At most one row: the preset of a member, and where their own settings come from. */
export const ownSettings = ({ db, tenantId }: Place, id: string) =>
  db
    .select({
      presetId: maybe(presets.id, 'preset_id'),
      presetName: maybe(presets.name, 'preset_name'),
      givenAt: members.presetGivenAt,
      differences: json<string[]>(differencesOf(OF_MEMBERS), 'differences'),
      sections: json<Record<string, Stamp>>(sectionStampsOf(members), 'sections'),
      agents: json<Stamp>(agentsStampOf(members.agentsAt, members.agentsById), 'agents'),
    })
    .from(members)
    .leftJoin(presets, and(eq(presets.tenantId, members.tenantId), eq(presets.id, members.presetId)))
    .where(and(eq(members.tenantId, tenantId), eq(members.id, id)))

type Row = Awaited<ReturnType<typeof ownSettings>>[number]

/** Which preset somebody has, since when (ms), and in what they differ from it. */
export type HeldPreset = { id: string; name: string; since: number | null; differences: string[] }
/** `sections` has those that are set for this person; the agents have no origin while they are as the workspace gave them. */
export type OwnSettings = { preset: HeldPreset | undefined; sections: Partial<Record<string, Origin>>; agents: Origin | undefined }

export function toOwnSettings([row]: Row[]): OwnSettings {
  if (!row) return { preset: undefined, sections: {}, agents: undefined }
  const { presetId: id, presetName: name, givenAt: since, differences } = row
  const sections = Object.entries(row.sections).map(([section, stamp]) => [section, originOf(stamp, since)])
  return {
    preset: id && name ? { id, name, since, differences } : undefined,
    sections: Object.fromEntries(sections),
    agents: row.agents[0] === null ? undefined : originOf(row.agents, since),
  }
}
