import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Where URLs of pages may be written: the map, the place that writes them for everybody, and what the development mailbox is. */
const MAY = new Set(['src/app.ts', 'src/paths.ts'])
const files = globSync('{src,views}/**/*.{ts,tsx}').filter((file) => !file.includes('.test.') && !MAY.has(file))

/** A path of a workspace's page, as text. */
const WRITTEN = /['"`](?:\$\{[^}]*\})?\/(?:w\/|access|agents\b|sections\b)[^'"`]*['"`]/g

/** Routes name what they answer below the path that `app.ts` mounts them at; these lead to the workspace used last. */
const isRoute = (line: string) => /\.(get|post|use)\(/.test(line)

it('no file but paths.ts writes the URL of a page of a workspace', () => {
  const written = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => !isRoute(line) && !/^\s*(import|\/?\*|\/\/)|from '/.test(line))
      .flatMap((line) => line.match(WRITTEN) ?? [])
      .map((text) => `${file}: ${text}`),
  )
  expect(files.length).toBeGreaterThan(200)
  expect(written).toEqual([])
})
