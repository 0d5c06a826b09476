import { sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import type { Act } from '../core/act'
import { keyOf } from '../core/address'
import { randomId } from '../core/random'
import { isActive } from '../members/active'
import { passwordOf, rehash } from './credential'
import { beginHalf, type HalfSignIn, halfSignIn } from './half-sign-in'
import { hashQueue } from './hash-queue'
import { hashPassword, verifyPassword } from './password'
import { type Arrival, finishSignIn, type SignedIn } from './sign-in-finish'
import { BEGUN, proceed } from './sign-in-state'
import { type Counted, countedOf, countProof, failProof, type Prover, returnProof } from './sign-in-tries'
import type { Verified } from './verified'

export type Credentials = { email: string; password: string }
/** The password was right, and the second factor is asked for. */
export type HalfSignedIn = { half: HalfSignIn }
export type SignInRefusal = { reason: 'wrong' } | { reason: 'too_many_tries'; retryAt: number }

/**
 * An account is an identity: its password signs in whatever its memberships, and each workspace says for itself who enters. Unknown, pending,
 * disabled and known addresses cost the same statements and one hash. Where the person has a second factor, `keepBrowser` is asked for the hash of
 * the browser that it will be given in.
 * @throws HashQueueFull before the try is counted
 */
export async function signIn(
  act: Act,
  { email, password }: Credentials,
  arrival: Arrival,
  keepBrowser: () => Promise<string>,
): Promise<SignedIn | HalfSignedIn | SignInRefusal> {
  hashQueue.expectRoom()
  const key = keyOf(email)
  const prover: Prover = { emailKey: sql`${key}`, browser: arrival.browser, ip: arrival.from.ip }
  const [account, network, gate, [found]] = await act.db.batch([...countProof(act, prover), passwordOf(act, key)])
  const counted = countedOf([account, network, gate], act.now)
  if ('retryAt' in counted) return { reason: 'too_many_tries', retryAt: counted.retryAt }

  const { ok, stale } = await verifyPassword(found?.passwordHash ?? undefined, password)
  if (!ok || !found?.passwordHash) return refuse(act, counted, key)
  const proven = { kind: 'password', userId: found.userId, secret: found.passwordHash } as const
  const after = { counted, upgraded: stale ? await hashPassword(password) : undefined }
  const state = proceed(BEGUN, { kind: 'password', right: true, factors: found.factors, now: act.now })
  if (state.step === 'signed_in') return (await finishSignIn(act, [proven], arrival, after)) ?? refuse(act, counted, key)
  if (state.step !== 'half') return refuse(act, counted, key)
  const half = await begin(act, proven, { ...after, browser: await keepBrowser() }, state.expiresAt)
  return half ?? refuse(act, counted, key)
}

async function refuse(act: Act, counted: Counted, key: string): Promise<SignInRefusal> {
  await failProof(act, counted, membersWhere(sql`m.email_key = ${key} AND ${isActive(act.now, 'm')}`))
  return { reason: 'wrong' }
}

type Password = Extract<Verified, { kind: 'password' }>

/** Takes its own try back and clears no counter: only a finished sign-in does. Undefined where the password or the factors changed meanwhile. */
async function begin(
  act: Act,
  proven: Password,
  { browser, counted, upgraded }: { browser: string; counted: Counted; upgraded: string | undefined },
  expiresAt: number,
): Promise<HalfSignedIn | undefined> {
  const id = randomId()
  const begun = sql`EXISTS (SELECT 1 FROM sign_ins h WHERE h.id = ${id})`
  const [, [half]] = await act.db.batch([
    beginHalf(act, proven, { id, browser }, expiresAt),
    halfSignIn(act.db, { id, browser }),
    ...returnProof(act, counted, begun),
    ...(upgraded ? [rehash(act, proven, upgraded)] : []),
  ])
  return half && { half }
}
