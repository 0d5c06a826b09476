import { APP_KEYS } from '../../limits'

export type Jwks = { keys: Record<string, unknown>[] }
export type KeysReason = 'missing' | 'not_json' | 'no_keys' | 'private' | 'symmetric' | 'too_many'

/** By type of key, what its public half is made of (RFC 7518 6). */
const PUBLIC: Record<string, string[]> = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] }

/** The public keys of a tool: a JSON Web Key Set, or one key of it. Refuses private ones, which nobody but the tool may have. */
export function checkKeys(typed: string): { value: Jwks | null; problem?: KeysReason } {
  const keys = typed.length > APP_KEYS.characters ? undefined : keysIn(typed)
  const problem = problemOf(typed, keys)
  return problem ? { value: null, problem } : { value: { keys: keys ?? [] } }
}

function problemOf(typed: string, keys: Record<string, unknown>[] | undefined): KeysReason | undefined {
  if (!typed.trim()) return 'missing'
  if (typed.length > APP_KEYS.characters || (keys?.length ?? 0) > APP_KEYS.most) return 'too_many'
  if (!keys) return 'not_json'
  if (keys.some(({ kty }) => kty === 'oct')) return 'symmetric'
  if (keys.some((key) => 'd' in key)) return 'private'
  return keys.length > 0 && keys.every(isPublicKey) ? undefined : 'no_keys'
}

function keysIn(typed: string) {
  try {
    const read: unknown = JSON.parse(typed)
    const keys = isObject(read) && Array.isArray(read.keys) ? read.keys : [read]
    return keys.every(isObject) ? keys : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isPublicKey = (key: Record<string, unknown>) =>
  PUBLIC[String(key.kty)]?.every((part) => typeof key[part] === 'string' && key[part] !== '') ?? false
