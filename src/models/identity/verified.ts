import { and, type SQL, sql } from 'drizzle-orm'
import type { Statement } from '../../db/connect'
import { raw } from '../../db/raw'
import type { Act } from '../core/act'

/**
 * What somebody was just verified to have, as it stood when it was read. Verifying takes long enough for another request to come in between, so
 * that whatever rests on it asks `stillHold` in its own statement, and spends it in the same batch. `counter` is what the credential counts to now.
 */
export type Verified =
  | { kind: 'password'; userId: string; secret: string }
  | { kind: 'passkey'; userId: string; id: string; counter: number; backedUp: boolean }
  /** `sealedAnew`: its secret under the newest key, where an older one sealed it. */
  | { kind: 'totp'; userId: string; id: string; counter: number; sealedAnew?: string | undefined }
  /** `left`: how many there are besides. */
  | { kind: 'recovery'; userId: string; id: string; left: number }
  /** A right password given before, in this browser. */
  | { kind: 'sign_in'; userId: string; id: string }

/** One person's, all of it. */
export type Proofs = readonly [Verified, ...Verified[]]

/** The second factor among them, if there is one: a passkey is both factors. */
export const factorOf = (proofs: Proofs) => {
  const kinds = proofs.map(({ kind }) => kind)
  return kinds.find((kind) => kind === 'passkey' || kind === 'totp' || kind === 'recovery')
}

/** Nothing of it was changed, removed or used since it was verified. */
export const stillHold = (proofs: Proofs, now: number): SQL => and(...proofs.map((proof) => stillHolds(proof, now))) ?? sql`false`

function stillHolds(proof: Verified, now: number): SQL {
  if (proof.kind === 'sign_in')
    return sql`EXISTS (SELECT 1 FROM sign_ins h WHERE h.id = ${proof.id} AND h.user_id = ${proof.userId} AND h.expires_at > ${now})`
  return sql`EXISTS (SELECT 1 FROM credentials k WHERE k.user_id = ${proof.userId} AND k.kind = ${proof.kind} AND ${unused(proof)})`
}

function unused(proof: Exclude<Verified, { kind: 'sign_in' }>): SQL {
  if (proof.kind === 'password') return sql`k.secret = ${proof.secret}`
  if (proof.kind === 'recovery') return sql`k.id = ${proof.id}`
  // A passkey that does not count stays at 0.
  const counts = proof.kind === 'passkey' && proof.counter === 0 ? sql`k.counter = 0` : sql`k.counter < ${proof.counter}`
  return sql`k.id = ${proof.id} AND ${counts}`
}

/** Uses up what can be used once, where `rested` holds: that the statement which rests on it has written. For later in the same batch. */
export const spend = (act: Act, proofs: Proofs, rested: SQL) => proofs.flatMap((proof) => spendOne(act, proof, rested) ?? [])

function spendOne({ db, now }: Act, proof: Verified, rested: SQL): Statement<unknown> | undefined {
  const { kind, userId } = proof
  if (kind === 'password') return undefined
  if (kind === 'sign_in') return raw(db, sql`DELETE FROM sign_ins WHERE id = ${proof.id} AND ${rested}`)
  const which = sql`user_id = ${userId} AND kind = ${kind} AND id = ${proof.id} AND ${rested}`
  if (kind === 'recovery') return raw(db, sql`DELETE FROM credentials WHERE ${which}`)
  return raw(db, sql`UPDATE credentials SET counter = ${proof.counter}, last_used_at = ${now}${seen(proof)} WHERE ${which}`)
}

function seen(proof: Extract<Verified, { kind: 'passkey' | 'totp' }>): SQL {
  if (proof.kind === 'passkey') return sql`, details = json_set(details, '$.backedUp', ${proof.backedUp ? 1 : 0})`
  return proof.sealedAnew ? sql`, secret = ${proof.sealedAnew}` : sql``
}
