import { and, eq, ne, sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { credentials, sessions, users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { tenants } from '../../db/schema/workspace'
import { as } from '../../db/select'
import { record } from '../activity/activity'
import { ownAppsOf } from '../apps/own-apps'
import type { PersonAct } from '../core/act'
import { personKey, SEARCH_FORM } from '../core/search-key'
import { type NewPassword, replacePassword, usersWhere } from './credential'
import { forgetBrowsers, knownBrowsersOf } from './known-browser'
import { ownCredentialsOf } from './own-credentials'
import { activeMembersOf, isLive, isNamed, sessionsOf, type Visitor } from './session'
import { forgetSessionTries, sessionTry } from './session-tries'
import { blockedUntil, countTry, type Throttle } from './throttle'

export const accountPage = (at: Visitor) => ({
  sessions: sessionsOf(at),
  browsers: knownBrowsersOf(at),
  credentials: ownCredentialsOf(at),
  apps: ownAppsOf(at),
})

/** What a change of password reads: the hash of the present one, and the names of the person's workspaces, which the new one may not be made of. */
export const passwordChange = (at: Visitor) => ({
  ...accountPage(at),
  hash: ownPasswordOf(at),
  ownWords: workspaceNamesOf(at),
  ...sessionTry(at),
})

export const ownPasswordOf = ({ db, secretHash }: Visitor) =>
  db
    .select({ passwordHash: as(credentials.secret, 'password_hash') })
    .from(sessions)
    .innerJoin(credentials, sql`${credentials.userId} = ${sessions.userId} AND ${credentials.kind} = 'password'`)
    .where(eq(sessions.secretHash, secretHash))

export const workspaceNamesOf = ({ db, secretHash }: Visitor) =>
  db
    .select({ name: tenants.name })
    .from(sessions)
    .innerJoin(members, eq(members.userId, sessions.userId))
    .innerJoin(tenants, eq(tenants.id, members.tenantId))
    .where(eq(sessions.secretHash, secretHash))
    .limit(20)

/** What a name was and is goes to the log of every workspace that shows it. @returns whether it is another name than before */
export async function rename(act: PersonAct, name: string | null): Promise<boolean> {
  const key = personKey({ email: act.by.email ?? '', name })
  const isOther = sql`EXISTS (SELECT 1 FROM users u WHERE u.id = ${act.userId} AND u.name IS NOT ${name})`
  const [, renamed] = await act.db.batch([
    record(act, 'renamed', membersWhere(sql`m.user_id = ${act.userId} AND ${isOther}`), {
      before: sql`json_object('name', (SELECT u.name FROM users u WHERE u.id = m.user_id))`,
      after: sql`json_object('name', ${name})`,
    }),
    act.db
      .update(users)
      .set({ name })
      .where(sql`${users.id} = ${act.userId} AND ${users.name} IS NOT ${name}`)
      .returning({ id: users.id }),
    act.db
      .update(members)
      .set({ searchKey: key, searchForm: SEARCH_FORM })
      .where(
        and(
          eq(members.userId, act.userId),
          eq(members.searchForm, 0),
          sql`EXISTS (SELECT 1 FROM users u WHERE u.id = ${act.userId} AND u.name IS ${name})`,
        ),
      ),
  ])
  return renamed.length === 1
}

/**
 * Ends the person's other sessions, forgets the browsers they signed in with, and moves this one to a new secret, so that no older cookie works; emails a notice.
 * @returns false when this session ended meanwhile: a reset that came first must not be undone by whoever it shut out
 */
export async function changePassword(act: PersonAct, password: NewPassword & { secretHash: string }): Promise<boolean> {
  const { db, userId, sessionId } = act
  const user = sql`(SELECT s.user_id FROM sessions s WHERE s.user_id = ${userId} AND s.id = ${sessionId})`
  const [moved] = await db.batch([
    db.update(sessions).set({ secretHash: password.secretHash }).where(isNamed(act)).returning({ id: sessions.id }),
    ...replacePassword(act, password, usersWhere(sql`u.id = ${user}`)),
    db.delete(sessions).where(and(eq(sessions.userId, user), ne(sessions.id, sessionId))),
    forgetSessionTries(act),
    forgetBrowsers(db, user),
    record(act, 'password_changed', activeMembersOf(act, user)),
  ])
  return moved.length === 1
}

/** Counts a try of the person behind a session by their address: the first is empty when it is refused, the second says until when (ms). */
export function ownTry({ db, secretHash, now }: Visitor, byAddress: (emailKey: string) => Throttle) {
  const key = sql`${byAddress('').key} || u.email_key`
  const whose = sql`sessions JOIN users u ON u.id = sessions.user_id WHERE sessions.secret_hash = ${secretHash} AND ${isLive(now)}`
  const own = { ...byAddress(''), key }
  return {
    allowed: countTry({ db, now }, own, whose),
    blocked: blockedUntil(db, [{ ...own, key: sql`(SELECT ${key} FROM ${whose})` }]),
  }
}
