import { existsSync } from 'node:fs'
import { Refused } from './cloudflare.ts'
import type { Statement } from './literal.ts'
import { STATE } from './local.ts'
import { type Wrangler, wrangler } from './wrangler.ts'

export type Row = Record<string, string | number | null>

/** Runs statements together or not at all. @returns the rows of each */
export type Database = (statements: Statement[]) => Promise<Row[][]>

/** The database of `npm run dev`. @throws Refused where that never ran: wrangler makes an empty one and finds no table in it */
export function localDatabase(run = wrangler): Database {
  const execute = executed(run, ['--local', '--persist-to', STATE])
  return (statements) =>
    execute(statements).catch((error) => {
      throw `${error}`.includes('no such table') ? new Refused('There is no local database yet: "npm run dev" makes it.') : error
    })
}

/** The one that is deployed. @throws Refused where this machine does not know it */
export function deployedDatabase(config: string): Database {
  if (!existsSync(config))
    throw new Refused(
      `There is no ${config} on this machine. Run "npm run deploy -- --config-only" first, or name another one by --config.`,
    )
  return executed(wrangler, ['--remote', '--config', config])
}

const executed =
  (wrangler: Wrangler, where: string[]): Database =>
  async (statements) => {
    const command = ['d1', 'execute', 'DB', ...where, '--json', '--yes', '--command', statements.join('; ')]
    const results: { results: Row[] }[] = JSON.parse(await wrangler(command))
    return results.map(({ results }) => results)
  }
