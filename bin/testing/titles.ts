import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** A test that a page names: its file, by the name alone so that it may move, and its title. */
export type Fact = { file: string; title: string }

const FILES = globSync('{src,test,e2e,bin}/**/*.{test,spec}.{ts,tsx}')

export const factsIn = (text: string): Fact[] =>
  [...text.matchAll(/`([^`]+)` \*([^*]+)\*/g)].map(([, file = '', title = '']) => ({ file, title }))

export const isShown = ({ file, title }: Fact) =>
  FILES.filter((path) => basename(path) === file).some((path) => titlesIn(path).has(title))

const titles = new Map<string, Set<string>>()

/** Read once for each file, whichever pages name it. */
function titlesIn(path: string): Set<string> {
  const known = titles.get(path) ?? new Set(readTitles(path))
  titles.set(path, known)
  return known
}

const readTitles = (path: string) =>
  [...readFileSync(path, 'utf8').matchAll(/\(\s*(['"`])((?:\\.|(?!\1).)+)\1,\s*(?:async )?\(/g)].map(([, , title = '']) =>
    inDocs(title),
  )

/** What a test fills in is a … on the page; the colon before a list of cases is left out. */
const inDocs = (title: string) => title.replace(/%[a-z]|\$\{[^}]*\}|\$\w+/g, '…').replace(/[:,]$/, '')
