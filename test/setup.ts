import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach } from 'vitest'
import { seed } from '../src/dev/seed'

/** Every test starts in the two seeded workspaces: the cast is a teammate, an outsider, somebody pending, somebody disabled. */
beforeEach(async () => {
  await reset()
  const migrations = env.TEST_MIGRATIONS.flatMap(({ queries }) => queries)
  const seeds = seed({ passwordHash: env.TEST_PASSWORD_HASH, now: Date.now() })
  // One batch: `applyD1Migrations` asks for every statement by itself, which took half of a small test's time.
  await env.DB.batch([...migrations, ...seeds].map((statement) => env.DB.prepare(statement)))
})
