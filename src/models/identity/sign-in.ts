import { sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { record } from '../activity/activity'
import type { Act } from '../core/act'
import { keyOf } from '../core/address'
import { isActive } from '../members/active'
import { lastWorkspaceOf, toViewer, type Viewer, viewerOf } from '../members/viewer'
import { passwordOf, rehash } from './credential'
import { hashQueue } from './hash-queue'
import { hashPassword, verifyPassword } from './password'
import { activeMembersOf, hasStarted, type NewSession, newSession, type Origin, startSession } from './session'
import { blockedUntil, countTry, forgetTries, notBlocked, rewriteTry, signInByAccount, signInByIp } from './throttle'
import type { Verified } from './verified'

export type Credentials = { email: string; password: string }
/** `viewer` is who they are in the workspace that they used last; undefined where none is open to them. */
export type SignedIn = { session: NewSession; userId: string; viewer: Viewer | undefined }
export type SignInRefusal = { reason: 'wrong' } | { reason: 'too_many_tries'; retryAt: number }

/**
 * An account is an identity: its password signs in whatever its memberships, and each workspace says for itself who enters. Unknown, pending,
 * disabled and known addresses cost the same statements and one hash. `former` is the hash of the secret that the browser had before.
 * @throws HashQueueFull before the try is counted
 */
export async function signIn(
  act: Act,
  { email, password }: Credentials,
  from: Origin,
  former: string | undefined,
): Promise<SignedIn | SignInRefusal> {
  hashQueue.expectRoom()
  const key = keyOf(email)
  const [account, network] = [signInByAccount(key), signInByIp(from.ip)]
  const [mayAccount, mayNetwork, [blocked], [found]] = await act.db.batch([
    countTry(act, account, notBlocked(network, act.now)),
    countTry(act, network),
    blockedUntil(act.db, [account, network]),
    passwordOf(act, key),
  ])
  if (mayNetwork.length === 0 || mayAccount.length === 0) return { reason: 'too_many_tries', retryAt: blocked?.until ?? act.now }

  const { ok, stale } = await verifyPassword(found?.passwordHash ?? undefined, password)
  if (!ok || !found?.passwordHash) return refuse(act, key)
  const proven = { kind: 'password', userId: found.userId, secret: found.passwordHash } as const
  const upgraded = stale ? await hashPassword(password) : undefined
  return (await begin(act, proven, { key, from, former, upgraded })) ?? refuse(act, key)
}

async function refuse(act: Act, key: string): Promise<SignInRefusal> {
  await act.db.batch([
    rewriteTry(act.db, signInByAccount(key)),
    record(act, 'sign_in_failed', membersWhere(sql`m.email_key = ${key} AND ${isActive(act.now, 'm')}`)),
  ])
  return { reason: 'wrong' }
}

type Password = Extract<Verified, { kind: 'password' }>
type Arrival = { key: string; from: Origin; former: string | undefined; upgraded: string | undefined }

/** Undefined where the password was changed while it was verified. */
async function begin(act: Act, proven: Password, { key, from, former, upgraded }: Arrival): Promise<SignedIn | undefined> {
  const session = await newSession()
  const started = hasStarted(session)
  const visitor = { db: act.db, secretHash: session.secretHash, now: act.now }
  const [[begun], , , [viewer]] = await act.db.batch([
    ...startSession(act, session, [proven], from, former),
    viewerOf({ ...visitor, tenantId: lastWorkspaceOf(visitor) }),
    ...forgetTries(act.db, signInByAccount(key), signInByIp(from.ip), started),
    record(act, 'signed_in', activeMembersOf(act, sql`${proven.userId}`, started)),
    ...(upgraded ? [rehash(act, proven, upgraded)] : []),
  ])
  if (!begun) return undefined
  const found = toViewer(viewer)
  return { session, userId: proven.userId, viewer: 'reason' in found ? undefined : found }
}
