import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { signedIn } from '../client'
import { all } from '../database'
import { browserOf } from './browsers'

it('an access review is started, gone through and finished, and its record can be read and kept', async () => {
  const ada = await browserOf('ada')
  await ada.follow('Access Management')
  await ada.follow('Review access')
  ada.choose('Role', 'Everyone')
  await ada.press('Start a review')
  expect(ada.main).toContain('Access review: Everyone')
  expect(ada.texts('main tbody tr')).toHaveLength(4)

  await ada.press('Remove Dov Stern')
  expect(ada.main).toContain('By Ada Admin')
  ada.check('Tick Ada Admin')
  ada.check('Tick Bob Okafor')
  await ada.press('Keep ticked')
  await ada.follow(/^Not decided/)
  expect(ada.texts('main tbody tr')).toHaveLength(1)
  await ada.press(/^Keep the 1 not decided/)
  expect(ada.main).toContain('No one has this decision.')

  await ada.follow('Finish review')
  expect(ada.main).toContain('Finish the review and remove 1 person?')
  expect(ada.main).toContain('Dov Stern')
  await ada.press('Remove 1 person and finish')
  expect(ada.main).toContain('Finished')
  expect(ada.rowText('Dov Stern')).toContain('Removed')
  expect(ada.rowText('Bob Okafor')).toContain('Kept')
  expect(await all("SELECT id FROM members WHERE tenant_id = 'acme' ORDER BY id")).toEqual([
    { id: 'ada' },
    { id: 'bob' },
    { id: 'pia' },
  ])

  const file = await (await signedIn('ada')).post(`${ada.url.pathname}/export`, { format: 'csv' })
  const rows: Record<string, string>[] = parse(await file.text(), { bom: true, columns: true })
  expect(rows.map(({ email, decision, decided_by }) => [email, decision, decided_by])).toEqual([
    ['ada@acme.test', 'keep', 'Ada Admin'],
    ['bob@acme.test', 'keep', 'Ada Admin'],
    ['dov@acme.test', 'removed', 'Ada Admin'],
    ['pia@acme.test', 'keep', 'Ada Admin'],
  ])
})
