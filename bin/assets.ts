import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildSync } from 'esbuild'
import type { IconNode } from 'lucide'
import { fileHeaders } from '../src/http/headers.ts'
import { ICONS } from '../views/client/icons.ts'

const HTMX = 'node_modules/htmx.org/dist/htmx.min.js'
const STYLES = 'views/css'
const SCRIPTS = 'views/client'
const SERVED = 'public/assets'
const NAMES = 'views/assets.json'
/** Enough of a SHA-256 for the handful of files that ever carry the same name. */
const HASH_DIGITS = 10

export type Assets = Record<'workspaceCss' | 'personCss' | 'htmx' | 'js' | 'passkeys' | 'icons', string>

/**
 * Writes what browsers load, under names that tell its content, and where the layout finds the names. What is there already is not
 * written again, since a Worker that runs from these files starts anew with each write. `hsts` is the setting of a deployment.
 */
export function buildAssets(home = '.', hsts?: string): Assets {
  const at = (path: string) => join(home, path)
  mkdirSync(at(SERVED), { recursive: true })
  const names: Assets = {
    workspaceCss: serve('workspace', 'css', bundled(home, `${STYLES}/workspace.css`)),
    personCss: serve('person', 'css', bundled(home, `${STYLES}/person.css`)),
    htmx: serve('htmx', 'js', readFileSync(at(HTMX))),
    js: serve('app', 'js', bundled(home, `${SCRIPTS}/app.js`)),
    passkeys: serve('passkeys', 'js', bundled(home, `${SCRIPTS}/passkeys.js`)),
    icons: serve('icons', 'svg', Buffer.from(sprite())),
  }
  write(at('public/_headers'), Buffer.from(headersFile(hsts)))
  write(at(NAMES), Buffer.from(`${JSON.stringify(names, null, 2)}\n`))
  // Last, so that a page is never told a name that is already gone.
  for (const file of readdirSync(at(SERVED))) if (!Object.values(names).includes(served(file))) rmSync(at(`${SERVED}/${file}`))
  return names

  function serve(name: string, type: string, content: Buffer) {
    const hash = createHash('sha256').update(content).digest('hex').slice(0, HASH_DIGITS)
    write(at(`${SERVED}/${name}.${hash}.${type}`), content)
    return served(`${name}.${hash}.${type}`)
  }
}

const served = (file: string) => `/assets/${file}`

function bundled(home: string, entry: string) {
  const absWorkingDir = resolve(home)
  const options = { absWorkingDir, bundle: true, minify: true, write: false, legalComments: 'none', logLevel: 'silent' } as const
  const { outputFiles, warnings } = buildSync({ ...options, entryPoints: [entry] })
  const [warning] = warnings
  // A browser would skip in silence what esbuild could not read.
  if (warning) throw new Error(`${warning.location?.file}:${warning.location?.line}: ${warning.text}`)
  return Buffer.from(outputFiles[0]?.contents ?? [])
}

/** One file for all icons, so that a page names them and a browser loads their shapes once. */
function sprite() {
  const symbols = Object.entries(ICONS).map(
    ([name, shapes]) => `<symbol id="${name}" viewBox="0 0 24 24">${shapes.map(shape).join('')}</symbol>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`
}

const shape = ([tag, attributes]: IconNode[number]) =>
  `<${tag} ${Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')}/>`

function write(path: string, content: Buffer) {
  if (!existsSync(path) || !readFileSync(path).equals(content)) writeFileSync(path, content)
}

/** What the files in public/ are served with. The names in /assets/ change with what they hold, so these are kept for ever. */
const headersFile = (hsts?: string) => `/*
${Object.entries(fileHeaders(hsts))
  .map(([name, value]) => `  ${name}: ${value}\n`)
  .join('')}/assets/*
  Cache-Control: public, max-age=31536000, immutable
`

/** An editor may write a file in several steps. */
const SETTLED_MS = 50

/** Builds again whenever a source changes; one that cannot be built is told, and what was served before stays. */
export function watchAssets() {
  let settling: NodeJS.Timeout | undefined
  const changed = () => {
    clearTimeout(settling)
    settling = setTimeout(rebuild, SETTLED_MS)
  }
  for (const folder of [STYLES, SCRIPTS]) watch(folder, { persistent: false }, changed)
}

function rebuild() {
  try {
    buildAssets()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
}

if (import.meta.main) buildAssets()
