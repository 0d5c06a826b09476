import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import type { LaunchOptions } from '@playwright/test'

const INSTALLED = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** How to launch a Chromium: the one installed here, or else (`LATCHKEY_BROWSER=bundled`: always) the one inside an npm package. */
export async function browser(): Promise<LaunchOptions> {
  const installed = process.env.LATCHKEY_BROWSER === 'bundled' ? undefined : INSTALLED.flatMap(places).find(runs)
  return { args: FLAGS, ...(installed ? { executablePath: installed } : await bundled()) }
}

const places = (command: string) => (process.env.PATH ?? '').split(delimiter).map((directory) => resolve(directory, command))

/** Asked rather than looked up, because Ubuntu's /usr/bin/chromium-browser may be a stub that only points to a store. */
const runs = (path: string) => existsSync(path) && spawnSync(path, ['--version']).status === 0

/** Unpacked inside node_modules, where nobody else writes and `npm ci` replaces a half-unpacked one, instead of /tmp. */
async function bundled(): Promise<LaunchOptions> {
  if (process.platform !== 'linux')
    throw new Error('There is no Chrome or Chromium here, and the one from npm is for Linux: install Chrome and run this again.')
  const home = resolve('node_modules/.cache/chromium')
  const fonts = `${home}/fonts.conf`
  mkdirSync(home, { recursive: true })
  // The package's own file looks for its fonts in /tmp, and Chromium without a font dies at the first text field.
  writeFileSync(fonts, `<fontconfig><dir>${home}/fonts</dir><cachedir>${home}/font-cache</cachedir></fontconfig>`)
  const executablePath = await unpack(home)
  return { executablePath, env: { ...process.env, LD_LIBRARY_PATH: `${home}/al2023/lib`, FONTCONFIG_FILE: fonts } }
}

async function unpack(home: string) {
  const before = { ...process.env }
  // The runtime's name is what makes the package unpack the libraries it needs, libnss3 among them.
  Object.assign(process.env, { TMPDIR: home, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' })
  const { default: chromium } = await import('@sparticuz/chromium')
  const path = await chromium.executablePath()
  process.env = before
  return path
}
