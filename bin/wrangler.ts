import { spawn } from 'node:child_process'
import { ended } from './command.ts'

/** Runs wrangler and answers with what it printed; `input` goes to its stdin, so that no secret stands on a command line. */
export type Wrangler = (args: string[], input?: string) => Promise<string>

export class WranglerFailed extends Error {}

/** @throws WranglerFailed with all that it printed */
export const wrangler: Wrangler = async (args, input = '') => {
  const child = spawn('wrangler', args, { stdio: 'pipe' })
  const [printed, complained]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (chunk) => printed.push(chunk))
  child.stderr.on('data', (chunk) => complained.push(chunk))
  // Wrangler may end without having read anything.
  child.stdin.on('error', () => {}).end(input)
  if ((await ended(child)) === 0) return Buffer.concat(printed).toString()
  throw new WranglerFailed(`${inShell(args)}\n${Buffer.concat([...printed, ...complained])}`)
}

/** An account in which nothing is there yet but what the settings name: says each command and runs none. */
export function rehearsed(
  say: (line: string) => void,
  { APP_ORIGIN, DATABASE }: { APP_ORIGIN: string; DATABASE?: string },
): Wrangler {
  const created = DATABASE ? [DATABASE] : []
  const named = (key: string, id: string) => JSON.stringify(created.map((name) => ({ [key]: name, [id]: `(id of ${name})` })))
  return async (args, input) => {
    say(`    ${inShell(args)}${input === undefined ? '' : '   (secrets through stdin, as JSON)'}`)
    const command = args.join(' ')
    if (command.startsWith('queues info')) throw new WranglerFailed('the queue does not exist')
    if (command.startsWith('secret list')) throw new WranglerFailed('Worker "latchkey" not found')
    if (command.startsWith('deploy')) return APP_ORIGIN
    if (args.includes('create')) created.push(args[args.indexOf('create') + 1] ?? '')
    if (command.startsWith('d1 list')) return named('name', 'uuid')
    return command.startsWith('kv namespace list') ? named('title', 'id') : '[{"results":[]}]'
  }
}

/** Of the same account: it takes Workers, and has none. */
export const rehearsedApi = async (path: string) => (path.endsWith('/subdomain') ? { subdomain: 'example' } : undefined)

/** As it can be typed. */
const inShell = (args: string[]) =>
  ['npx wrangler', ...args.map((arg) => (/^[\w./:=-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`))].join(' ')
