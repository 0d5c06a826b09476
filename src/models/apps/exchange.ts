import { type SQL, sql } from 'drizzle-orm'
import type { Db, Statement } from '../../db/connect'
import { membersWhere } from '../../db/from'
import { asJson, record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import {
  beginGrant,
  dropExpired,
  dropToken,
  endGrant,
  hasBegun,
  isUsedBy,
  keepToken,
  type NewGrant,
  type NewToken,
  nameSubject,
  touchGrant,
  useToken,
} from './signing-in'

/** What a request of an app wants written. `use`: a code or token that counts once. */
export type Write =
  | { kind: 'keep'; token: NewToken }
  | { kind: 'use'; id: string }
  | { kind: 'drop'; id: string }
  | { kind: 'end'; grantId: string }

/**
 * Writes all of it in one batch. @returns false where another request has used the code or token first: nothing was kept then, and whatever it has
 * given ends (RFC 9700 4.14.2)
 */
export async function settleExchange(
  db: Db,
  { writes, grantId }: { writes: Write[]; grantId: string | undefined },
  now: number,
): Promise<boolean> {
  const used = writes.find((write) => write.kind === 'use')
  const nonce = randomId()
  const when = used ? isUsedBy(used.id, nonce) : sql`true`
  const rest = writes.flatMap((write) => statementsOf(db, write, when, now))
  if (!used) {
    if (rest.length > 0) await batch(db, rest)
    return true
  }
  const touched = grantId
    ? [touchGrant(db, grantId, now, when), endUnless(db, grantId, when, now), dropExpired(db, grantId, now)]
    : []
  const [won] = await batch(db, [useToken(db, used.id, nonce, now), ...rest, ...touched])
  return won.length === 1
}

const statementsOf = (db: Db, write: Write, when: SQL, now: number): Statement<unknown>[] => {
  if (write.kind === 'keep') return [keepToken(db, write.token, now, when)]
  if (write.kind === 'drop') return [dropToken(db, write.id)]
  return write.kind === 'end' ? [endGrant(db, write.grantId, now)] : []
}

const endUnless = (db: Db, grantId: string, when: SQL, now: number) => endGrant(db, grantId, now, sql`NOT ${when}`)

/**
 * Signs somebody in to an app, which the log says once for each of their sessions. @returns false where what it rests on has changed since it was
 * read: to be asked again
 */
export async function signInTo(act: MemberAct, grant: NewGrant, writes: Write[]): Promise<boolean> {
  const { db, now } = act
  const tokens = writes.flatMap((write) => (write.kind === 'keep' ? keepToken(db, write.token, now) : []))
  const [, begun] = await batch(db, [nameSubject(db, grant), beginGrant(db, grant, now), ...tokens, recordSignIn(act, grant)])
  return begun?.length === 1
}

const recordSignIn = (act: MemberAct, { grantId, memberId, app }: NewGrant) =>
  record(
    act,
    'app_signed_in',
    membersWhere(sql`m.tenant_id = ${act.tenantId} AND m.id = ${memberId} AND ${hasBegun(grantId, act.now)}`),
    {
      after: asJson({ app: app.name }),
    },
  )

const batch = async (db: Db, [first, ...others]: Statement<unknown>[]): Promise<[unknown[], ...unknown[][]]> =>
  (first ? await db.batch([first, ...others]) : [[]]) as [unknown[], ...unknown[][]]
