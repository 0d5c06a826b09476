import { env } from 'cloudflare:workers'

/** `TEST_SEED=... npx vitest run ...` makes a run again that failed with it. */
export const seedOfRun = () => (env.TEST_SEED ? Number(env.TEST_SEED) : crypto.getRandomValues(new Uint32Array(1))[0]) ?? 0

/** A number from 0 to below 1, the same for the same seed and name: whatever happens between two of them, neither moves the other. */
export function chance(seed: number, name: string): number {
  let hash = seed | 0
  for (const character of `${seed}:${name}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

export function oneOf<T>(seed: number, name: string, [first, ...others]: readonly [T, ...T[]]): T {
  return [first, ...others][Math.floor(chance(seed, name) * (others.length + 1))] ?? first
}
