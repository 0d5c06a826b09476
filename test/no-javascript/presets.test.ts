import { expect, it } from 'vitest'
import { all, one } from '../database'
import { browserOf } from './browsers'

const access = (member: string) =>
  all('SELECT section, access FROM member_sections WHERE member_id = ? AND access = ? ORDER BY 1', member, 'on')

it('a preset is made, given, departed from, realigned and deleted', async () => {
  const ada = await browserOf('ada')
  await ada.follow('Access Management')
  await ada.follow('Presets')
  expect(ada.main).toContain('No presets yet')
  await ada.follow('New preset')
  ada.fill('Name', 'Support team')
  for (const section of ['Eval', 'MCP Debug', 'Prompts', 'Session', 'Traces']) ada.uncheck(section)
  await ada.press('Create preset')
  expect(ada.main).toContain('Agents and Logs')
  expect(ada.main).toContain('No one has this preset yet')

  await ada.open('/w/acme/access/users/bob')
  await ada.press('Give preset')
  expect(ada.main).toMatch(/Preset Support team, since \d+ \w+/)
  expect(await access('bob')).toEqual([
    { section: 'agents', access: 'on' },
    { section: 'logs', access: 'on' },
  ])

  await ada.follow('Support team')
  await ada.follow('Edit')
  ada.check('Traces')
  await ada.press('Save changes')
  expect(await access('bob')).toHaveLength(2)
  await ada.follow('Who differ')
  expect(ada.main).toContain('1 person of 1 differs from this preset.')
  expect(ada.rowText('Bob Okafor')).toContain('Traces')
  await ada.press('Realign 1 person')
  expect(await access('bob')).toHaveLength(3)
  expect(ada.main).toContain('Everyone has exactly what it says.')

  await ada.press('Delete')
  await ada.press('Delete')
  expect(ada.main).toContain('No presets yet')
  expect(await access('bob')).toHaveLength(3)
  expect(await one("SELECT preset_id FROM members WHERE id = 'bob'")).toEqual({ preset_id: null })
})

it('an invitation is filled in from a preset, looked at, and sent with it', async () => {
  const ada = await browserOf('ada')
  await ada.open('/w/acme/access/presets/new')
  ada.fill('Name', 'Support team')
  ada.uncheck('Eval')
  await ada.press('Create preset')

  await ada.open('/w/acme/access/invitations/new')
  ada.fill('Email address', 'nell@acme.test')
  ada.choose('Preset (optional)', 'Support team')
  await ada.press('Send Invite')
  expect(await one("SELECT id FROM members WHERE email = 'nell@acme.test'")).toBeUndefined()
  expect(ada.valueOf('Email address')).toBe('nell@acme.test')
  expect(ada.parts('[name=section][value=eval]')[0]?.hasAttribute('checked')).toBe(false)
  ada.uncheck('Traces')
  await ada.press('Send Invite')

  await ada.follow('nell@acme.test')
  expect(ada.main).toContain('Differs in Traces')
  expect(ada.main).toMatch(/Off\. Preset Support team, since/)
  expect(ada.main).toMatch(/Off\. Set by Ada Admin/)
})
