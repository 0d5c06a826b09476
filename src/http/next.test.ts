import { expect, test } from 'vitest'
import { ownPath } from './next'

const ORIGIN = 'https://latchkey.test'

test.each([
  '//evil.test',
  '/\\evil.test',
  '/.//evil.test/x',
  '/a/..//evil.test',
  '/%2e//evil.test',
  '/.\\\\evil.test',
  'https://evil.test',
  'agents',
  '',
])('%s is no path of ours', (path) => {
  expect(ownPath(ORIGIN, path)).toBeUndefined()
})

test.each(['/w/acme/agents', '/w/acme/access/users?q=bob&status=active', '/invitation'])('%s is', (path) => {
  expect(ownPath(ORIGIN, path)).toBe(path)
})
