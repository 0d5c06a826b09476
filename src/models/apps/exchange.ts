import { type SQL, sql } from 'drizzle-orm'
import type { Db, Statement } from '../../db/connect'
import { membersWhere } from '../../db/from'
import { asJson, record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { type Assertion, isSpentBy, newMark, spendAssertion } from './assertion'
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

/** What a request of an app wants written. `use`: a code or token that counts once. `spend`: by what the app has proven itself, which does as well. */
export type Write =
  | { kind: 'keep'; token: NewToken }
  | { kind: 'use'; id: string }
  | { kind: 'spend'; assertion: Assertion }
  | { kind: 'drop'; id: string }
  | { kind: 'end'; grantId: string }

/** Of the code or token, or of the assertion, another request was the first. */
export type Settled = 'kept' | 'used' | 'replayed'

type Exchanged = { writes: Write[]; grantId: string | undefined }

/**
 * Writes all of it in one batch. Where another request has used the code or token first, nothing is kept, and whatever it has given ends (RFC 9700
 * 4.14.2). An assertion that was shown before proves nobody: then nothing happens.
 */
export async function settleExchange(db: Db, { writes, grantId }: Exchanged, now: number): Promise<Settled> {
  const [nonce, mark] = [randomId(), newMark()]
  const used = writes.find((write) => write.kind === 'use')
  const spent = writes.find((write) => write.kind === 'spend')?.assertion
  const proven = spent ? isSpentBy(spent, mark) : sql`true`
  const when = used ? isUsedBy(used.id, nonce) : proven
  const firsts = [
    ...(spent ? [spendAssertion(db, spent, mark, now)] : []),
    ...(used ? [useToken(db, used.id, nonce, now, proven)] : []),
  ]
  const rest = writes.flatMap((write) => statementsOf(db, write, { when, proven }, now))
  const ended = sql`NOT ${when} AND ${proven}`
  const touched =
    used && grantId ? [touchGrant(db, grantId, now, when), endGrant(db, grantId, now, ended), dropExpired(db, grantId, now)] : []
  const results = await batch(db, [...firsts, ...rest, ...touched])
  if (spent && results[0].length === 0) return 'replayed'
  return used && results[firsts.length - 1]?.length === 0 ? 'used' : 'kept'
}

const statementsOf = (db: Db, write: Write, { when, proven }: { when: SQL; proven: SQL }, now: number): Statement<unknown>[] => {
  if (write.kind === 'keep') return [keepToken(db, write.token, now, when)]
  if (write.kind === 'drop') return [dropToken(db, write.id, proven)]
  return write.kind === 'end' ? [endGrant(db, write.grantId, now, proven)] : []
}

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

const recordSignIn = (act: MemberAct, { grantId, memberId, app, client }: NewGrant) =>
  record(
    act,
    'app_signed_in',
    membersWhere(sql`m.tenant_id = ${act.tenantId} AND m.id = ${memberId} AND ${hasBegun(grantId, act.now)}`),
    {
      after: asJson({ app: app.name, ...(client && { program: new URL(client).hostname }) }),
    },
  )

const batch = async (db: Db, [first, ...others]: Statement<unknown>[]): Promise<[unknown[], ...unknown[][]]> =>
  (first ? await db.batch([first, ...others]) : [[]]) as [unknown[], ...unknown[][]]
