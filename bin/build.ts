import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { run } from './command.ts'
import { copyHtmx } from './local.ts'

const RAW_KIB = 400
const GZIP_KIB = 100
/** Of the 40 KiB that a page may weigh compressed; what is left is for its HTML, which the journeys weigh. */
const ASSETS_KIB = 32

copyHtmx()
rmSync('dist', { recursive: true, force: true })
const printed = await run('wrangler', 'deploy', '--dry-run', '--outdir', 'dist')

const [, raw, gzip] = printed.match(/Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/) ?? []
keep('the Worker', Number(raw), RAW_KIB)
keep('the Worker, gzip', Number(gzip), GZIP_KIB)
keep('htmx.js, app.css and app.js, compressed', compressed(['htmx.js', 'app.css', 'app.js']), ASSETS_KIB)
if (bundle().includes('mailbox.json')) refuse('the production bundle holds the development mailbox')

function keep(what: string, kib: number, budget: number) {
  // The negation refuses NaN as well: a figure that was not printed has not been kept.
  if (!(kib <= budget)) refuse(`${what}: ${kib} KiB, the budget is ${budget} KiB`)
  else console.log(`${what}: ${kib.toFixed(1)} of ${budget} KiB`)
}

function refuse(reason: string) {
  console.error(reason)
  process.exitCode = 1
}

function compressed(names: string[]) {
  return names.reduce((sum, name) => sum + brotliCompressSync(readFileSync(`public/${name}`)).length, 0) / 1024
}

function bundle() {
  const files = readdirSync('dist').filter((name) => name.endsWith('.js'))
  return files.map((name) => readFileSync(`dist/${name}`, 'utf8')).join('')
}
