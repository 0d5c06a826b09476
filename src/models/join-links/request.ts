import { and, desc, eq, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { joinLinks, joinRequests } from '../../db/schema/join-links'
import { as, flag, json } from '../../db/select'
import { COUNTED } from '../../limits'
import type { SectionSettings } from '../access/access'
import { latestAbout } from '../activity/activity'
import type { Position } from '../core/paging'
import type { Place } from '../members/viewer'
import { canBeGiven } from '../presets/give'
import { agentsGiven, modeGiven, OF_LINKS, overridesGiven, presetName } from './access-given'

export const REQUEST_ROWS = 25

/** An account whose address was proven joins at once; anybody else is invited. */
export const PROVEN_ACCOUNT = sql`EXISTS (SELECT 1 FROM users u WHERE u.email_key = join_requests.email_key AND u.proved_at IS NOT NULL)`

const select = ({ db, now }: Pick<Place, 'db' | 'now'>) =>
  db
    .select({
      id: as(joinRequests.id, 'request_id'),
      email: joinRequests.email,
      name: joinRequests.name,
      createdAt: as(joinRequests.createdAt, 'asked_at'),
      linkId: as(joinLinks.id, 'link_id'),
      label: joinLinks.label,
      linkMadeAt: as(joinLinks.createdAt, 'link_made_at'),
      approval: joinLinks.approval,
      presetId: joinLinks.presetId,
      /** By its name, where it can still be given. */
      preset: presetName(OF_LINKS, canBeGiven(now)).as('preset_name'),
      agentMode: modeGiven(OF_LINKS).as('mode_given'),
      overrides: json<SectionSettings>(overridesGiven(OF_LINKS), 'overrides_given'),
      agentIds: json<string[]>(agentsGiven(OF_LINKS), 'agents_given'),
      hasAccount: flag(PROVEN_ACCOUNT, 'has_account'),
    })
    .from(joinRequests)
    .innerJoin(joinLinks, eq(joinLinks.id, joinRequests.linkId))

/** One page of those who wait, longest first, and a row more. A cursor is the time and the id of a request. */
export function requestsPage(at: Place, { cursor, before }: Position) {
  const [time = '', id = ''] = (before || cursor).split('.')
  const place = sql`(${joinRequests.createdAt}, ${joinRequests.id})`
  const beside = before ? sql`${place} < (${Number(time)}, ${id})` : cursor ? sql`${place} > (${Number(time)}, ${id})` : undefined
  const columns = [joinRequests.createdAt, joinRequests.id]
  return select(at)
    .where(and(eq(joinRequests.tenantId, at.tenantId), beside))
    .orderBy(...columns.map((column) => (before ? desc(column) : column)))
    .limit(REQUEST_ROWS + 1)
}

export type JoinRequest = Awaited<ReturnType<typeof requestsPage>>[number]

/** At most one row. */
export const requestOf = (at: Place, id: string) =>
  select(at).where(and(eq(joinRequests.tenantId, at.tenantId), eq(joinRequests.id, id)))

/** How many wait, as far as a page counts. */
export const requestCount = ({ db, tenantId }: Place) =>
  raw<{ count: number }>(
    db,
    sql`SELECT count(*) AS count FROM (SELECT 1 FROM join_requests q WHERE q.tenant_id = ${tenantId} LIMIT ${COUNTED + 1})`,
  )

/** At most one row: the entry that tells what became of somebody who waited. */
export const answerTo = (at: Pick<Place, 'db' | 'tenantId'>, id: string) =>
  latestAbout(at, id, ['request_approved', 'request_declined'])
