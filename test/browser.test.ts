import { expect, it } from 'vitest'
import { browserOf } from './no-javascript/browsers'

it('there is no entry of a menu that nobody opened, and none behind an open dialog', async () => {
  const ada = await browserOf('ada')
  await ada.follow('Access Management')
  expect(ada.has('button', 'Sign out of this workspace')).toBe(false)
  await ada.press('More for Bob Okafor')
  expect(ada.title).toBe('Bob Okafor')
  await ada.press('More for Bob Okafor')
  expect(ada.has('button', 'Sign out of this workspace')).toBe(true)
  await ada.press('Disable')
  expect(ada.has('button', 'Sign out of this workspace')).toBe(false)
  expect(ada.has('link', 'Users')).toBe(false)
  await ada.press('Cancel')
  expect(ada.has('link', 'Users')).toBe(true)
})

it('a name that nothing or more than one thing has is told with what there is instead', async () => {
  const ada = await browserOf('ada')
  await expect(ada.follow('Invite Everybody')).rejects.toThrow(
    'no single link is called “Invite Everybody”, but only: “Skip to content”',
  )
  await ada.follow('Access Management')
  await expect(ada.press(/^More for/)).rejects.toThrow('4 of them')
})

it('a button that only a script brings to life is not there', async () => {
  const ada = await browserOf('ada')
  await ada.follow('Ada Admin')
  expect(ada.has('button', 'Show current password')).toBe(false)
})
