import { expect, it } from 'vitest'
import { type Grants, maySeeSection, sightOf } from './access'
import { SECTIONS } from './section'

const GRANTS: Grants = { role: 'user', defaults: { traces: 'off', logs: 'off' }, overrides: { logs: 'on', eval: 'off' } }

it.each([
  ['agents', true, 'default'],
  ['traces', false, 'default'],
  ['logs', true, 'own'],
  ['eval', false, 'own'],
  ['billing', false, 'admin_only'],
])('a Tenant User and %s: %s, because of %s', (slug, may, because) => {
  const section = SECTIONS.find((each) => each.slug === slug)
  if (!section) throw new Error(`no section ${slug}`)
  expect(sightOf(GRANTS, section)).toEqual({ may, because })
  expect(maySeeSection(GRANTS, section)).toBe(may)
})

it('a Tenant Admin sees every section, whatever is set', () => {
  for (const section of SECTIONS) expect(sightOf({ ...GRANTS, role: 'admin' }, section)).toEqual({ may: true, because: 'admin' })
})
