import { createHash, randomBytes } from 'node:crypto'
import { DAY_MS } from '../src/limits.ts'

const LIFETIME_MS = DAY_MS

/** A token for `GET /setup`, and the SQL that makes it the only one; where there is a workspace already, it stores none and returns no row. */
export function newSetupToken(now: number) {
  const token = randomBytes(32).toString('base64url')
  const hash = createHash('sha256').update(token).digest('hex')
  const insert = `INSERT INTO setup_tokens (token_hash, expires_at) SELECT '${hash}', ${now + LIFETIME_MS}
    WHERE NOT EXISTS (SELECT 1 FROM tenants) RETURNING expires_at`
  return { token, statements: ['DELETE FROM setup_tokens', insert.replaceAll(/\s+/g, ' ')] }
}

/** One row while there is none. */
export const NO_WORKSPACE = 'SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM tenants)'
