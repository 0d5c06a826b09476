import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach } from 'vitest'
import { seed } from '../src/dev/seed'

/** Every test starts in the two seeded workspaces: the cast is a teammate, an outsider, somebody pending, somebody disabled. */
beforeEach(async () => {
  await reset()
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  const statements = seed({ passwordHash: env.TEST_PASSWORD_HASH, now: Date.now() })
  await env.DB.batch(statements.map((statement) => env.DB.prepare(statement)))
})
