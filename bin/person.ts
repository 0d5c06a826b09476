import { rmSync, writeFileSync } from 'node:fs'
import { keyOf, readAddress } from '../src/models/core/address.ts'
import { Refused } from './cloudflare.ts'
import type { Database, Row } from './database.ts'
import { type Operation, operate } from './operate.ts'
import { resetFactor, signOutEverywhere, whoHas } from './person-account.ts'
import { erase, exported, wouldBeLeft } from './person-statements.ts'

export const USAGE =
  'npm run person -- (export <email> <file> | erase <email> | sign-out <email> | second-factor <email>) [--local | --config deploy.<name>.json] [--yes]'

export const OPERATIONS: Record<string, Operation> = {
  export: {
    words: 2,
    run: async (database, [email = '', file = ''], { say }) => {
      const { parts, rows } = await kept(database, email)
      // One that is there already would keep its permissions.
      rmSync(file, { force: true })
      writeFileSync(file, `${JSON.stringify(parts, null, 2)}\n`, { mode: 0o600 })
      say(`${file} has everything that is kept about ${email}: ${rows} rows.`)
    },
  },
  erase: {
    words: 1,
    run: async (database, [email = ''], { say, agreed }) => {
      const { key } = await kept(database, email)
      const [left = []] = await database(wouldBeLeft(key))
      if (left.length > 0)
        throw new Refused(
          `${email} is the only active admin of ${left.map(({ name, slug }) => `${name} (${slug})`).join(', ')}. Make someone else a Tenant Admin there, or erase the workspace.`,
        )
      await agreed(`Erase ${email} from every workspace, for good?`, email)
      await database(erase(key))
      say(
        `${email} is erased. The activity log keeps what happened, without who it was. If the address must not be emailed, that is kept.`,
      )
    },
  },
  'sign-out': {
    words: 1,
    run: async (database, [email = ''], { say, agreed, now }) => {
      const { key, person } = await account(database, email)
      await agreed(`Sign ${person.email} out on every device and of every app?`, email)
      await database(signOutEverywhere(key, now))
      say(`${person.email} is signed out everywhere and can sign in again. If somebody else knows the password, have it reset.`)
    },
  },
  'second-factor': {
    words: 1,
    run: async (database, [email = ''], { say, agreed, now }) => {
      const { key, person } = await account(database, email)
      await agreed(
        `Email ${person.email}, ${inWords(person)}, a link to set up a new second factor in place of the old one?
Be sure that it is really them who asks: docs/operations.md, Somebody lost their second factor.`,
        email,
      )
      await database(resetFactor(key, now))
      say(
        `A link for ${person.email} goes out within two minutes. It works once, for 24 hours, and after their password. Until then nothing changes.`,
      )
    },
  },
}

/** @throws Refused where nobody has one */
async function account(database: Database, email: string) {
  const key = keyFor(email)
  const [[person] = []] = await database(whoHas(key))
  if (!person) throw new Refused(`Nobody has an account with ${email}. Check the address.`)
  return { key, person }
}

const inWords = ({ factors, workspaces }: Row) =>
  `who has ${Number(factors) === 0 ? 'no second factor' : Number(factors) === 1 ? 'one second factor' : `${factors} second factors`} and belongs to ${workspaces ?? 'no workspace'}`

/** @throws Refused where there is nothing: a mistyped address would pass for one that is erased */
async function kept(database: Database, email: string) {
  const key = keyFor(email)
  const statements = exported(key)
  const found = await database(Object.values(statements))
  const rows = found.flat().length
  if (rows === 0) throw new Refused(`Nothing is kept about ${email}. Check the address.`)
  return { key, rows, parts: Object.fromEntries(Object.keys(statements).map((part, i) => [part, found[i]])) }
}

/** @throws Refused for what is no address */
function keyFor(email: string) {
  if (!('address' in readAddress(email))) throw new Refused(`"${email}" is not an email address.`)
  return keyOf(email)
}

if (import.meta.main) await operate(OPERATIONS, USAGE)
