import { ask } from './ask'

const TIMEOUT_MS = 2_000

/**
 * Whether a password is known from a breach, asked of a k-anonymity range API (https://haveibeenpwned.com/API/v3#PwnedPasswords) with five hex
 * digits of its SHA-1. False where there is no `rangeUrl`; undefined where the API did not tell in time.
 */
export async function isBreached({ rangeUrl, password }: { rangeUrl: string; password: string }): Promise<boolean | undefined> {
  if (!rangeUrl) return false
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(password.normalize('NFC')))
  const hex = new Uint8Array(digest).toHex().toUpperCase()
  const text = await ask(rangeUrl + hex.slice(0, 5), { headers: { 'Add-Padding': 'true' }, timeoutMs: TIMEOUT_MS })
  // A count of 0 is padding.
  return text?.split(/\r?\n/).some((line) => line.startsWith(`${hex.slice(5)}:`) && !line.endsWith(':0'))
}

/** Whether the API answers, and knows the most common password of all. Undefined where there is none. */
export const breachesAreKnown = async (rangeUrl: string) =>
  rangeUrl ? (await isBreached({ rangeUrl, password: 'password' })) === true : undefined
