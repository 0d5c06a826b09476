import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { COUNTED } from '../../limits'
import type { Position } from '../core/paging'
import { nameOfMember } from '../members/their-name'
import type { Place } from '../members/viewer'
import { lacksAgent, lacksSection, sectionOfApp, waiting } from './waiting'

export const ACCESS_REQUEST_ROWS = 25

export type AccessRequest = {
  memberId: string
  email: string
  name: string | null
  appId: string
  app: string
  /** What they lack: a section by its slug, an agent by its name. */
  section: string | null
  agent: string | null
  askedAt: number
}

/** One page of those who wait, longest first, and a row more. A cursor is the time and the ids of a request. */
export function accessRequestsPage({ db, tenantId, now }: Place, { cursor, before }: Position) {
  const [time = '', member = '', app = ''] = (before || cursor).split('.')
  const place = sql`(q.asked_at, q.member_id, q.app_id)`
  const there = sql`(${Number(time)}, ${member}, ${app})`
  const beside = before ? sql`${place} < ${there}` : cursor ? sql`${place} > ${there}` : sql`true`
  const order = before ? sql.raw('DESC') : sql.raw('ASC')
  return raw<AccessRequest>(
    db,
    sql`
    SELECT q.member_id AS memberId, m.email, ${nameOfMember} AS name, q.app_id AS appId, a.name AS app,
      iif(${lacksSection}, ${sectionOfApp}, NULL) AS section,
      iif(${lacksAgent}, (SELECT g.name FROM agents g WHERE g.tenant_id = a.tenant_id AND g.id = a.agent_id), NULL) AS agent, q.asked_at AS askedAt
    FROM ${waiting(now, sql`q.tenant_id = ${tenantId} AND ${beside}`)}
    ORDER BY q.asked_at ${order}, q.member_id ${order}, q.app_id ${order} LIMIT ${ACCESS_REQUEST_ROWS + 1}`,
  )
}

export const cursorOf = ({ askedAt, memberId, appId }: AccessRequest) => `${askedAt}.${memberId}.${appId}`

/** How many wait, as far as a page counts. */
export const accessRequestCount = ({ db, tenantId, now }: Place) =>
  raw<{ count: number }>(
    db,
    sql`SELECT count(*) AS count FROM (SELECT 1 FROM ${waiting(now, sql`q.tenant_id = ${tenantId}`)} LIMIT ${COUNTED + 1})`,
  )
