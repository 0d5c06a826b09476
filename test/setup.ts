import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import crypto, { scryptSync } from 'node:crypto'
import { beforeAll, beforeEach } from 'vitest'
import { startOver } from './world'

/** Real work for a password takes a quarter of a second, hundreds of times; with REAL_SCRYPT a test pays for it. */
Object.assign(crypto, {
  scryptSync: (...[password, salt, length, cost]: Parameters<typeof scryptSync>) =>
    scryptSync(password, salt, length, process.env.REAL_SCRYPT ? cost : { ...cost, N: 16 }),
})

/** A line for each of a hundred thousand requests helps nobody; what fails is still shown. */
Object.assign(console, { log: () => undefined })

/** In a worker that goes on from another file, the first reset now and then leaves what that file wrote. */
beforeAll(async () => {
  while (await somethingIsLeft()) await reset()
})

beforeEach(startOver)

async function somethingIsLeft() {
  const { keys } = await env.USED_TOKENS.list()
  return keys.length > 0 || (await env.DB.prepare("SELECT 1 FROM sqlite_master WHERE name = 'tenants'").first()) !== null
}
