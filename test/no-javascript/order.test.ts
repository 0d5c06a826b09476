import { expect, it } from 'vitest'
import { run } from '../database'
import { people } from '../people'
import { browserOf } from './browsers'

const heads = (browser: Awaited<ReturnType<typeof browserOf>>) =>
  Object.fromEntries(browser.parts('thead th[aria-sort]').map((head) => [head.textContent, head.getAttribute('aria-sort')]))

it('the heads of the columns sort the user table, and filters, search and pager keep the order', async () => {
  await people(120)
  await run("UPDATE members SET created_at = 2000 + substr(id, 8) WHERE id GLOB 'person-*'")
  const ada = await browserOf('ada')
  await ada.follow('Access Management')
  const head = (n: number) => ada.parts('thead th')[n]
  const first = () => ada.texts('main tbody tr th')[0]
  expect(heads(ada)).toEqual({ 'NameEmail, ascending': 'ascending' })

  await ada.follow('Name', head(1))
  expect([ada.url.search, first()]).toEqual(['?order=name', expect.stringContaining('Ada Admin')])
  await ada.follow(/^Name/, head(1))
  expect([ada.url.search, first()]).toEqual(['?order=name&dir=desc', expect.stringContaining('pia@acme.test')])
  expect(heads(ada)).toEqual({ 'Name, descendingEmail': 'descending' })

  await ada.follow('Invited', head(6))
  expect(ada.url.search).toBe('?order=invited&dir=desc')
  expect(ada.row('person-00119').textContent).toContain('Invited')
  await ada.follow('Next page')
  expect(ada.main).toContain('51 to 100 of 124')
  const second = ada.texts('main tbody tr')
  await ada.follow('Next page')
  expect(ada.main).toContain('101 to 124 of 124')
  await ada.follow('Previous page')
  expect(ada.main).toContain('51 to 100 of 124')
  expect(ada.texts('main tbody tr')).toEqual(second)

  await ada.enter('Search name or address', 'person-0005')
  expect(Object.fromEntries(ada.url.searchParams)).toMatchObject({ q: 'person-0005', order: 'invited', dir: 'desc' })
  expect(first()).toContain('person-00059')
  ada.check(/^Pending/)
  await ada.press('Show')
  expect(Object.fromEntries(ada.url.searchParams)).toMatchObject({ status: 'pending', order: 'invited', dir: 'desc' })
})

it('an order that there is not is no page', async () => {
  const ada = await browserOf('ada')
  await ada.open('https://latchkey.test/w/acme/access/users?order=size')
  expect(ada.status).toBe(400)
})
