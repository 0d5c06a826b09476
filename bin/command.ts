import { spawn } from 'node:child_process'

// Keeps wrangler from asking the network for its metrics, newer versions and this machine's whereabouts.
Object.assign(process.env, {
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_WRITE_LOGS: 'false',
})

/** Runs a command with its output held back; it ends with us. @throws Error with that output when the command fails */
export async function run(command: string, ...args: string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk) => chunks.push(chunk))
  child.stderr.on('data', (chunk) => chunks.push(chunk))
  const stop = () => child.kill()
  process.once('exit', stop)
  const code = await ended(child)
  process.off('exit', stop)
  const output = Buffer.concat(chunks).toString()
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}\n${output}`)
  return output
}

/** Runs a command in plain sight and answers whether it succeeded. */
export const show = async (command: string, ...args: string[]) => (await ended(spawn(command, args, { stdio: 'inherit' }))) === 0

export const ended = (child: ReturnType<typeof spawn>) =>
  new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
