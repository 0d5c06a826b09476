import { and, gt, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { factorLinks, passwordResets, users } from '../../db/schema/identity'
import { invitations } from '../../db/schema/invitations'
import { joinProofs, joinRequests, removedAddresses } from '../../db/schema/join-links'
import { mails } from '../../db/schema/mail'
import { departures } from '../../db/schema/members'
import { setupTokens } from '../../db/schema/workspace'
import { DAY_MS, JOIN_LINK_DAYS, JOIN_REQUEST_MS, SESSION } from '../../limits'

/** What one statement takes away at most; src/cron.ts repeats it while it finds that many. */
export const ROWS = 10_000

/** Until then a link that has expired explains itself, and a complaint still finds the mail it is about. */
const EXPLAINED_MS = 30 * DAY_MS
/** Of mails about an account, which no workspace's retention covers. */
const ACCOUNT_MAIL_MS = 90 * DAY_MS

/**
 * Rows `x` from before then: an index that has their time for another reason is read from end to end, and the rows of those alone that are old.
 * One for this would cost a row written for each of them, and each lies here for a hundred nights at most, or for four hundred.
 */
const before = (table: SQL, index: SQL, then: SQL | number) =>
  sql`(SELECT id FROM ${table} INDEXED BY ${index} WHERE created_at < ${then}) o CROSS JOIN ${table} x ON x.id = o.id`

/** The same, and older than the retention of their workspace `t`. */
const old = (table: SQL, index: SQL, now: number) => sql`
  ${before(table, index, sql`${now} - (SELECT min(address_retention_ms) FROM tenants)`)}
  CROSS JOIN tenants t ON t.id = x.tenant_id AND x.created_at < ${now} - t.address_retention_ms`

const MAILS = { table: sql`mails`, index: sql`mails_by_address` }

/** Mails to somebody who is gone; to others those that are settled and not about a link that may still be used. Events and told notices go with them. */
export const pruneMails = (db: Db, now: number) =>
  db.delete(mails).where(
    sql`${mails.id} IN (
      SELECT x.id FROM ${old(MAILS.table, MAILS.index, now)}
      WHERE x.created_at < ${now - EXPLAINED_MS} AND (x.member_id IS NULL OR (x.state <> 'queued'
        AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.id = x.invitation_id AND i.state = 'open')))
      LIMIT ${ROWS})`,
  )

export const pruneAccountMails = (db: Db, now: number) =>
  db.delete(mails).where(
    sql`${mails.id} IN (
      SELECT x.id FROM ${before(MAILS.table, MAILS.index, now - ACCOUNT_MAIL_MS)} WHERE x.tenant_id IS NULL AND x.state <> 'queued' LIMIT ${ROWS})`,
  )

/** Closed ones; their links get the neutral page from then on. One that expired while its member is pending can still be resent, and stays. */
export const pruneInvitations = (db: Db, now: number) =>
  db.delete(invitations).where(
    sql`${invitations.id} IN (
      SELECT x.id FROM ${old(sql`invitations`, sql`invitations_by_member`, now)}
      WHERE x.state <> 'open' AND x.closed_at < ${now} - t.address_retention_ms AND x.expires_at < ${now - EXPLAINED_MS}
      LIMIT ${ROWS})`,
  )

/** Their mails go with them. */
export const prunePasswordResets = (db: Db, now: number) =>
  db.delete(passwordResets).where(
    sql`${passwordResets.id} IN (
        SELECT x.id FROM ${before(sql`password_resets`, sql`password_resets_by_user`, now - EXPLAINED_MS)}
        WHERE x.expires_at < ${now - EXPLAINED_MS} LIMIT ${ROWS})`,
  )

/** They lie here for a night or two. No session is left that began before them, so that nobody has to be kept out by them. */
export const pruneDepartures = (db: Db, now: number) =>
  db.delete(departures).where(
    sql`(${departures.userId}, ${departures.tenantId}) IN (
        SELECT user_id, tenant_id FROM departures WHERE at < ${now - SESSION.absoluteMs} LIMIT ${ROWS})`,
  )

/** Used or not; their mails go with them. As few as were asked for in a month, which are read once a night. */
export const pruneFactorLinks = (db: Db, now: number) =>
  db
    .delete(factorLinks)
    .where(sql`${factorLinks.id} IN (SELECT f.id FROM factor_links f WHERE f.expires_at < ${now - EXPLAINED_MS} LIMIT ${ROWS})`)

/** Used or not; their mails and what the provider told of those go with them. As few as were asked for in a month, which are read once a night. */
export const pruneJoinProofs = (db: Db, now: number) =>
  db
    .delete(joinProofs)
    .where(sql`${joinProofs.id} IN (SELECT p.id FROM join_proofs p WHERE p.expires_at < ${now - EXPLAINED_MS} LIMIT ${ROWS})`)

/** Whom nobody has answered. */
export const pruneJoinRequests = (db: Db, now: number) =>
  db
    .delete(joinRequests)
    .where(
      sql`${joinRequests.id} IN (SELECT q.id FROM join_requests q WHERE q.created_at < ${now - JOIN_REQUEST_MS} LIMIT ${ROWS})`,
    )

/** No link is left that was made before them and still works. */
export const pruneRemovedAddresses = (db: Db, now: number) =>
  db.delete(removedAddresses).where(
    sql`(${removedAddresses.tenantId}, ${removedAddresses.emailKey}) IN (
        SELECT tenant_id, email_key FROM removed_addresses WHERE at < ${now - JOIN_LINK_DAYS.max * DAY_MS} LIMIT ${ROWS})`,
  )

/** Long enough for what an audit of last year, or of the year before, asks for. */
const REVIEWS_MS = 3 * 365 * DAY_MS

/** Of access reviews from before then at most `ROWS` of the people and, once none is left, of the reviews. */
export const pruneReviews = (db: Db, now: number) => {
  const old = sql`reviews r WHERE r.started_at < ${now - REVIEWS_MS}`
  return [
    raw(
      db,
      sql`
      DELETE FROM review_people WHERE (tenant_id, review_id, place) IN (
        SELECT p.tenant_id, p.review_id, p.place FROM (SELECT r.tenant_id, r.id FROM ${old}) o
          CROSS JOIN review_people p ON p.tenant_id = o.tenant_id AND p.review_id = o.id LIMIT ${ROWS})`,
    ),
    raw(
      db,
      sql`
      DELETE FROM reviews WHERE (tenant_id, id) IN (
        SELECT r.tenant_id, r.id FROM ${old}
          AND NOT EXISTS (SELECT 1 FROM review_people p WHERE p.tenant_id = r.tenant_id AND p.review_id = r.id) LIMIT ${ROWS})`,
    ),
  ] as const
}

/** Accounts that have belonged nowhere for so long. Who is invited again by then has had to sign in with theirs. */
const ALONE_MS = 90 * DAY_MS

export const pruneUsers = (db: Db, now: number) =>
  db.delete(users).where(
    sql`${users.id} IN (SELECT u.id FROM users u WHERE u.alone_since < ${now - ALONE_MS}
        AND NOT EXISTS (SELECT 1 FROM members m WHERE m.user_id = u.id) LIMIT ${ROWS})`,
  )

/** There are as many as links were printed since the last night. */
export const pruneSetupTokens = (db: Db, now: number) =>
  db.delete(setupTokens).where(and(gt(setupTokens.tokenHash, ''), lte(setupTokens.expiresAt, now)))
