import { HALF_SIGN_IN } from '../src/limits'
import { randomId, sha256 } from '../src/models/core/random'
import { newBrowser } from '../src/models/identity/known-browser'
import { Client } from './client'
import { run } from './database'

export const RECOVERY_CODE = 'AAAA-BBBB-CCCC-DDDD-EEEE-FFFF'

/** A recovery code that a test knows. */
export const hasRecoveryCode = async (name: string, code = RECOVERY_CODE) =>
  run(
    `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES (?, ?, 'recovery', ?, 1, 1)`,
    randomId(),
    `user-${name}`,
    await sha256(code.replaceAll('-', '')),
  )

/** A sign-in whose password was right, in the browser of this client; `id` is what its form says. */
export async function halfSignedIn(name: string, id = randomId()) {
  const [client, browser, now] = [new Client(), await newBrowser(), Date.now()]
  await client.isBrowser(browser.secret)
  await run(
    'INSERT OR REPLACE INTO sign_ins (id, user_id, browser_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?)',
    id,
    `user-${name}`,
    browser.hash,
    now,
    now + HALF_SIGN_IN.lifetimeMs,
  )
  return client
}
