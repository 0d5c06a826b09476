import { env } from 'cloudflare:workers'
import { Secret, TOTP } from 'otpauth'
import { readEnv } from '../src/env'
import { newRecoveryCodes } from '../src/models/identity/recovery-code'
import { newTotpSetup, sealSetup } from '../src/models/identity/totp-setup'
import { one, run } from './database'
import { hasApp } from './half-sign-in'

const keys = readEnv(env).TOTP_KEYS

/** What an app with this secret shows at a time (ms). */
export const codeAt = (secret: string, at = Date.now()) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at })

/** Somebody of the cast has an authenticator app, which their sessions have proven. */
export async function hasProvenApp(name: string) {
  await hasApp(name)
  await run(`UPDATE sessions SET factor = 'totp', factor_at = ? WHERE user_id = ?`, Date.now(), `user-${name}`)
}

/** Somebody of the cast has recovery codes, made then (ms). @returns them */
export async function hasRecoveryCodes(name: string, now = Date.now()) {
  const { codes, rows } = await newRecoveryCodes()
  for (const [id, hash] of rows)
    await run(
      `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES (?, ?, 'recovery', ?, ?, ?)`,
      id,
      `user-${name}`,
      hash,
      now,
      now,
    )
  return codes
}

/** The form of the page on which an app is set up, in the last session of somebody, filled in. */
export async function totpForm(name: string, replaces: string | null = null, now = Date.now()) {
  const session = await one<{ id: string }>(
    'SELECT id FROM sessions WHERE user_id = ? ORDER BY created_at DESC LIMIT 1',
    `user-${name}`,
  )
  const setup = newTotpSetup(replaces)
  const sealed = await sealSetup(keys, { userId: `user-${name}`, holder: session?.id ?? '' }, setup, now)
  return { setup: sealed, code: codeAt(setup.secret, now) }
}
