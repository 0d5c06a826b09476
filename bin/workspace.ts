import { readAddress } from '../src/models/core/address.ts'
import { nameOf } from '../src/models/core/name.ts'
import { Refused } from './cloudflare.ts'
import type { Database, Row } from './database.ts'
import { type Means, type Operation, operate } from './operate.ts'
import { exportWorkspace } from './workspace-export.ts'
import { add, erase, giveSeats, list, resume, suspend } from './workspace-statements.ts'

export const USAGE =
  'npm run workspace -- (list | add <name> <email> | suspend <slug> | resume <slug> | seats <slug> <number|none> | export <slug> <file> | erase <slug>) [--local | --config deploy.<name>.json] [--yes]'

export const OPERATIONS: Record<string, Operation> = {
  list: { words: 0, run: async (database, _, { say }) => inLines(await database(list()), say) },
  add: {
    words: 2,
    run: async (database, [workspace = '', email = ''], { say, now, agreed }) => {
      const [name, reading] = [nameOf(workspace), readAddress(email)]
      if (!name) throw new Refused('A workspace needs a name, of 80 characters at most.')
      if (!('address' in reading)) throw new Refused(`"${email}" is not an email address.`)
      await agreedToAnother(database, name, agreed)
      const added = (await database(add({ name, admin: reading.address, now }))).at(-1)
      say(`Added ${name} at /w/${added?.[0]?.id}. The invitation to ${reading.address.email} goes out within two minutes.`)
    },
  },
  suspend: {
    words: 1,
    run: async (database, [slug = ''], { say, now, target }) => {
      found(await database(suspend(slug, now)), slug, target)
      say(`${slug} is suspended: nobody can open it, and it sends no email. "${command(`resume ${slug}`, target)}" opens it again.`)
    },
  },
  resume: {
    words: 1,
    run: async (database, [slug = ''], { say, target }) => {
      found(await database(resume(slug)), slug, target)
      say(`${slug} is open again.`)
    },
  },
  seats: {
    words: 2,
    run: async (database, [slug = '', number = ''], { say, now, target }) => {
      const seats = number === 'none' ? null : /^[1-9]\d{0,6}$/.test(number) ? Number(number) : undefined
      if (seats === undefined) throw new Refused(`"${number}" is no number of seats: give one from 1 on, or none for no limit.`)
      const { active, pending } = found(await database(giveSeats(slug, seats, now)), slug, target)
      say(`${slug} has ${seats === null ? 'as many seats as it likes.' : seatsInWords({ seats, active, pending })}`)
    },
  },
  export: {
    words: 2,
    run: async (database, [slug = '', file = ''], { say, target }) => {
      await existing(database, slug, target)
      say(`${file} has everything of ${slug} except its links: ${await exportWorkspace(database, slug, file)} rows.`)
    },
  },
  erase: {
    words: 1,
    run: async (database, [slug = ''], { say, agreed, target }) => {
      const { name, people } = await existing(database, slug, target)
      await agreed(
        `Erase ${name}, ${people === 1 ? '1 person' : `${people} people`}, for good? To export it first: ${command(`export ${slug} <file>`, target)}`,
        slug,
      )
      await database(erase(slug))
      say(`${slug} is erased, and its address is never given again. Accounts that belong nowhere else are erased after 90 days.`)
    },
  },
}

/** A typo or a command that is repeated would leave a workspace that nobody wants. */
async function agreedToAnother(database: Database, name: string, agreed: Means['agreed']) {
  const [all = []] = await database(list())
  const same = all.filter((each) => String(each.name).toLowerCase() === name.toLowerCase())
  if (same.length > 0)
    await agreed(
      `There is a workspace called ${name} already, at /w/${same.map(({ slug }) => slug).join(', /w/')}. Add another one?`,
      name,
    )
}

/** What to type next, on the same database. */
const command = (words: string, target: Means['target']) => `npm run workspace -- ${words}${target}`

/** @throws Refused for a slug that no workspace has */
function found(results: Awaited<ReturnType<Database>>, slug: string, target: string) {
  const row = results.at(-1)?.[0]
  if (!row) throw new Refused(`There is no workspace "${slug}". "${command('list', target)}" shows them all.`)
  return row
}

async function existing(database: Database, slug: string, target: string) {
  const row = (await database(list()))[0]?.find((each) => each.slug === slug)
  if (!row) return found([], slug, target) as never
  return { name: String(row.name), people: Number(row.active) + Number(row.pending) }
}

function inLines([rows = []]: Awaited<ReturnType<Database>>, say: (line: string) => void) {
  const [slugs, names] = [widest(rows, 'slug'), widest(rows, 'name')]
  for (const { slug, name, active, pending, suspended_at } of rows)
    say(
      `${String(slug).padEnd(slugs)}   ${String(name).padEnd(names)}   ${active} active, ${pending} pending${suspended_at ? ', suspended' : ''}`,
    )
  if (rows.length === 0) say('There is no workspace yet.')
}

/** *10 seats: 6 active, 2 pending, 2 free.* Whoever is there stays, however few seats there are. */
function seatsInWords({ seats, active, pending }: { seats: number; active: unknown; pending: unknown }) {
  const free = seats - Number(active) - Number(pending)
  return `${seats === 1 ? '1 seat' : `${seats} seats`}: ${active} active, ${pending} pending, ${free > 0 ? free : 'none'} free.`
}

const widest = (rows: Row[], column: string) => Math.max(...rows.map((row) => String(row[column]).length))

if (import.meta.main) await operate(OPERATIONS, USAGE)
