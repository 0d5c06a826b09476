import { expect, it } from 'vitest'
import { localDatabase } from './database.ts'
import { WranglerFailed } from './wrangler.ts'

it('where npm run dev never ran, a command says so instead of what SQLite misses', async () => {
  const empty = localDatabase(async () => {
    throw new WranglerFailed('npx wrangler d1 execute DB --local\n{ "error": { "text": "no such table: tenants: SQLITE_ERROR" } }')
  })
  await expect(empty([])).rejects.toThrow(/^There is no local database yet: "npm run dev" makes it\.$/)
})

it('what else goes wrong there is said as it is', async () => {
  const broken = localDatabase(async () => {
    throw new WranglerFailed('npx wrangler d1 execute DB --local\ndisk I/O error')
  })
  await expect(broken([])).rejects.toThrow('disk I/O error')
})
