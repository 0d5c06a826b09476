import { and, eq, gt, type SQL, sql } from 'drizzle-orm'
import type { From } from '../../db/from'
import { raw } from '../../db/raw'
import { passwordResets, sessions, users } from '../../db/schema/identity'
import { as, flag, json } from '../../db/select'
import { HOUR_MS, MINUTE_MS } from '../../limits'
import { record } from '../activity/activity'
import type { Act } from '../core/act'
import { randomId } from '../core/random'
import { type NewPassword, replacePassword, usersWhere } from './credential'
import { forgetBrowsers } from './known-browser'
import { activeMembersOf } from './session'
import { KEEP_ALL, type Kept, type OldMembership, oldMemberships, takeOver } from './take-over'
import { signInByAccount } from './throttle'

/** Long enough to read an email, short enough that one found later opens nothing. */
export const RESET_LIFETIME_MS = 30 * MINUTE_MS

/** Whoever asked longer ago than this has asked again, or has other plans: a link that arrived then would only alarm them. */
export const RESET_WAITS_MS = 6 * HOUR_MS

type Row = Awaited<ReturnType<typeof passwordResetOf>>[number]
export type ResetState = Row['state'] | 'expired'
export type PasswordReset = Omit<Row, 'state'> & { state: ResetState }

/** At most one row: what a link is for. `invited` are the `jti`s of the invitations that wait for the address. */
export const passwordResetOf = ({ db, now }: Act, jti: string) =>
  db
    .select({
      jti: passwordResets.jti,
      state: passwordResets.state,
      expiresAt: passwordResets.expiresAt,
      email: users.email,
      name: as(users.name, 'user_name'),
      tenantNames: json<string[]>(tenantNamesOf(sql`${users.id}`), 'tenant_names'),
      isProven: flag(sql`${users.provedAt} IS NOT NULL`, 'is_proven'),
      factors: users.factors,
      memberships: json<OldMembership[]>(oldMemberships, 'memberships'),
      invited: json<string[]>(openInvitationsTo(sql`${users.emailKey}`, now), 'invited'),
    })
    .from(passwordResets)
    .innerJoin(users, eq(users.id, passwordResets.userId))
    .where(eq(passwordResets.jti, jti))

const tenantNamesOf = (userId: SQL) => sql`(
  SELECT json_group_array(t.name) FROM members m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = ${userId})`

const openInvitationsTo = (emailKey: SQL, now: number) => sql`(
  SELECT json_group_array(l.value) FROM members m JOIN invitations i ON i.member_id = m.id AND i.state = 'open' AND i.expires_at > ${now}
    JOIN tenants t ON t.id = m.tenant_id AND t.suspended_at IS NULL, json_each(json_array(i.jti, i.copied_jti)) l
  WHERE m.email_key = ${emailKey} AND m.status = 'pending' AND l.value IS NOT NULL)`

export const toPasswordReset = (row: Row, now: number): PasswordReset => ({
  ...row,
  state: row.state === 'open' && row.expiresAt <= now ? 'expired' : row.state,
})

/** The resets that the mails `x` are about to carry: however long an email waited, its link has the full time. */
export const countFromNow = ({ db, now }: Pick<Act, 'db' | 'now'>, sending: From<'x'>) =>
  db
    .update(passwordResets)
    .set({ expiresAt: now + RESET_LIFETIME_MS })
    .where(
      and(
        eq(passwordResets.state, 'open'),
        gt(passwordResets.createdAt, now - RESET_WAITS_MS),
        sql`${passwordResets.id} IN (SELECT x.password_reset_id FROM ${sending})`,
      ),
    )

/**
 * Sets the password once, whatever the person's memberships, ends every session, forgets the browsers they signed in with, and emails a notice. The
 * link was only ever emailed, so that its use proves the address, and makes an account that was unproven its reader's. The account is freed from its
 * throttle, unless a second factor can be guessed at: a mailbox is not enough to begin that anew. @returns false when the link was not open any more
 */
export async function resetPassword(act: Act, jti: string, password: NewPassword, kept: Kept = KEEP_ALL): Promise<boolean> {
  const { db, now } = act
  const nonce = randomId()
  const user = sql`(SELECT r.user_id FROM password_resets r WHERE r.write_nonce = ${nonce})`
  const [won] = await db.batch([
    db
      .update(passwordResets)
      .set({ state: 'used', closedAt: now, writeNonce: nonce })
      .where(and(eq(passwordResets.jti, jti), eq(passwordResets.state, 'open'), gt(passwordResets.expiresAt, now)))
      .returning({ id: passwordResets.id }),
    ...takeOver(act, user, kept),
    ...replacePassword(act, password, usersWhere(sql`u.id = ${user}`)),
    db.delete(sessions).where(eq(sessions.userId, user)),
    forgetBrowsers(db, user),
    record(act, 'password_reset', activeMembersOf(act, user)),
    raw(
      db,
      sql`DELETE FROM throttles WHERE key = ${signInByAccount('').key} || (SELECT email_key FROM users WHERE id = ${user} AND factors = 0)`,
    ),
  ])
  return won.length === 1
}
