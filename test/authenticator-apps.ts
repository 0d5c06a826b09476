import { env } from 'cloudflare:workers'
import { Secret, TOTP } from 'otpauth'
import { readEnv } from '../src/env'
import { newRecoveryCodes } from '../src/models/identity/recovery-code'
import { sealTotpSecret } from '../src/models/identity/totp-secret'
import { newTotpSetup, sealSetup } from '../src/models/identity/totp-setup'
import { one, run } from './database'

const keys = readEnv(env).TOTP_KEYS

/** What an app with this secret shows at a time (ms). */
export const codeFor = (secret: string, at = Date.now()) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at })

const OF_THE_CAST = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

/** The same of the app that somebody of the cast has. */
export const codeAt = (at = Date.now()) => codeFor(OF_THE_CAST, at)

/** Somebody of the cast has an authenticator app. */
export async function hasAuthenticatorApp(name: string, secret = OF_THE_CAST) {
  const sealed = await sealTotpSecret(keys, { userId: `user-${name}`, secret }, Date.now())
  await run(
    `INSERT OR IGNORE INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES (?, ?, 'totp', ?, 1, 1)`,
    `app-${name}`,
    `user-${name}`,
    sealed,
  )
}

/** The same, and their sessions have proven it. */
export async function hasProvenAuthenticatorApp(name: string) {
  await hasAuthenticatorApp(name)
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
  return { setup: sealed, code: codeFor(setup.secret, now) }
}
