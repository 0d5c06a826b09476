import { and, eq, ne, sql } from 'drizzle-orm'
import { sessions } from '../../db/schema/identity'
import { record } from '../activity/activity'
import type { PersonAct } from '../core/act'
import { queueAccountMail } from '../mail/queue-mail'
import { accountPage, workspaceNamesOf } from './account'
import { type NewPassword, setPassword, usersWhere } from './credential'
import { forgetBrowsers } from './known-browser'
import { activeMembersOf, isNamed, provenPerson, type Visitor } from './session'

/** What giving oneself a first password reads: the names of the person's workspaces, which it may not be made of. */
export const firstPassword = (at: Visitor) => ({ ...accountPage(at), ownWords: workspaceNamesOf(at) })

/**
 * Gives a password to somebody who has signed in with a passkey alone and has proven it minutes ago. What it does besides is what changing a password
 * does, since it is a new way in.
 * @returns false where they have one by now, or where this session ended or is not fresh any more
 */
export async function setFirstPassword(act: PersonAct, password: NewPassword & { secretHash: string }): Promise<boolean> {
  const { db, now, userId, sessionId } = act
  const { passwordHash, mailId, secretHash } = password
  const passwords = sql`SELECT 1 FROM credentials k WHERE k.user_id = ${userId} AND k.kind = 'password'`
  const isSet = sql`EXISTS (${passwords} AND k.secret = ${passwordHash})`
  const [, moved] = await db.batch([
    setPassword(act, passwordHash, usersWhere(sql`u.id = ${userId} AND ${provenPerson(act, now)} AND NOT EXISTS (${passwords})`)),
    db
      .update(sessions)
      .set({ secretHash })
      .where(and(isNamed(act), isSet))
      .returning({ id: sessions.id }),
    db.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.id, sessionId), isSet)),
    forgetBrowsers(db, sql`(SELECT u.id FROM users u WHERE u.id = ${userId} AND ${isSet})`),
    queueAccountMail(
      db,
      { id: mailId, kind: 'password_changed', now, about: { first: true } },
      usersWhere(sql`u.id = ${userId} AND ${isSet}`),
    ),
    record(act, 'password_set', activeMembersOf(act, sql`${userId}`, isSet)),
  ])
  return moved.length === 1
}
