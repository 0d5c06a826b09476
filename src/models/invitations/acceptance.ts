import { and, eq, gt, type SQL, sql } from 'drizzle-orm'
import { type From, from } from '../../db/from'
import { raw } from '../../db/raw'
import { invitations } from '../../db/schema/invitations'
import { members } from '../../db/schema/members'
import { record } from '../activity/activity'
import type { Act } from '../core/act'
import { randomId } from '../core/random'
import { nameKey } from '../core/search-key'
import { setPassword, usersWhere } from '../identity/credential'
import { proveAddress } from '../identity/proof'
import { warnAt } from '../members/end-date'
import { closing } from './due'
import { byJti, isNotSuspended } from './invitation'
import { tell } from './notice'

/** An address without an account brings a password; one with an account brings the user that it proved to be. */
export type Joining = NewAccount | { userId: string; name?: string | null }
type NewAccount = { passwordHash: string; name: string | null }

/** What the one write that closed the invitation left for everything else in its batch to select by. */
type Closed = { nonce: string; jti: string; userId: string }

/**
 * The member becomes active with the role and access then in the database. A link that was only ever emailed proves the address; a copied one does
 * not. @returns false when the link was not open any more, or the address gained or lost its account meanwhile
 */
export async function accept(act: Act, jti: string, joining: Joining): Promise<boolean> {
  const isNew = !('userId' in joining)
  const closed: Closed = { nonce: randomId(), jti, userId: isNew ? crypto.randomUUID() : joining.userId }
  const [won] = await act.db.batch([
    closeInvitation(act, closed, isNew ? noAccount : accountOf(closed.userId)),
    ...(isNew ? createAccount(act, closed, joining) : [proveAddress(act, closed.userId, provesAddress(closed))]),
    activate(act, closed, joining.name ?? null),
    record(act, 'accepted', invitee(closed)),
    tell(act, 'accepted', invitee(closed)),
  ])
  return won.length === 1
}

const noAccount = sql`NOT EXISTS (SELECT 1 FROM users u WHERE u.email_key = m.email_key)`
const accountOf = (userId: string) => sql`EXISTS (SELECT 1 FROM users u WHERE u.email_key = m.email_key AND u.id = ${userId})`

/** `who` is a condition over the member `m`. */
const closeInvitation = ({ db, now }: Act, { nonce, jti }: Closed, who: SQL) =>
  db
    .update(invitations)
    .set(closing('accepted', nonce, now))
    .where(
      and(
        byJti(jti),
        eq(invitations.state, 'open'),
        gt(invitations.expiresAt, now),
        sql`EXISTS (SELECT 1 FROM members m WHERE m.id = ${invitations.memberId} AND m.status = 'pending' AND coalesce(m.ends_at > ${now}, 1) AND ${isNotSuspended} AND ${who})`,
      ),
    )
    .returning({ id: invitations.id })

const invitee = ({ nonce }: Closed): From<'i' | 'm'> =>
  from(sql`invitations i JOIN members m ON m.id = i.member_id WHERE i.write_nonce = ${nonce}`, 'i', 'm')

const createAccount = (act: Act, closed: Closed, { passwordHash, name }: NewAccount) => [
  raw(
    act.db,
    sql`
    INSERT INTO users (id, email, email_key, name, proved_at, created_at)
    SELECT ${closed.userId}, m.email, m.email_key, ${name}, iif(i.jti = ${closed.jti}, ${act.now}, NULL), ${act.now} FROM ${invitee(closed)}`,
  ),
  setPassword(act, passwordHash, usersWhere(sql`u.id = ${closed.userId}`)),
]

/** The `jti` that was copied to be handed over does not. */
const provesAddress = ({ nonce, jti }: Closed) =>
  sql`EXISTS (SELECT 1 FROM invitations i WHERE i.write_nonce = ${nonce} AND i.jti = ${jti})`

/**
 * A session from before somebody left must not come back with them, so that theirs count from the departure on. The name they were invited under is
 * cleared. If the account has another one, `rekeyPeople` writes the search key anew.
 */
const activate = ({ db, now }: Act, { nonce, userId }: Closed, name: string | null) =>
  db
    .update(members)
    .set({
      status: 'active',
      userId,
      joinedAt: now,
      endWarnAt: warnAt(sql`${members.endsAt}`, now),
      invitedName: null,
      searchKey: sql`${members.searchKey} || iif(${members.invitedName} IS ${name}, '', ${nameKey(name)})`,
      searchForm: sql`(SELECT u.name IS ${name} FROM users u WHERE u.id = ${userId})
        * (coalesce(${members.invitedName}, ${name}) IS ${name}) * ${members.searchForm}`,
      validFrom: sql`coalesce((SELECT d.at + 1 FROM departures d WHERE d.user_id = ${userId} AND d.tenant_id = ${members.tenantId}), 0)`,
    })
    .where(
      and(
        eq(members.status, 'pending'),
        sql`${members.id} = (SELECT i.member_id FROM invitations i WHERE i.write_nonce = ${nonce})`,
      ),
    )
