import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { type AgentMode, type Role, sectionsOf } from '../access/access'
import { record } from '../activity/activity'
import { newClaim } from '../identity/token'
import { settingsOf } from '../members/viewer'
import { tell } from './notice'
import { wasMailedTo } from './resend'

/** What an invitation's link shows before any sign-in. */
export type Invitation = {
  id: string
  jti: string
  tenantId: string
  tenantName: string
  inviterName: string
  note: string | null
  expiresAt: number
  closedAt: number | null
  email: string
  emailKey: string
  role: Role
  agentMode: AgentMode
  agentCount: number
  /** The names of the sections that the person will see, in the sidebar's order. */
  sections: string[]
  hasAccount: boolean
  /** When the newest mail to this member was written; for a superseded link. */
  newestMailAt: number | null
  state: InvitationState
}

export type InvitationState = 'open' | 'expired' | 'accepted' | 'superseded' | 'cancelled' | 'declined'

type Row = Omit<Invitation, 'state' | 'sections' | 'hasAccount'> & {
  state: Exclude<InvitationState, 'expired'>
  status: 'pending' | 'active' | 'disabled' | null
  defaults: string
  overrides: string
  hasAccount: number
  theirs: number
}

/** At most one row. A member who is gone leaves address, role and access empty. */
export const invitationOf = (db: Db, jti: string) =>
  raw<Row>(
    db,
    sql`
    SELECT i.id, i.jti, t.id AS tenantId, t.name AS tenantName, i.inviter_name AS inviterName, i.note, i.expires_at AS expiresAt, i.closed_at AS closedAt, i.state, m.status,
      coalesce(m.email, '') AS email, coalesce(m.email_key, '') AS emailKey, coalesce(m.role, 'user') AS role, coalesce(m.agent_mode, 'all') AS agentMode,
      (SELECT count(*) FROM member_agents g WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id) AS agentCount,
      ${settingsOf(sql`section_defaults d WHERE d.tenant_id = t.id`)} AS defaults,
      ${settingsOf(sql`member_sections o WHERE o.tenant_id = t.id AND o.member_id = m.id`)} AS overrides,
      EXISTS (SELECT 1 FROM users u WHERE u.email_key = m.email_key) AS hasAccount, ${wasMailedTo(sql`i.id`)} AS theirs,
      (SELECT max(x.created_at) FROM mails x WHERE x.member_id = m.id) AS newestMailAt
    FROM invitations i JOIN tenants t ON t.id = i.tenant_id LEFT JOIN members m ON m.id = i.member_id
    WHERE i.jti = ${jti}`,
  )

export const toInvitation = ({ defaults, overrides, status, theirs, ...row }: Row, now: number): Invitation => ({
  ...row,
  state: stateOf(row.state, theirs ? status : null, row.expiresAt <= now),
  sections: sectionsOf({ role: row.role, defaults: JSON.parse(defaults), overrides: JSON.parse(overrides) }).map(
    ({ name }) => name,
  ),
  hasAccount: row.hasAccount === 1,
})

/** Expiry is computed from the clock whenever it is read. A superseded link tells what became of the newest one, unless that went to another address. */
function stateOf(state: Row['state'], status: Row['status'], lapsed: boolean): InvitationState {
  if (state === 'open') return lapsed ? 'expired' : 'open'
  if (state !== 'superseded' || status === 'pending') return state
  return status ? 'accepted' : 'cancelled'
}

/** Somebody used the form that an open link leads to: noted once, and only as an observation. */
export const noteOpened = (db: Db, jti: string, now: number) =>
  raw(
    db,
    sql`
    UPDATE invitations SET opened_at = ${now} WHERE jti = ${jti} AND state = 'open' AND expires_at > ${now} AND opened_at IS NULL`,
  )

/** An address without an account brings a password; one with an account brings the user that it proved to be. */
export type Joining = { passwordHash: string; name: string | null } | { userId: string; secretHash: string }

/**
 * The member becomes active with the role and access then in the database, by one conditional write that everything else in the
 * batch selects by. A session that joins moves into the workspace. @returns false when the link was not open any more, or the address gained or lost its account meanwhile
 */
export async function accept(db: Db, jti: string, joining: Joining, ip: string, now: number): Promise<boolean> {
  const claim = newClaim()
  const invitee = sql`members m WHERE m.id = (SELECT member_id FROM invitations WHERE claim = ${claim})`
  const userId = 'userId' in joining ? joining.userId : crypto.randomUUID()
  const account = sql`EXISTS (SELECT 1 FROM users u WHERE u.email_key = m.email_key AND u.id = ${userId})`
  const noAccount = sql`NOT EXISTS (SELECT 1 FROM users u WHERE u.email_key = m.email_key)`
  const [won] = await db.batch([
    claimInvitation(db, jti, 'userId' in joining ? account : noAccount, claim, now),
    ...('userId' in joining ? [] : [createUser(db, userId, joining, invitee, now)]),
    raw(
      db,
      sql`
      UPDATE members SET status = 'active', user_id = ${userId}, joined_at = ${now}
      WHERE status = 'pending' AND id = (SELECT member_id FROM invitations WHERE claim = ${claim})`,
    ),
    record(db, 'accepted', { id: null, name: null, ip }, invitee, now),
    tell(db, 'accepted', sql`invitations i JOIN members m ON m.id = i.member_id WHERE i.claim = ${claim}`, now),
    ...('userId' in joining ? [moveSession(db, joining.secretHash, invitee)] : []),
  ])
  return won.length === 1
}

const claimInvitation = (db: Db, jti: string, who: SQL, claim: string, now: number) =>
  raw<{ id: string }>(
    db,
    sql`
    UPDATE invitations SET state = 'accepted', closed_at = ${now}, claim = ${claim}
    WHERE jti = ${jti} AND state = 'open' AND expires_at > ${now}
      AND EXISTS (SELECT 1 FROM members m WHERE m.id = member_id AND m.status = 'pending' AND ${who})
    RETURNING id`,
  )

const createUser = (
  db: Db,
  id: string,
  { passwordHash, name }: { passwordHash: string; name: string | null },
  invitee: SQL,
  now: number,
) =>
  raw(
    db,
    sql`
    INSERT INTO users (id, email, email_key, name, password_hash, created_at, password_changed_at)
    SELECT ${id}, m.email, m.email_key, ${name}, ${passwordHash}, ${now}, ${now} FROM ${invitee}`,
  )

const moveSession = (db: Db, secretHash: string, invitee: SQL) =>
  raw(
    db,
    sql`
    UPDATE sessions SET tenant_id = (SELECT m.tenant_id FROM ${invitee})
    WHERE secret_hash = ${secretHash} AND EXISTS (SELECT 1 FROM ${invitee})`,
  )
