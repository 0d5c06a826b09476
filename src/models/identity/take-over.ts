import { and, eq, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { membersWhere } from '../../db/from'
import { appConsents, appGrants, subjects } from '../../db/schema/apps'
import { credentials, sessions, users } from '../../db/schema/identity'
import { invitations } from '../../db/schema/invitations'
import { members } from '../../db/schema/members'
import { record } from '../activity/activity'
import type { Act } from '../core/act'
import { isActive } from '../members/active'
import { asWas, departure, lastAdmin } from '../members/changes'
import { setPassword, supersedeFactorLinks, supersedeResets, usersWhere } from './credential'
import { forgetBrowsers } from './known-browser'

/** `none`: nobody has the address. `unproven`: the account was made by a link that somebody was handed, so that anybody may have made it. */
export type AccountState = 'none' | 'unproven' | 'proven'

/** Of a row of `users`, or of none. */
export const accountState = sql<AccountState>`CASE WHEN ${users.id} IS NULL THEN 'none' WHEN ${users.provedAt} IS NULL THEN 'unproven' ELSE 'proven' END`

/** A membership of an account from before its address was proven. `mustStay`: it is the last admin there. */
export type OldMembership = { id: string; tenantName: string; mustStay: 0 | 1 }

/** Of a row of `users` while it is unproven, as JSON; none of any other. */
export const oldMemberships = sql`(
  SELECT json_group_array(json_object('id', m.id, 'tenantName', t.name, 'mustStay', ${lastAdmin[1]}))
  FROM members m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = ${users.id} AND ${users.provedAt} IS NULL)`

/** The memberships that the page showed, and of those the ones to keep: any other of them is left. */
export type Kept = { shown: readonly string[]; keep: readonly string[] }
export const KEEP_ALL: Kept = { shown: [], keep: [] }

/**
 * The first use of a link that was only ever emailed makes an unproven account the reader's: for the batch that uses it, before it writes the new
 * password. Every credential and power from before goes, and so do the memberships that are not kept, but for that of a last admin. `account` is SQL
 * for the id of the account, NULL where the link was not used; a proven one stays as it is. The last statement returns one row when it was proven.
 */
export function takeOver(act: Act, account: SQL, { shown, keep }: Kept) {
  const { db, now } = act
  const theirs = sql`(SELECT a.id FROM users a WHERE a.id = ${account} AND a.proved_at IS NULL)`
  const left = JSON.stringify(shown.filter((id) => !keep.includes(id)))
  const leaving = sql`(SELECT m.id FROM members m WHERE m.user_id = ${theirs} AND m.id IN (SELECT value FROM json_each(${left})) AND NOT ${lastAdmin[1]})`
  return [
    ...leave(act, leaving),
    record(act, 'address_proved', membersWhere(sql`m.user_id = ${theirs} AND ${isActive(now, 'm')}`)),
    db.delete(sessions).where(eq(sessions.userId, theirs)),
    db.delete(credentials).where(eq(credentials.userId, theirs)),
    forgetBrowsers(db, theirs),
    ...forgetApps(act, theirs),
    supersedeResets(act, usersWhere(sql`u.id = ${theirs}`)),
    supersedeFactorLinks(act, usersWhere(sql`u.id = ${theirs}`)),
    forgetCopies(db, theirs),
    db
      .update(users)
      .set({ provedAt: now })
      .where(and(eq(users.id, account), isNull(users.provedAt)))
      .returning({ id: users.id }),
  ] as const
}

/** Who takes an account over: what they chose on its page. */
export type NewOwner = Kept & { passwordHash: string; name: string | null }

/** All of it, for a batch that makes a member of them besides. `tenant` is SQL for the id of the workspace that they join, where they sign in to next. */
export const takeOverAs = (act: Act, account: SQL, tenant: SQL, { passwordHash, name, ...kept }: NewOwner) =>
  [
    ...takeOver(act, account, kept),
    setPassword(act, passwordHash, usersWhere(sql`u.id = ${account}`)),
    act.db.update(users).set({ name, lastTenantId: tenant }).where(eq(users.id, account)),
  ] as const

/** As people leave for themselves; the write that makes `which` untrue goes last. */
const leave = (act: Act, which: SQL) =>
  [
    record(act, 'left', membersWhere(sql`m.id IN ${which}`), asWas(act)),
    departure(act, which),
    act.db.delete(members).where(inArray(members.id, which)),
  ] as const

/** Apps get to know somebody else: under another name, by another sign-in, and with a consent of their own. */
const forgetApps = ({ db, now }: Act, account: SQL) =>
  [
    db
      .update(appGrants)
      .set({ endedAt: now })
      .where(and(eq(appGrants.userId, account), isNull(appGrants.endedAt))),
    db.delete(appConsents).where(sql`${appConsents.memberId} IN (SELECT m.id FROM members m WHERE m.user_id = ${account})`),
    db.delete(subjects).where(eq(subjects.userId, account)),
  ] as const

/** Whoever has an account is handed no link, so that none is left from before. */
const forgetCopies = (db: Db, account: SQL) =>
  db
    .update(invitations)
    .set({ copiedJti: null })
    .where(
      and(
        eq(invitations.state, 'open'),
        isNotNull(invitations.copiedJti),
        sql`${invitations.memberId} IN (SELECT m.id FROM users a JOIN members m ON m.email_key = a.email_key WHERE a.id = ${account})`,
      ),
    )
