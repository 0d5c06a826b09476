import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildAssets } from './assets.ts'

let home: string
const at = (path: string) => join(home, path)
const served = () => readdirSync(at('public/assets')).map((file) => `/assets/${file}`)

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'latchkey-'))
  for (const sources of ['views/css', 'views/client']) cpSync(sources, at(sources), { recursive: true })
  mkdirSync(at('public'))
  symlinkSync(resolve('node_modules'), at('node_modules'))
})

afterEach(() => rmSync(home, { recursive: true }))

it('the layout is told the names of what is served, and nothing else is', () => {
  const names = buildAssets(home)
  expect(JSON.parse(readFileSync(at('views/assets.json'), 'utf8'))).toEqual(names)
  expect(served().sort()).toEqual(Object.values(names).sort())
  for (const css of [names.workspaceCss, names.personCss]) expect(readFileSync(at(`public${css}`), 'utf8')).not.toContain('@import')
})

it('the same sources give the same names, and nothing is written again', () => {
  const names = buildAssets(home)
  const files = [...served().map((path) => `public${path}`), 'public/_headers', 'views/assets.json'].map(at)
  for (const file of files) utimesSync(file, 0, 0)

  expect(buildAssets(home)).toEqual(names)
  expect(files.filter((file) => statSync(file).mtimeMs > 0)).toEqual([])
})

it.each([
  ['workspaceCss', 'views/css/matrix.css', '.new { color: red }'],
  ['personCss', 'views/css/account.css', '.new { color: red }'],
  ['js', 'views/client/app.js', 'console.log(1)'],
] as const)('a change of a part gives the %s a new name, and the older file goes', (type, part, change) => {
  const before = buildAssets(home)
  appendFileSync(at(part), change)
  const after = buildAssets(home)

  expect(after).toEqual({ ...before, [type]: expect.not.stringMatching(before[type]) })
  expect(served()).not.toContain(before[type])
  expect(served()).toContain(after[type])
})

it.each(['a { color: red', 'a { color red }', '@import "./nowhere.css";'])(
  'a part that cannot be read is refused, and what was served stays: %s',
  (mistake) => {
    buildAssets(home)
    const before = served()
    appendFileSync(at('views/css/print.css'), mistake)

    expect(() => buildAssets(home)).toThrow(/print\.css/)
    expect(served()).toEqual(before)
  },
)

it('what a browser loads is kept for ever, under the guards of a page', () => {
  buildAssets(home)
  const headers = readFileSync(at('public/_headers'), 'utf8')
  expect(headers).toMatch(/^\/\*\n {2}Content-Security-Policy: default-src 'none'/)
  expect(headers).toContain('\n  X-Content-Type-Options: nosniff\n')
  expect(headers).toContain('\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n')
})

it('our scripts write no HTML, and evaluate no text', () => {
  const scripts = readdirSync('views/client').filter((name) => name.endsWith('.js'))
  const text = scripts.map((name) => readFileSync(join('views/client', name), 'utf8')).join('\n')

  expect(scripts).toContain('app.js')
  expect(text).not.toMatch(
    /\b(inner|outer)HTML\b|insertAdjacentHTML|document\.write|setHTML|createContextualFragment|\beval\b|new Function/,
  )
})
