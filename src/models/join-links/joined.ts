import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { refuses } from '../../db/rules'
import { users } from '../../db/schema/identity'
import { joinLinks } from '../../db/schema/join-links'
import { members } from '../../db/schema/members'
import { as } from '../../db/select'
import { recordWorkspace } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { PAGE_ROWS, type Position } from '../core/paging'
import { randomId } from '../core/random'
import { isActive, statusAt } from '../members/active'
import { carryOut, disabling } from '../members/changes'
import { theirName } from '../members/their-name'
import type { Place } from '../members/viewer'
import { nameOfLink } from './make'

const person = (now: number) => ({
  id: members.id,
  email: members.email,
  emailKey: members.emailKey,
  name: theirName,
  role: members.role,
  status: statusAt(now).as('status_now'),
  joinedAt: members.joinedAt,
})

/** One page of those who joined by a link, in the order of addresses, and a row more. Who was let in and has not accepted yet is pending. */
export const joinedPage = ({ db, tenantId, now }: Place, linkId: string, { cursor, before }: Position) =>
  db
    .select(person(now))
    .from(members)
    .leftJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.joinLinkId, linkId),
        eq(members.tenantId, tenantId),
        before ? sql`${members.emailKey} < ${before}` : sql`${members.emailKey} > ${cursor}`,
      ),
    )
    .orderBy(before ? desc(members.emailKey) : members.emailKey)
    .limit(PAGE_ROWS + 1)

/** At most one row: the link by which a member joined, or was let in. */
export const joinLinkOfMember = ({ db, tenantId }: Place, memberId: string) =>
  db
    .select({ id: as(joinLinks.id, 'link_id'), label: joinLinks.label })
    .from(members)
    .innerJoin(joinLinks, eq(joinLinks.id, members.joinLinkId))
    .where(and(eq(members.tenantId, tenantId), eq(members.id, memberId)))

export type Joined = Awaited<ReturnType<typeof joinedPage>>[number]

/** How many names the question shows. */
const NAMED = 10

/** Whom disabling those who joined by a link since then would be about: how many, the first of them, and admins, who are left. */
export const joinedSince = (at: Place, linkId: string, since: number) => ({
  people: at.db
    .select({ count: sql<number>`count(*)`.as('count') })
    .from(members)
    .where(sql`${members.id} IN (SELECT m.id FROM ${toDisable(at, linkId, since)})`),
  first: at.db
    .select(person(at.now))
    .from(members)
    .leftJoin(users, eq(users.id, members.userId))
    .where(sql`${members.id} IN (SELECT m.id FROM ${toDisable(at, linkId, since)})`)
    .orderBy(members.emailKey)
    .limit(NAMED),
  left: at.db
    .select(person(at.now))
    .from(members)
    .leftJoin(users, eq(users.id, members.userId))
    .where(sql`${members.joinLinkId} = ${linkId} AND ${members.tenantId} = ${at.tenantId} AND ${members.status} = 'active'
      AND ${members.joinedAt} >= ${since} AND +${members.role} = 'admin'`)
    .orderBy(members.emailKey)
    .limit(NAMED),
})

/** Admins stay: one always remains, and whoever made somebody one meant it. */
const toDisable = ({ tenantId, now }: Pick<MemberAct, 'tenantId' | 'now'>, linkId: string, since: number) =>
  from(
    sql`members m INDEXED BY members_by_join_link WHERE m.join_link_id = ${linkId} AND m.tenant_id = ${tenantId} AND ${isActive(now, 'm')} AND m.role = 'user'
      AND m.joined_at >= ${since}`,
    'm',
  )

/** What the question showed: `count` people. */
type Asked = { linkId: string; since: number; count: number }

/** `undo` is the id of what takes it back. `changed`: by now it is about so many people. */
export type TurnedOff = { undo: string | undefined; count: number } | { reason: 'changed' }

/**
 * Turns a link off and disables whoever joined by it since then, all in one change, as long as they are as many as the question said. A link is for
 * no more than a thousand people.
 */
export async function turnOffAndDisable(act: MemberAct, { linkId, since, count }: Asked): Promise<TurnedOff> {
  const [undo, disabled] = [randomId(), disabling(act)]
  const them = toDisable(act, linkId, since)
  const asShown = sql`(SELECT count(*) FROM ${them}) = ${count}`
  const which = sql`(SELECT m.id FROM (SELECT m.* FROM ${them}) m WHERE ${asShown} AND NOT ${refuses(disabled.rules)})`
  const isOn = sql`EXISTS (SELECT 1 FROM join_links l WHERE l.id = ${linkId} AND l.tenant_id = ${act.tenantId} AND l.turned_off_at IS NULL)`
  const [[found]] = await act.db.batch([
    raw<{ fits: number }>(act.db, sql`SELECT ${asShown} AS fits`),
    recordWorkspace(act, 'join_link_turned_off', { before: nameOfLink(linkId) }, sql`${asShown} AND ${isOn}`),
    act.db
      .update(joinLinks)
      .set({ turnedOffAt: act.now })
      .where(and(eq(joinLinks.id, linkId), eq(joinLinks.tenantId, act.tenantId), isNull(joinLinks.turnedOffAt), asShown)),
    ...carryOut(act, disabled, which, undo),
  ])
  return found?.fits ? { undo: count > 0 ? undo : undefined, count } : { reason: 'changed' }
}
