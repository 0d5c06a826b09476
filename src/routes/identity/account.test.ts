import { expect, it } from 'vitest'
import { signedIn } from '../../../test/client'
import { dump, one, run } from '../../../test/database'

const choice = (id: string) => one(`SELECT notices FROM members WHERE id = '${id}'`)

it('an admin chooses how often news of their invitations come, for this workspace', async () => {
  const ada = await signedIn('ada')
  expect(await (await ada.get('/account')).text()).toMatch(/name="notices" value="each" checked/)

  const page = await (await ada.submit('/account/notices', { notices: 'daily' })).text()
  expect(page).toContain('Your choice is saved.')
  expect(page).toMatch(/name="notices" value="daily" checked/)
  expect([await choice('ada'), await choice('cat')]).toEqual([{ notices: 'daily' }, { notices: 'each' }])
})

it('a Tenant User invites nobody, and is not asked', async () => {
  const bob = await signedIn('bob')
  const before = await dump()

  expect(await (await bob.get('/account')).text()).not.toContain('name="notices"')
  expect((await bob.post('/account/notices', { notices: 'off' })).status).toBe(403)
  expect(await dump()).toEqual(before)
})

it('a choice outside the list is malformed, and what is chosen stays on a page that refuses a password', async () => {
  await run("UPDATE members SET notices = 'off' WHERE id = 'ada'")
  const ada = await signedIn('ada')

  expect((await ada.post('/account/notices', { notices: 'weekly' })).status).toBe(400)
  const refused = await ada.post('/account/password', { current: 'wrong', password: 'short' })
  expect(refused.status).toBe(422)
  expect(await refused.text()).toMatch(/name="notices" value="off" checked/)
})
