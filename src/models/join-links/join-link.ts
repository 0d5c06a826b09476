import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { joinLinks } from '../../db/schema/join-links'
import { tenants } from '../../db/schema/workspace'
import { as, json } from '../../db/select'
import type { AgentMode, SectionSettings } from '../access/access'
import type { Position } from '../core/paging'
import { linkName } from '../core/random'
import type { Place } from '../members/viewer'
import { agentsGiven, modeGiven, OF_LINKS, overridesGiven, presetName } from './access-given'

/** What everyone gets who joins by a link: the sections that differ from the defaults, and their agents; or a preset, which says both. */
export type AccessGiven = { overrides: SectionSettings; agentMode: AgentMode; agentIds: string[]; presetId?: string | null }

/** `full`: as many have joined or wait as may. */
export type JoinLinkState = 'open' | 'full' | 'expired' | 'off'

const LINK = {
  id: joinLinks.id,
  secretHash: joinLinks.secretHash,
  label: joinLinks.label,
  makerName: joinLinks.makerName,
  presetId: joinLinks.presetId,
  preset: presetName(OF_LINKS).as('preset_name'),
  overrides: sql<string>`${overridesGiven(OF_LINKS)}`.as('overrides_given'),
  agentMode: modeGiven(OF_LINKS).as('mode_given'),
  agents: sql<string>`${agentsGiven(OF_LINKS)}`.as('agents_given'),
  domains: joinLinks.domains,
  approval: joinLinks.approval,
  mostUses: joinLinks.mostUses,
  uses: joinLinks.uses,
  createdAt: joinLinks.createdAt,
  expiresAt: joinLinks.expiresAt,
  turnedOffAt: joinLinks.turnedOffAt,
}

export const LINK_ROWS = 25

/** One page of the links of a workspace, the newest first, and a row more. A cursor is the time and the id of a link. */
export function joinLinksPage({ db, tenantId }: Place, { cursor, before }: Position) {
  const [at = '', id = ''] = (before || cursor).split('.')
  const place = sql`(${joinLinks.createdAt}, ${joinLinks.id})`
  const beside = before ? sql`${place} > (${Number(at)}, ${id})` : cursor ? sql`${place} < (${Number(at)}, ${id})` : undefined
  const order = (column: SQL) => (before ? column : desc(column))
  return db
    .select(LINK)
    .from(joinLinks)
    .where(and(eq(joinLinks.tenantId, tenantId), beside))
    .orderBy(order(sql`${joinLinks.createdAt}`), order(sql`${joinLinks.id}`))
    .limit(LINK_ROWS + 1)
}

export const cursorOf = ({ createdAt, id }: { createdAt: number; id: string }) => `${createdAt}.${id}`

/** At most one row. */
export const joinLinkOf = ({ db, tenantId }: Place, id: string) =>
  db
    .select(LINK)
    .from(joinLinks)
    .where(and(eq(joinLinks.tenantId, tenantId), eq(joinLinks.id, id)))

/** At most one row: the link that somebody holds, whatever has become of it; none while its workspace is suspended. */
export const joinLinkBehind = (db: Db, secretHash: string) =>
  db
    .select({
      ...LINK,
      id: as(joinLinks.id, 'link_id'),
      tenantName: as(tenants.name, 'workspace_name'),
      allowed: json<string[]>(allowedIn, 'allowed'),
    })
    .from(joinLinks)
    .innerJoin(tenants, and(eq(tenants.id, joinLinks.tenantId), isNull(tenants.suspendedAt)))
    .where(eq(joinLinks.secretHash, secretHash))

/** The domains that the workspace of a link allows. */
const allowedIn = sql`(SELECT json_group_array(d.domain) FROM allowed_domains d WHERE d.tenant_id = ${joinLinks.tenantId})`

type Row = Omit<Awaited<ReturnType<typeof joinLinkOf>>[number], 'createdAt'> & { createdAt: number }

export type JoinLink = ReturnType<typeof toJoinLink<Row>>

export const toJoinLink = <R extends Row>({ overrides, agents, domains, ...row }: R, now: number) => ({
  ...row,
  /** How its page is called in the path. */
  name: linkName(row.secretHash),
  overrides: JSON.parse(overrides) as SectionSettings,
  agentIds: JSON.parse(agents) as string[],
  domains: JSON.parse(domains) as string[],
  state: stateOf(row, now),
})

/** Computed from the clock whenever it is read. */
function stateOf(
  { turnedOffAt, expiresAt, uses, mostUses }: Omit<Row, 'overrides' | 'agents' | 'domains'>,
  now: number,
): JoinLinkState {
  if (turnedOffAt !== null) return 'off'
  if (expiresAt <= now) return 'expired'
  return uses >= mostUses ? 'full' : 'open'
}
