import { expect, it } from 'vitest'
import { all, one } from '../database'
import { browserOf } from './browsers'

it('an app is connected, agreed to, changed, given another secret and disconnected', async () => {
  const ada = await browserOf('ada')
  await ada.follow('Access Management')
  await ada.follow('Apps')
  expect(ada.main).toContain('No apps yet')
  await ada.follow('Connect an app')
  ada.choose('Connect it to', 'Traces')
  await ada.press('Continue')
  ada.fill('Name', 'Grafana')
  await ada.press('Connect app')
  expect(ada.main).toContain('Enter where the tool wants people to be sent back to')
  ada.fill('Redirect addresses', 'https://grafana.acme.test/cb')
  await ada.press('Connect app')
  expect(ada.main).toContain('Copy the client secret now: it is shown only once.')
  const secret = ada.valueOf('Client secret')
  expect(secret).toMatch(/^[\w-]{43}$/)

  await ada.follow('I have copied it')
  await ada.press('Agree for everyone')
  expect(ada.main).toContain('No one is asked')
  await ada.follow('Edit')
  ada.fill('Back-channel logout address (optional)', 'https://grafana.acme.test/logout')
  await ada.press('Save changes')
  expect(await one('SELECT logout_uri, granted_at > 0 AS agreed FROM apps')).toEqual({
    logout_uri: 'https://grafana.acme.test/logout',
    agreed: 1,
  })

  await ada.press('Rotate secret now')
  expect(ada.valueOf('Client secret')).not.toBe(secret)
  await ada.follow('I have copied it')
  await ada.press('End it now')
  expect(ada.main).not.toContain('The old secret works until')
  await ada.press('Disconnect')
  await ada.press('Disconnect')
  expect(ada.main).toContain('No apps yet')
  expect(await all('SELECT id FROM apps')).toEqual([])
})
