import { and, eq, gt, type SQL, sql } from 'drizzle-orm'
import { type From, from } from '../../db/from'
import { raw } from '../../db/raw'
import { invitations } from '../../db/schema/invitations'
import { members } from '../../db/schema/members'
import { record } from '../activity/activity'
import type { Act } from '../core/act'
import { randomId } from '../core/random'
import { nameKey } from '../core/search-key'
import { insertFactor, isAdded, type NewFactor } from '../identity/add-factor'
import { setPassword, usersWhere } from '../identity/credential'
import { insertRecoveryCodes, type RecoveryCodes } from '../identity/recovery-code'
import { type NewOwner, takeOverAs } from '../identity/take-over'
import { warnAt } from '../members/end-date'
import { restrictsDomains } from './domains'
import { closing } from './due'
import { byJti, isNotSuspended } from './invitation'
import { tell } from './notice'

/**
 * An address without an account brings a password; one with a proven account the user that it proved to be; one with an unproven account a new
 * password, and what to keep of it.
 */
export type Joining = NewAccount | WithPasskey | TakenOver | { userId: string; name?: string | null }
/** Of somebody new who has no password: `newId` is by what their device knows them. */
export type WithPasskey = { newId: string; passkey: NewFactor; codes: RecoveryCodes; name: string | null }
type NewAccount = { passwordHash: string; name: string | null }
type TakenOver = NewOwner & { userId: string }

/** What the one write that closed the invitation left for everything else in its batch to select by. */
type Closed = { nonce: string; jti: string; userId: string }

/**
 * The member becomes active with the role and access then in the database. A link that was only ever emailed proves the address; a copied one does
 * not, so that it makes an account, lets nobody in who has one already that is unproven, and is none where only some domains are allowed. @returns false when the link was not open any more, or
 * the address gained, proved or lost its account meanwhile
 */
export async function accept(act: Act, jti: string, joining: Joining): Promise<boolean> {
  const closed: Closed = { nonce: randomId(), jti, userId: idOf(joining) }
  const [won] = await act.db.batch([
    closeInvitation(act, closed, mayJoin(closed, joining)),
    ...accountFor(act, closed, joining),
    activate(act, closed, joining.name ?? null),
    record(act, 'accepted', invitee(closed)),
    tell(act, 'accepted', invitee(closed)),
  ])
  return won.length === 1
}

const idOf = (joining: Joining) => ('userId' in joining ? joining.userId : 'newId' in joining ? joining.newId : crypto.randomUUID())

/** Over the invitation that is closed and its member `m`. */
function mayJoin({ jti, userId }: Closed, joining: Joining) {
  const isEmailed = sql`${invitations.jti} = ${jti}`
  if (!('userId' in joining))
    return sql`NOT EXISTS (SELECT 1 FROM users u WHERE u.email_key = m.email_key) AND ${isNobodys(joining)} AND (${isEmailed} OR NOT ${restrictsDomains(sql`m.tenant_id`)})`
  const theirs = sql`SELECT 1 FROM users u WHERE u.email_key = m.email_key AND u.id = ${userId}`
  if (!('passwordHash' in joining)) return sql`EXISTS (${theirs} AND u.proved_at IS NOT NULL)`
  return sql`${isEmailed} AND EXISTS (${theirs} AND u.proved_at IS NULL)`
}

/** A passkey is of one person. */
const isNobodys = (joining: NewAccount | WithPasskey) =>
  'passkey' in joining
    ? sql`NOT EXISTS (SELECT 1 FROM credentials k WHERE k.kind = 'passkey' AND k.id = ${joining.passkey.id})`
    : sql`true`

function accountFor(act: Act, closed: Closed, joining: Joining) {
  if ('passkey' in joining) return createWithPasskey(act, closed, joining)
  if (!('passwordHash' in joining)) return []
  if (!('userId' in joining)) return createAccount(act, closed, joining)
  const account = sql`(SELECT u.id FROM users u WHERE u.id = ${closed.userId} AND EXISTS (SELECT 1 FROM ${invitee(closed)}))`
  return takeOverAs(act, account, sql`(SELECT m.tenant_id FROM ${invitee(closed)})`, joining)
}

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
  createUser(act, closed, name),
  setPassword(act, passwordHash, usersWhere(sql`u.id = ${closed.userId}`)),
]

const createWithPasskey = (act: Act, closed: Closed, { passkey, codes, name }: WithPasskey) => [
  createUser(act, closed, name),
  insertFactor(act, sql`${closed.userId}`, passkey, sql`true`),
  insertRecoveryCodes(act, closed.userId, codes, isAdded(closed.userId, passkey, act.now)),
]

const createUser = ({ db, now }: Act, closed: Closed, name: string | null) =>
  raw(
    db,
    sql`
    INSERT INTO users (id, email, email_key, name, proved_at, created_at)
    SELECT ${closed.userId}, m.email, m.email_key, ${name}, iif(i.jti = ${closed.jti}, ${now}, NULL), ${now} FROM ${invitee(closed)}`,
  )

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
