import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { APP_SIGN_INS, COUNTED, SESSION } from '../../limits'
import type { MemberAct } from '../core/act'
import type { Position } from '../core/paging'
import type { Count } from '../members/counts'
import { memberIdOf, type Place } from '../members/viewer'
import type { Subject } from './app'
import { OFFLINE_MS } from './reads'

export const APP_ROWS = 25

type At = Pick<Place, 'db' | 'tenantId' | 'now'>

/** What an app is for, with the name of its agent. */
export type For = Subject & { agentName: string | null }
export type ListedApp = For & { id: string; name: string; usedAt: number | null; people: Count }
type Row = Omit<ListedApp, 'people'> & { people: number }

/** One page of the apps of a workspace by name, and a row more. A cursor is the id of an app. */
export function appsPage({ db, tenantId, now }: At, { cursor, before }: Position) {
  const place = sql`(SELECT b.name COLLATE NOCASE, b.id FROM apps b WHERE b.id = ${before || cursor})`
  const beside = before ? sql`(a.name COLLATE NOCASE, a.id) < ${place}` : sql`(a.name COLLATE NOCASE, a.id) > ${place}`
  const order = before ? sql.raw('DESC') : sql.raw('ASC')
  const page = sql`(SELECT a.* FROM apps a WHERE a.tenant_id = ${tenantId} AND ${before || cursor ? beside : sql`true`}
    ORDER BY a.name COLLATE NOCASE ${order}, a.id ${order} LIMIT ${APP_ROWS + 1})`
  return raw<Row>(
    db,
    sql`
    SELECT a.id, a.name, a.section, a.agent_id AS agentId, n.name AS agentName,
      (SELECT max(u.used_at) FROM app_grants u WHERE u.app_id = a.id) AS usedAt,
      (SELECT count(DISTINCT l.member_id) FROM (${signedIn(sql`a.id`, now, APP_SIGN_INS)}) l) AS people
    FROM ${page} a LEFT JOIN agents n ON n.tenant_id = ${tenantId} AND n.id = a.agent_id
    ORDER BY a.name COLLATE NOCASE ${order}, a.id ${order}`,
  )
}

export const toApps = (rows: Row[]): ListedApp[] =>
  rows.map((row) => ({ ...row, people: row.people > APP_SIGN_INS ? 'many' : row.people }))

/** The grants of an app that count: of each the member, and when they signed in and were last there. At most one more than `most`. */
const signedIn = (appId: SQL, now: number, most: number) => sql`
  SELECT g.member_id, g.created_at, g.used_at, g.offline FROM app_grants g INDEXED BY one_grant_of_a_session
    LEFT JOIN sessions s ON s.user_id = g.user_id AND s.id = g.session_id AND s.last_seen_at > ${now - SESSION.idleMs} AND s.expires_at > ${now}
  WHERE g.app_id = ${appId} AND g.ended_at IS NULL AND (s.id IS NOT NULL OR g.offline AND g.used_at > ${now - OFFLINE_MS}) LIMIT ${most + 1}`

/** One row: how many people are signed in to an app. */
export const signedInCount = ({ db, now }: At, id: string) =>
  raw<{ people: number }>(db, sql`SELECT count(DISTINCT l.member_id) AS people FROM (${signedIn(sql`${id}`, now, COUNTED)}) l`)

export const toSignedInCount = ([row]: { people: number }[]): Count => ((row?.people ?? 0) > COUNTED ? 'many' : (row?.people ?? 0))

/** `since`, `usedAt`: ms. `stays`: also without a session here. */
export type SignedIn = { id: string; email: string; name: string | null; since: number; usedAt: number; stays: 0 | 1 }

/** One page of the people who are signed in to an app, who was there last first, and a row more. Of very many it knows as many as are counted. */
export function signedInPage({ db, tenantId, now }: At, id: string, { cursor, before }: Position) {
  const [at = '', member = ''] = (before || cursor).split('.')
  const place = sql`(${Number(at) || 0}, ${member})`
  const beside = before ? sql`(usedAt, m.id) > ${place}` : cursor ? sql`(usedAt, m.id) < ${place}` : sql`true`
  const order = before ? sql.raw('ASC') : sql.raw('DESC')
  return raw<SignedIn>(
    db,
    sql`
    SELECT m.id, m.email, u.name, min(l.created_at) AS since, max(l.used_at) AS usedAt, max(l.offline) AS stays
    FROM (${signedIn(sql`${id}`, now, COUNTED)}) l CROSS JOIN members m ON m.tenant_id = ${tenantId} AND m.id = l.member_id
      CROSS JOIN users u ON u.id = m.user_id
    GROUP BY m.id HAVING ${beside} ORDER BY usedAt ${order}, m.id ${order} LIMIT ${APP_ROWS + 1}`,
  )
}

export const signedInCursor = ({ usedAt, id }: SignedIn) => `${usedAt}.${id}`

export type AppName = { id: string; name: string }

type One = { section: string } | { agentId: string }

/** The apps that stand for a section or an agent, by name; for an admin, nobody else is told. */
export const appsFor = (at: Place, subject: One) => appsSeenBy(at, memberIdOf(at), subject)

/** The same for an admin who was let in already. */
export const appsForAgain = (act: MemberAct, subject: One) => appsSeenBy(act, sql`${act.memberId}`, subject)

const appsSeenBy = ({ db }: Pick<Place, 'db'>, memberId: SQL, subject: One) =>
  raw<AppName>(
    db,
    sql`
    SELECT a.id, a.name FROM members me CROSS JOIN apps a ON a.tenant_id = me.tenant_id
    WHERE me.id = ${memberId} AND me.role = 'admin' AND ${'section' in subject ? sql`a.section = ${subject.section}` : sql`a.agent_id = ${subject.agentId}`}
    ORDER BY a.name COLLATE NOCASE, a.id`,
  )
