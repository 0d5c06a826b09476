import { and, eq, inArray, type SQL } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { credentials } from '../../db/schema/identity'
import { sha256 } from '../core/random'
import { type Keyring, signerOf } from './keyring'
import { recoveryCodeIn } from './recovery-code'
import { sealedStart, TOTP_SECRET } from './sealed-start'
import { codeIn, openTotpSecret, sealTotpSecret, timeStepOf } from './totp-secret'
import type { Verified } from './verified'

/** What somebody's codes are checked against: the row of their authenticator app, and one for each recovery code that is left. */
export const codesOf = (db: Db, userId: SQL) =>
  db
    .select({
      userId: credentials.userId,
      id: credentials.id,
      kind: credentials.kind,
      secret: credentials.secret,
      counter: credentials.counter,
    })
    .from(credentials)
    .where(and(eq(credentials.userId, userId), inArray(credentials.kind, ['totp', 'recovery'])))

export type CodeRow = Awaited<ReturnType<typeof codesOf>>[number]

/** The secret of an app is there, and no key that we have opens it: docs/operations.md says what to do. */
export class UnreadableTotpSecret extends Error {
  override readonly name = 'UnreadableTotpSecret'
}

/**
 * What a typed code proves: six digits are the app's, one step of 30 s early or late and never a step that was used (RFC 6238, 5.2), anything else a
 * recovery code. Undefined where it proves nothing. `keys` are TOTP_KEYS, `rows` those of `codesOf`. What rests on it asks `stillHold` and `spend`.
 * @throws UnreadableTotpSecret for six digits where the app's secret cannot be opened
 */
export function verifyCode(keys: Keyring, rows: CodeRow[], typed: string, now: number): Promise<Verified | undefined> {
  const code = codeIn(typed)
  return code ? verifyTotp(keys, rows, code, now) : verifyRecovery(rows, typed)
}

async function verifyTotp(keys: Keyring, rows: CodeRow[], code: string, now: number): Promise<Verified | undefined> {
  const app = rows.find(({ kind }) => kind === 'totp')
  if (!app) return undefined
  const secret = await openTotpSecret(keys, { userId: app.userId, sealed: app.secret }, now)
  if (secret === undefined) throw new UnreadableTotpSecret()
  const step = timeStepOf(secret, code, now)
  if (step === undefined || step <= app.counter) return undefined
  const { userId, id } = app
  return { kind: 'totp', userId, id, counter: step, sealedAnew: await sealedAnew(keys, app, secret, now) }
}

/** Undefined where the newest key sealed it already. */
const sealedAnew = async (keys: Keyring, { userId, secret: sealed }: CodeRow, secret: string, now: number) =>
  sealed.startsWith(sealedStart(TOTP_SECRET, signerOf(keys, now).kid))
    ? undefined
    : await sealTotpSecret(keys, { userId, secret }, now)

async function verifyRecovery(rows: CodeRow[], typed: string): Promise<Verified | undefined> {
  const code = recoveryCodeIn(typed)
  const hash = code && (await sha256(code))
  const codes = rows.filter(({ kind }) => kind === 'recovery')
  const found = codes.find(({ secret }) => secret === hash)
  return found && { kind: 'recovery', userId: found.userId, id: found.id, left: codes.length - 1 }
}
