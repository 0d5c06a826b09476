import { sha256 } from '../src/models/core/random'
import { run } from './database'

export const SETUP_TOKEN = 's'.repeat(43)
const DAY_MS = 24 * 60 * 60_000

/** As `npm run deploy` leaves it; `expiresAt` is ms. */
export const allowSetup = async (expiresAt = Date.now() + DAY_MS, token = SETUP_TOKEN) =>
  run('INSERT INTO setup_tokens (token_hash, expires_at) VALUES (?, ?)', await sha256(token), expiresAt)
