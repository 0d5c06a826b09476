import { existsSync } from 'node:fs'
import { Refused } from './cloudflare.ts'
import type { Statement } from './literal.ts'
import { STATE } from './local.ts'
import { type Wrangler, wrangler } from './wrangler.ts'

export type Row = Record<string, string | number | null>

/** Runs statements together or not at all. @returns the rows of each */
export type Database = (statements: Statement[]) => Promise<Row[][]>

/** The database of `npm run dev`. @throws Refused where that never ran, since wrangler makes an empty one, or ran before the last migration */
export const localDatabase = (run = wrangler) =>
  executed(run, ['--local', '--persist-to', STATE], 'The local database is missing or not migrated: "npm run dev" prepares it.')

/** The one that is deployed. @throws Refused where this machine does not know it, or knows later tables than it has */
export function deployedDatabase(config: string, run = wrangler): Database {
  if (!existsSync(config))
    throw new Refused(
      `There is no ${config} on this machine. Run "npm run deploy -- --config-only" first, or name another one by --config.`,
    )
  return executed(run, ['--remote', '--config', config], 'The database is older than this checkout: "npm run deploy" migrates it.')
}

const executed =
  (wrangler: Wrangler, where: string[], unmigrated: string): Database =>
  async (statements) => {
    const command = ['d1', 'execute', 'DB', ...where, '--json', '--yes', '--command', statements.join('; ')]
    const results: { results: Row[] }[] = JSON.parse(
      await wrangler(command).catch((error) => {
        throw /no such (table|column)/.test(error.message) ? new Refused(unmigrated) : error
      }),
    )
    return results.map(({ results }) => results)
  }
