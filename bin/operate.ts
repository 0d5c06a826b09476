import { readArguments } from './arguments.ts'
import { Refused } from './cloudflare.ts'
import { type Database, deployedDatabase, localDatabase } from './database.ts'
import { FILE } from './settings.ts'
import { ask, onTerminal } from './terminal.ts'

export type Means = {
  say: (line: string) => void
  now: number
  /** What follows a command that is suggested, so that it acts on the same database: nothing, `--local` or a `--config`. */
  target: string
  /** @throws Refused unless whoever is asked types `word`, or said yes beforehand */
  agreed: (question: string, word: string) => Promise<void>
}

/** What an operator can do: how many words follow its name, and the work. */
export type Operation = { words: number; run: (database: Database, words: string[], means: Means) => Promise<void> }

/** Runs what the command line asks for, on the deployed database or on that of `npm run dev`. */
export async function operate(operations: Record<string, Operation>, usage: string) {
  try {
    const { words, flags, file, config } = readArguments({ flags: ['local', 'yes'], words: 3, usage })
    const [name = '', ...rest] = words
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
    if (name && !operation) throw new Refused(`Unknown command '${name}': ${usage}`)
    if (!operation || rest.length !== operation.words) throw new Refused(usage)
    const local = flags.includes('local')
    const database = local ? localDatabase() : deployedDatabase(config)
    await operation.run(database, rest, {
      say: console.log,
      now: Date.now(),
      target: local ? ' --local' : ofFile(file),
      agreed: flags.includes('yes') ? async () => {} : typed,
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

const ofFile = (file: string) => (file === FILE ? '' : ` --config ${file}`)

async function typed(question: string, word: string) {
  if (!onTerminal) throw new Refused(`${question}\nThere is no terminal to ask on: add --yes to confirm.`)
  if ((await ask(`${question}\nType ${word} to confirm: `)) !== word) throw new Refused('Nothing was changed.')
}
