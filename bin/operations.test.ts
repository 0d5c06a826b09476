import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { VARIABLES } from '../src/variables.ts'
import { givenTo, PURPOSES, prefixOf } from './secrets.ts'

it('docs/operations.md names every setting and every secret', () => {
  const page = readFileSync('docs/operations.md', 'utf8')
  const secrets = givenTo({ APP_ORIGIN: '', MAIL_PROVIDER: 'mailchannels', DKIM_DOMAIN: 'initech.test' })
  const names = [...Object.keys(VARIABLES), ...secrets, ...PURPOSES.map(prefixOf)]

  expect(names.filter((name) => !page.includes(`\`${name}`))).toEqual([])
})
