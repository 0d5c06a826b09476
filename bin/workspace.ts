import { readAddress } from '../src/models/core/address.ts'
import { nameOf } from '../src/models/core/name.ts'
import { Refused } from './cloudflare.ts'
import type { Database } from './database.ts'
import { type Operation, operate } from './operate.ts'
import { exportWorkspace } from './workspace-export.ts'
import { add, erase, list, resume, suspend } from './workspace-statements.ts'

export const USAGE =
  'npm run workspace -- (list | add <name> <email> | suspend <slug> | resume <slug> | export <slug> <file> | erase <slug>) [--local | --config deploy.<name>.json] [--yes]'

export const OPERATIONS: Record<string, Operation> = {
  list: { words: 0, run: async (database, _, { say }) => inLines(await database(list()), say) },
  add: {
    words: 2,
    run: async (database, [workspace = '', email = ''], { say, now }) => {
      const [name, reading] = [nameOf(workspace), readAddress(email)]
      if (!name) throw new Refused('A workspace needs a name, of 80 characters at most.')
      if (!('address' in reading)) throw new Refused(`"${email}" is not an email address.`)
      const added = (await database(add({ name, admin: reading.address, now }))).at(-1)
      say(`Added ${name} at /w/${added?.[0]?.id}. The invitation to ${reading.address.email} goes out within two minutes.`)
    },
  },
  suspend: {
    words: 1,
    run: async (database, [slug = ''], { say, now }) => {
      found(await database(suspend(slug, now)), slug)
      say(`${slug} is suspended: nobody can open it, and it sends no email. "npm run workspace -- resume ${slug}" opens it again.`)
    },
  },
  resume: {
    words: 1,
    run: async (database, [slug = ''], { say }) => {
      found(await database(resume(slug)), slug)
      say(`${slug} is open again.`)
    },
  },
  export: {
    words: 2,
    run: async (database, [slug = '', file = ''], { say }) => {
      await existing(database, slug)
      say(`${file} has everything of ${slug} except its links: ${await exportWorkspace(database, slug, file)} rows.`)
    },
  },
  erase: {
    words: 1,
    run: async (database, [slug = ''], { say, agreed }) => {
      const { name, people } = await existing(database, slug)
      await agreed(
        `Erase ${name}, ${people === 1 ? '1 person' : `${people} people`}, for good? To export it first: npm run workspace -- export ${slug} <file>`,
        slug,
      )
      await database(erase(slug))
      say(`${slug} is erased, and its address is never given again. Accounts that belong nowhere else are erased after 90 days.`)
    },
  },
}

/** @throws Refused for a slug that no workspace has */
function found(results: Awaited<ReturnType<Database>>, slug: string) {
  const row = results.at(-1)?.[0]
  if (!row) throw new Refused(`There is no workspace "${slug}". "npm run workspace -- list" shows them all.`)
  return row
}

async function existing(database: Database, slug: string) {
  const row = (await database(list()))[0]?.find((each) => each.slug === slug)
  if (!row) return found([], slug) as never
  return { name: String(row.name), people: Number(row.active) + Number(row.pending) }
}

function inLines([rows = []]: Awaited<ReturnType<Database>>, say: (line: string) => void) {
  for (const { slug, name, active, pending, suspended_at } of rows)
    say(`${String(slug).padEnd(42)}${name}   ${active} active, ${pending} pending${suspended_at ? ', suspended' : ''}`)
  if (rows.length === 0) say('There is no workspace yet.')
}

if (import.meta.main) await operate(OPERATIONS, USAGE)
