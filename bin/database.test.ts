import { expect, it } from 'vitest'
import { deployedDatabase, localDatabase } from './database.ts'
import { WranglerFailed } from './wrangler.ts'

it.each(['no such table: tenants', 'no such column: m.invited_name at offset 56'])(
  'where the database is not migrated, a command says what to run instead of what SQLite says: %s',
  async (missing) => {
    const unmigrated = async () => {
      throw new WranglerFailed(`npx wrangler d1 execute DB\n{ "error": { "text": "${missing}: SQLITE_ERROR" } }`)
    }
    await expect(localDatabase(unmigrated)([])).rejects.toThrow(/^The local database is missing or not migrated: "npm run dev" /)
    await expect(deployedDatabase('wrangler.toml', unmigrated)([])).rejects.toThrow(
      /^The database is older than this checkout: "npm run deploy" migrates it\.$/,
    )
  },
)

it('what else goes wrong there is said as it is', async () => {
  const broken = localDatabase(async () => {
    throw new WranglerFailed('npx wrangler d1 execute DB --local\ndisk I/O error')
  })
  await expect(broken([])).rejects.toThrow('disk I/O error')
})
