import { expect, it } from 'vitest'
import { type Grants, maySeeSection } from './access'
import { SECTIONS } from './section'

const GRANTS: Grants = {
  role: 'user',
  defaults: { traces: 'off', logs: 'off' },
  overrides: { logs: 'on', eval: 'off', billing: 'on' },
}

it.each([
  ['agents', true, 'of a default that nobody set'],
  ['traces', false, 'of the default'],
  ['logs', true, 'of their own setting'],
  ['eval', false, 'of their own setting'],
  ['billing', false, 'it is for admins only'],
])('a Tenant User and %s: %s, because %s', (slug, may) => {
  const section = SECTIONS.find((each) => each.slug === slug)
  if (!section) throw new Error(`no section ${slug}`)
  expect(maySeeSection(GRANTS, section)).toBe(may)
})

it('a Tenant Admin sees every section, whatever is set', () => {
  for (const section of SECTIONS) expect(maySeeSection({ ...GRANTS, role: 'admin' }, section)).toBe(true)
})
