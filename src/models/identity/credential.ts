import { and, eq, type SQL, sql } from 'drizzle-orm'
import { type From, from } from '../../db/from'
import { raw } from '../../db/raw'
import { credentials, factorLinks, passwordResets, users } from '../../db/schema/identity'
import type { Act } from '../core/act'
import { queueAccountMail } from '../mail/queue-mail'

/** The users `u` for whom the condition holds. */
export const usersWhere = (condition: SQL) => from(sql`users u WHERE ${condition}`, 'u')

/** At most one row: who has this address, the hash of their password, if they have one, and how many second factors. */
export const passwordOf = ({ db }: Pick<Act, 'db'>, emailKey: string) =>
  db
    .select({ userId: users.id, factors: users.factors, passwordHash: credentials.secret })
    .from(users)
    .leftJoin(credentials, and(eq(credentials.userId, users.id), eq(credentials.kind, 'password')))
    .where(eq(users.emailKey, emailKey))

/** Gives each of the users `u` this password, whether they had one or not. */
export const setPassword = ({ db, now }: Pick<Act, 'db' | 'now'>, passwordHash: string, to: From<'u'>) =>
  raw(
    db,
    sql`
    INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
    SELECT lower(hex(randomblob(16))), u.id, 'password', ${passwordHash}, ${now}, ${now} FROM ${to}
    ON CONFLICT (user_id) WHERE kind = 'password' DO UPDATE SET secret = excluded.secret, changed_at = excluded.changed_at`,
  )

/** A new password in the place of one that they had: every open reset link dies with the old one, and an email tells them. */
export const replacePassword = (act: Act, { passwordHash, mailId }: NewPassword, of: From<'u'>) =>
  [
    setPassword(act, passwordHash, of),
    supersedeResets(act, of),
    queueAccountMail(act.db, { id: mailId, kind: 'password_changed', now: act.now }, of),
  ] as const

/** Every open reset link of the users `u` dies. */
export const supersedeResets = ({ db, now }: Pick<Act, 'db' | 'now'>, of: From<'u'>) =>
  db
    .update(passwordResets)
    .set({ state: 'superseded', closedAt: now, writeNonce: sql`lower(hex(randomblob(16)))` })
    .where(and(eq(passwordResets.state, 'open'), sql`${passwordResets.userId} IN (SELECT u.id FROM ${of})`))

/** Every open link of the users `u` to set up a second factor dies. */
export const supersedeFactorLinks = ({ db, now }: Pick<Act, 'db' | 'now'>, of: From<'u'>) =>
  db
    .update(factorLinks)
    .set({ state: 'superseded', closedAt: now, writeNonce: sql`lower(hex(randomblob(16)))` })
    .where(and(eq(factorLinks.state, 'open'), sql`${factorLinks.userId} IN (SELECT u.id FROM ${of})`))

/** `mailId` is the id of the email that will say so. */
export type NewPassword = { passwordHash: string; mailId: string }

/** The same password hashed anew, only over the hash that was verified: a new password must not be undone by the old one. */
export const rehash = ({ db }: Pick<Act, 'db'>, of: { userId: string; secret: string }, passwordHash: string) =>
  db
    .update(credentials)
    .set({ secret: passwordHash })
    .where(and(eq(credentials.userId, of.userId), eq(credentials.kind, 'password'), eq(credentials.secret, of.secret)))
