import { expect, it } from 'vitest'
import { browserOf } from './browsers'

it('a search within a status that finds nobody says so, and leads to all statuses', async () => {
  const ada = await browserOf('ada')
  await ada.open('/w/acme/access/users?status=pending')
  await ada.enter('Search name or address', 'bob')
  expect(ada.main).toContain('No one with this status matches “bob”.')
  await ada.follow('Search all statuses')
  expect(ada.rowText('bob@acme.test')).toContain('Active')
  expect(ada.valueOf('Search name or address')).toBe('bob')
})

it('a search longer than any address finds nobody, and is cut', async () => {
  const ada = await browserOf('ada')
  await ada.open(`/w/acme/access/users?q=${'ab'.repeat(200)}`)
  expect([ada.status, ada.valueOf('Search name or address').length]).toEqual([200, 254])
  expect(ada.main).toContain('No one found')
})

it.each(['users', 'permissions', 'agents'])('words in any order find a person among %s', async (page) => {
  const ada = await browserOf('ada')
  await ada.open(`/w/acme/access/${page}?q=okafor+BO`)
  expect(ada.main).toContain('Bob Okafor')
  expect(ada.main).not.toContain('Pia')
})
