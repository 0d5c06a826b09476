import { expect, it } from 'vitest'
import { linkIn } from '../database'
import { browserOf, inviteBy } from './browsers'

it('an admin chooses in the list of workspaces how they hear of their invitations', async () => {
  const ada = await browserOf('ada')
  await ada.open('/workspaces')
  ada.choose(/^Email me when an invitation I sent for Acme/, 'Once a day')
  await ada.press('Save for Acme')
  expect(ada.notice).toContain('Your email setting for Acme is saved.')
  expect(ada.valueOf(/^Email me when/)).toBe('Once a day')
})

it('leaving one workspace asks first, and keeps the others', async () => {
  const [cat, bob] = [await browserOf('cat'), await browserOf('bob')]
  await inviteBy(cat, 'bob@acme.test')
  await bob.open(await linkIn('bob@acme.test'))
  await bob.press('Join Globex')
  await bob.press('Globex (switch workspace)')
  await bob.follow('All workspaces', bob.called('Workspaces'))
  await bob.press('Leave Globex')
  expect(bob.called('Leave Globex?').textContent).toContain('Your other workspaces are not affected.')
  await bob.press('Cancel')
  await bob.press('Leave Globex')
  await bob.press('Leave', bob.called('Leave Globex?'))
  expect(bob.notice).toContain('You left Globex.')
  expect(bob.texts('main h2')).toEqual([expect.stringContaining('Acme')])
  await bob.follow('Open Acme')
  expect(bob.title).toBe('Agents')
})
