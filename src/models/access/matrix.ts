import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { refusedMail } from '../members/attention'
import { invitedState, type MemberState } from '../members/member'
import type { AgentMode, Role } from './access'

/** Rows of a page of either matrix. */
export const PAGE_PEOPLE = 25

export type Search = { q: string; cursor: string }

/** Somebody in the first column, pending people too. */
export type Person = { id: string; email: string; name: string | null; role: Role; state: MemberState }

export type PersonRow = Omit<Person, 'state'> & {
  emailKey: string
  status: 'pending' | 'active' | 'disabled'
  agentMode: AgentMode
  expiresAt: number | null
  bounced: number
}

/**
 * One page of people in address order, each with what `columns` selects about member `m`; a row more than a page tells that there
 * is another. `from` stands before the SELECT, for a CTE.
 */
export const peoplePage = <R extends PersonRow>(db: Db, tenantId: string, { q, cursor }: Search, columns: SQL, from: SQL = sql``) =>
  raw<R>(
    db,
    sql`
    ${from} SELECT m.id, m.email, m.email_key AS emailKey, u.name, m.role, m.status, m.agent_mode AS agentMode,
      i.expires_at AS expiresAt, ${refusedMail} AS bounced, ${columns}
    FROM members m LEFT JOIN users u ON u.id = m.user_id LEFT JOIN invitations i ON i.member_id = m.id AND i.state = 'open'
    WHERE m.tenant_id = ${tenantId} AND m.email_key > ${cursor} ${containing(q, [sql`m.email_key`, sql`lower(u.name)`])}
    ORDER BY m.email_key LIMIT ${PAGE_PEOPLE + 1}`,
  )

/** What is typed is text: instr knows no wildcards. */
export function containing(q: string, columns: SQL[]): SQL {
  const needle = q.trim().toLowerCase()
  if (!needle) return sql``
  return sql`AND (${sql.join(
    columns.map((column) => sql`instr(${column}, ${needle})`),
    sql` OR `,
  )})`
}

export const toPerson = ({ id, email, name, role, status, expiresAt, bounced }: PersonRow, now: number): Person => ({
  id,
  email,
  name,
  role,
  state: status === 'pending' ? invitedState(bounced === 1, expiresAt ?? 0, now) : status,
})

/** Cuts off the row that only tells that there is another page. */
export function pageOf<R>(rows: R[], size: number, cursorOf: (row: R) => string): { page: R[]; next: string | undefined } {
  const page = rows.slice(0, size)
  const last = page.at(-1)
  return { page, next: rows.length > size && last ? cursorOf(last) : undefined }
}
