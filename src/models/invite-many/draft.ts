import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { ROW_CHOICES } from '../../db/schema/invite-lists'
import { DAY_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import type { Place } from '../members/viewer'
import type { ListSettings, ReadRow } from './row'

/** How long a list waits to be sent. */
export const DRAFT_MS = DAY_MS

/** So many rows are written by one statement, whose values D1 takes up to 2 MB of. */
const WRITTEN = 250

export type Choice = (typeof ROW_CHOICES)[number]

/** Stores a list for its admin to review; nobody is invited by it. @returns the id of the draft */
export async function createDraft(act: MemberAct, settings: ListSettings, rows: ReadRow[]): Promise<string> {
  const id = crypto.randomUUID()
  const { db, tenantId, memberId, now } = act
  const chunks = Array.from({ length: Math.ceil(rows.length / WRITTEN) }, (_, i) => i * WRITTEN)
  await db.batch([
    raw(
      db,
      sql`INSERT INTO invite_drafts (id, tenant_id, admin_id, settings, created_at)
      VALUES (${id}, ${tenantId}, ${memberId}, ${JSON.stringify(settings)}, ${now})`,
    ),
    ...chunks.map((from) => insertRows(act, id, rows.slice(from, from + WRITTEN), from)),
  ])
  return id
}

const insertRows = ({ db }: MemberAct, id: string, rows: ReadRow[], from: number) =>
  raw(
    db,
    sql`
    INSERT INTO invite_rows (draft_id, n, cells, email, email_key, name, own, search_key, problem, detail)
    SELECT ${id}, ${from} + j.key + 1, ${columnsOf(sql`j.value`)} FROM json_each(${JSON.stringify(rows.map(stored))}) j`,
  )

const stored = ({ cells, address, name, own, searchKey, problem }: ReadRow) => [
  JSON.stringify(cells),
  address?.email ?? null,
  address?.key ?? null,
  name,
  Object.keys(own).length > 0 ? JSON.stringify(own) : null,
  searchKey,
  problem?.reason ?? null,
  problem?.detail ?? null,
]

/** Of a row as `stored` has it, in the order of the table. */
const columnsOf = (row: SQL) =>
  sql.join(
    Array.from({ length: 8 }, (_, i) => sql`${row} ->> ${sql.raw(String(i))}`),
    sql`, `,
  )

/** That a list `d` of this workspace still is to be sent. By the clock: no Cron has to run for a list to be too old. */
export const isOpen = ({ tenantId, now }: Pick<Place, 'tenantId' | 'now'>, id: string) =>
  sql`d.id = ${id} AND d.tenant_id = ${tenantId} AND d.sent_at IS NULL AND d.created_at > ${now - DRAFT_MS}`

export const isTheirs = (act: MemberAct, id: string) => sql`${isOpen(act, id)} AND d.admin_id = ${act.memberId}`

export type Draft = {
  id: string
  adminId: string
  version: number
  settings: ListSettings
  later: boolean
  createdAt: number
  sentAt: number | null
}

/** At most one row: a list that is open, or was sent. */
export const draftOf = ({ db, tenantId, now }: Pick<Place, 'db' | 'tenantId' | 'now'>, id: string) =>
  raw<Omit<Draft, 'settings' | 'later'> & { settings: string; later: number }>(
    db,
    sql`
    SELECT d.id, d.admin_id AS adminId, d.version, d.settings, d.later, d.created_at AS createdAt, d.sent_at AS sentAt FROM invite_drafts d
    WHERE d.id = ${id} AND d.tenant_id = ${tenantId} AND (d.sent_at IS NOT NULL OR d.created_at > ${now - DRAFT_MS})`,
  )

/** One that is not sent yet is known to its admin alone. */
export function toDraft([row]: Awaited<ReturnType<typeof draftOf>>, { memberId }: Pick<MemberAct, 'memberId'>): Draft | undefined {
  if (!row || (row.sentAt === null && row.adminId !== memberId)) return undefined
  return { ...row, settings: JSON.parse(row.settings), later: row.later === 1 }
}

/** The lists that wait to be sent, of all admins, the newest first, with the number of their rows. */
export const openDrafts = ({ db, tenantId, now }: Place) =>
  raw<{ id: string; adminId: string; createdAt: number; rows: number }>(
    db,
    sql`
    SELECT d.id, d.admin_id AS adminId, d.created_at AS createdAt, (SELECT max(r.n) FROM invite_rows r WHERE r.draft_id = d.id) AS rows
    FROM invite_drafts d WHERE d.tenant_id = ${tenantId} AND d.sent_at IS NULL AND d.created_at > ${now - DRAFT_MS} ORDER BY d.created_at DESC`,
  )

/** One row: whether a list would make somebody a Tenant Admin. */
export const grantsAdmin = ({ db }: Pick<Place, 'db'>, id: string) =>
  raw<{ grants: 0 | 1 }>(
    db,
    sql`SELECT EXISTS (SELECT 1 FROM invite_drafts d JOIN invite_rows r ON r.draft_id = d.id AND r.choice = 'send'
      WHERE d.id = ${id} AND coalesce(r.own ->> 'role', d.settings ->> 'role') = 'admin') AS grants`,
  )

/** At most one row: the cells of a row, to be read anew. */
export const cellsOf = ({ db, tenantId }: Place, id: string, n: number) =>
  raw<{ cells: string; email: string | null }>(
    db,
    sql`SELECT r.cells, r.email FROM invite_drafts d JOIN invite_rows r ON r.draft_id = d.id AND r.n = ${n} WHERE d.id = ${id} AND d.tenant_id = ${tenantId}`,
  )

/** A row as a page showed it: `version` is that of the list then. Without one nothing is expected. */
export type RowSubject = { id: string; n: number; version: number | undefined }
export type RowChange = ReadRow | Choice

/** Changes one row, unless it was changed since. @returns whether it was */
export async function changeRow(act: MemberAct, { id, n, version }: RowSubject, change: RowChange): Promise<boolean> {
  const { db } = act
  const is = sql`r.draft_id = ${id} AND r.n = ${n} AND r.version <= ${version ?? Number.MAX_SAFE_INTEGER}`
  const [moved] = await db.batch([
    raw<{ version: number }>(
      db,
      sql`
      UPDATE invite_drafts AS d SET version = version + 1
      WHERE ${isTheirs(act, id)} AND EXISTS (SELECT 1 FROM invite_rows r WHERE ${is}) RETURNING version`,
    ),
    raw(
      db,
      sql`
      UPDATE invite_rows AS r SET ${valuesOf(change)}, version = (SELECT d.version FROM invite_drafts d WHERE d.id = ${id})
      WHERE ${is} AND EXISTS (SELECT 1 FROM invite_drafts d WHERE ${isTheirs(act, id)})`,
    ),
  ])
  return moved.length === 1
}

function valuesOf(change: RowChange): SQL {
  if (typeof change === 'string') return sql`choice = ${change}`
  const row = sql`${JSON.stringify(stored(change))}`
  return sql`(cells, email, email_key, name, own, search_key, problem, detail) = (SELECT ${columnsOf(sql`j`)} FROM (SELECT ${row} AS j)), choice = 'send'`
}

/** At most `rows` of the lists that nobody sent in time, and of those whose reports are over, with their rows. */
export const pruneDrafts = ({ db, now }: Pick<MemberAct, 'db' | 'now'>, rows: number) =>
  raw(
    db,
    sql`
    DELETE FROM invite_drafts WHERE id IN (
      SELECT d.id FROM invite_drafts d JOIN tenants t ON t.id = d.tenant_id LEFT JOIN jobs j ON j.id = d.id
      WHERE d.created_at <= ${now - DRAFT_MS} AND (d.sent_at IS NULL OR j.id IS NULL OR j.finished_at <= ${now} - t.address_retention_ms)
      LIMIT ${rows})`,
  )
