import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { seed } from '../src/dev/seed'

/** The two seeded workspaces and nothing else: the cast is a teammate, an outsider, somebody pending, somebody disabled. */
export const startOver = () => begin(seed({ passwordHash: env.TEST_PASSWORD_HASH, now: Date.now() }))

/** As a deployment is before anybody came. */
export const startEmpty = () => begin([])

async function begin(rows: string[]) {
  await reset()
  // One batch: `applyD1Migrations` asks for every statement by itself, which took half of a small test's time.
  await env.DB.batch([...env.TEST_SCHEMA, ...rows].map((statement) => env.DB.prepare(statement)))
}
