import { env } from 'cloudflare:workers'

const kv = (answer: () => Promise<string | null>) =>
  Object.assign(Object.create(env.USED_TOKENS) as KVNamespace, { get: answer, put: async () => {} })

/** A KV that has not heard of anything yet, as another location's may. */
export const STALE = kv(async () => null)
/** A KV that calls everything used. */
export const LYING = kv(async () => 'used')
/** A KV that is down. */
export const DOWN = kv(() => Promise.reject(new Error('KV is down')))

export async function emptyKv() {
  const { keys } = await env.USED_TOKENS.list()
  await Promise.all(keys.map(({ name }) => env.USED_TOKENS.delete(name)))
}

export const usedTokens = async () => (await env.USED_TOKENS.list()).keys.map(({ name }) => name)
