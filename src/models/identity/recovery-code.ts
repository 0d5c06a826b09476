import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { RECOVERY_CODES } from '../../limits'
import type { Act } from '../core/act'
import { randomId, sha256 } from '../core/random'

/** Crockford's base32, which has none of the letters I, L, O and U: five bits each. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 120 bits, above the 112 from which on a plain hash may keep a code (ASVS 5.0, 6.5.2). */
const LENGTH = 24
const GROUP = 4

const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`)

/** `codes` in groups, to be shown once; `rows` are the ids and hashes that are kept of them. */
export type RecoveryCodes = { codes: string[]; rows: [id: string, hash: string][] }

export async function newRecoveryCodes(): Promise<RecoveryCodes> {
  const codes = Array.from({ length: RECOVERY_CODES }, newCode)
  return { codes, rows: await Promise.all(codes.map(async (code) => [randomId(), await hashOf(code)] as [string, string])) }
}

const hashOf = (code: string) => sha256(code.replaceAll('-', ''))

/** Where `when` holds. Returns a row for each. */
export const insertRecoveryCodes = ({ db, now }: Act, userId: string, { rows }: RecoveryCodes, when: SQL) =>
  raw<{ id: string }>(
    db,
    sql`
    INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
    SELECT j.value ->> 0, ${userId}, 'recovery', j.value ->> 1, ${now}, ${now} FROM json_each(${JSON.stringify(rows)}) j WHERE ${when}
    RETURNING id`,
  )

/** For what rides in the batch that writes them. */
export const areWritten = (userId: string, { rows: [first] }: Pick<RecoveryCodes, 'rows'>) =>
  sql`EXISTS (SELECT 1 FROM credentials k WHERE k.user_id = ${userId} AND k.kind = 'recovery' AND k.id = ${first?.[0]})`

const newCode = () => inGroups(Array.from(crypto.getRandomValues(new Uint8Array(LENGTH)), (byte) => ALPHABET[byte % 32]).join(''))

const inGroups = (code: string) => code.replaceAll(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-')

/** The code that somebody typed, without separators: in any case, and with letters that look like its digits. Undefined for anything else. */
export function recoveryCodeIn(typed: string): string | undefined {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  return CODE.test(code) ? code : undefined
}
