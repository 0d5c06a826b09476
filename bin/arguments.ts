import { parseArgs } from 'node:util'
import { Refused } from './cloudflare.ts'
import { configFor } from './deployment.ts'
import { FILE } from './settings.ts'

type Known<Flag extends string> = { flags?: readonly Flag[]; words?: number; usage: string }

/** Every command is about one deployment, and this names the file that describes it. */
const CONFIG = { config: { type: 'string' as const, default: FILE } }
const HELP = { help: { type: 'boolean' as const, short: 'h' } }

/**
 * What follows `npm run <command> --`. A flag that stands before the `--` npm keeps for itself and tells only in the environment; it
 * counts as well, or a rehearsal would be the real thing. `--help` prints the usage and ends the command.
 * @throws Refused with one sentence for whatever the command does not know
 */
export function readArguments<Flag extends string = never>({ flags = [], words = 0, usage }: Known<Flag>) {
  // Of a name npm keeps at best a part, and the command would be about another deployment.
  if (process.env.npm_config_config) throw new Refused(`Write -- before --config: ${usage}`)
  const { values, positionals } = parsed([...keptByNpm(flags), ...process.argv.slice(2)], flags, usage)
  if (values.help) {
    console.log(usage)
    process.exit()
  }
  if (positionals.length > words) throw new Refused(`Unknown argument '${positionals[words]}': ${usage}`)
  const file = values.config
  return { flags: flags.filter((flag) => Object.hasOwn(values, flag)), words: positionals, file, config: configFor(file) }
}

function parsed(args: string[], flags: readonly string[], usage: string) {
  const options = Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean' as const }]))
  try {
    return parseArgs({ args, options: { ...options, ...CONFIG, ...HELP }, strict: true, allowPositionals: true })
  } catch (error) {
    throw new Refused(`${firstSentence(error)}: ${usage}`)
  }
}

/** After it Node explains how a word may begin with a dash, which none of ours does. */
const firstSentence = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('. ')[0]

/** `--dry-run` also where a command has none: whoever asks for a rehearsal must not get the real thing. */
const keptByNpm = (flags: readonly string[]) => [...new Set([...flags, 'dry-run'])].filter(isSetInNpm).map((flag) => `--${flag}`)

const isSetInNpm = (flag: string) => process.env[`npm_config_${flag.replaceAll('-', '_')}`] === 'true'
