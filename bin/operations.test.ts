import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { expect, it } from 'vitest'
import { VARIABLES } from '../src/variables.ts'
import { givenTo, PURPOSES, prefixOf } from './secrets.ts'
import { OWN } from './settings.ts'

const page = readFileSync('docs/operations.md', 'utf8')

/** By the names in its first cell, what the last cell of a row says. */
const table = Object.fromEntries(
  [...page.matchAll(/^\| (`[A-Z][^|]*`) \|(?:.*\|)? (.*?) \|$/gm)].flatMap(([, names = '', last = '']) =>
    [...names.matchAll(/`(\w+)/g)].map(([, name = '']) => [name, last]),
  ),
)

it('docs/operations.md names every setting and every secret, and no other', () => {
  const secrets = givenTo({ APP_ORIGIN: '', MAIL_PROVIDER: 'mailchannels', DKIM_DOMAIN: 'initech.test' })
  const { ENVIRONMENT: _, ...settings } = VARIABLES
  const names = [...Object.keys(settings), ...Object.keys(OWN), ...secrets, 'HEALTH_TOKEN', ...PURPOSES.map(prefixOf)]

  expect(Object.keys(table).toSorted()).toEqual(names.toSorted())
})

it.each(['MAX_PENDING', 'MAX_MAILS_A_DAY', 'MAX_MAILS_A_DAY_TOTAL'] as const)(
  '%s is what the page says where nobody sets it',
  (name) => {
    expect(table[name]?.replace(',', '')).toBe(v.getDefault(VARIABLES[name]))
  },
)
