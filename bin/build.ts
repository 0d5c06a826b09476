import { readFileSync, rmSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { buildAssets } from './assets.ts'
import { type Accepted, emitted, refusal, weigh } from './bundle.ts'
import { run } from './command.ts'

const RAW_KIB = 2050
const GZIP_KIB = 600
/** Of the 40 KiB that a page may weigh compressed; what is left is for its HTML, which the journeys weigh. */
const ASSETS_KIB = 32

const { workspaceCss, personCss, passkeys, ...shared } = buildAssets()
/** What a page loads that loads the most of its kind. */
const loads = [workspaceCss, personCss].map((css) => [...Object.values(shared), css, passkeys])
rmSync('dist', { recursive: true, force: true })
await run('wrangler', 'deploy', '--dry-run', '--outdir', 'dist')

const bundle = emitted('dist')
const { rawKiB, gzipKiB } = weigh(bundle)
keep('the Worker', rawKiB, RAW_KIB)
keep('the Worker, gzip', gzipKiB, GZIP_KIB)
keep('stylesheet and scripts of a page, compressed', Math.max(...loads.map(compressedKiB)), ASSETS_KIB)
const grown = refusal(gzipKiB, accepted())
if (grown) refuse(grown)
if (bundle.length === 0) refuse('wrangler has emitted nothing')
if (bundle.includes('mailbox.json')) refuse('the production bundle holds the development mailbox')

function keep(what: string, kib: number, budget: number) {
  if (kib > budget) refuse(`${what}: ${kib.toFixed(1)} KiB, the budget is ${budget} KiB`)
  else console.log(`${what}: ${kib.toFixed(1)} of ${budget} KiB`)
}

function refuse(reason: string) {
  console.error(reason)
  process.exitCode = 1
}

function compressedKiB(paths: string[]) {
  return paths.reduce((sum, path) => sum + brotliCompressSync(readFileSync(`public${path}`)).length, 0) / 1024
}

function accepted(): Accepted {
  return JSON.parse(readFileSync('bin/bundle.json', 'utf8'))
}
