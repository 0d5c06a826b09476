import { expect, it } from 'vitest'
import { people } from '../people'
import { browserOf } from './browsers'

it('the user table is searched, filtered and paged by URL, and back leads back', async () => {
  await people(120)
  const ada = await browserOf('ada')
  const names = () => ada.texts('main tbody tr')
  await ada.follow('Access Management')
  expect(names()).toHaveLength(50)
  const first = names()
  await ada.follow('Next page')
  expect(names()).toHaveLength(50)
  expect(names()).not.toEqual(first)
  await ada.follow('Previous page')
  expect(names()).toEqual(first)

  await ada.enter('Search name or address', 'person-0011')
  expect(names()).toHaveLength(10)
  expect(ada.valueOf('Search name or address')).toBe('person-0011')
  const searched = ada.url.href
  ada.check(/^Disabled/)
  await ada.press('Show')
  expect(ada.main).toContain('person-0011')
  expect(names()).toHaveLength(0)
  await ada.open(searched)
  expect(names()).toHaveLength(10)
  expect(ada.valueOf('Search name or address')).toBe('person-0011')
})

it('a search that finds nobody says so and leads back to everybody', async () => {
  const ada = await browserOf('ada')
  await ada.follow('Access Management')
  await ada.enter('Search name or address', 'nobody-at-all')
  expect(ada.main).toContain('No name or address here contains “nobody-at-all”.')
  await ada.follow('Show everyone')
  expect(ada.url.search).toBe('')
  expect(ada.rowText('bob@acme.test')).toContain('Active')
})
