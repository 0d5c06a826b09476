import { expect, it } from 'vitest'
import { Browser } from '../browser'
import { signedInAs } from '../client'
import { linkIn, run } from '../database'
import { browserOf, browserOfNewWorkspace, inviteBy } from './browsers'

it('an agent is registered, opened, edited, taken offline and deleted, and the people who have it follow', async () => {
  const mira = await browserOfNewWorkspace('Hooli')
  await run("UPDATE members SET role = 'user', tenant_id = 'new' WHERE id = 'bob'")
  const bob = new Browser(await signedInAs('user-bob', 'new'))
  await bob.open('/')
  expect(bob.main).toContain('You do not have access to any agents yet. Ask Mira Solberg.')

  await mira.open('/')
  await mira.follow('Register your first agent')
  mira.fill('Name', 'Ticket Sorter')
  mira.fill('Tags (optional)', 'support, email')
  mira.fill('URL (optional)', 'http://tickets.example.test')
  await mira.press('Register Agent')
  expect(mira.describes('URL (optional)')).toMatch(/^Enter a URL that starts with https:\/\//)
  expect(mira.valueOf('URL (optional)')).toBe('http://tickets.example.test')
  expect(mira.valueOf('Name')).toBe('Ticket Sorter')
  mira.fill('URL (optional)', '/account?chat')
  await mira.press('Register Agent')
  expect(mira.notice).toContain('Ticket Sorter is registered. Everyone with access to all agents can see it.')

  await bob.open('/')
  await bob.follow('Open Ticket Sorter')
  expect(bob.url.href).toMatch(/\/account\?chat$/)
  await bob.open('/')

  await mira.follow('Edit')
  mira.fill('Name', 'Ticket Router')
  await mira.press('Save changes')
  expect(mira.title).toBe('Ticket Router')
  await mira.press('Take offline')
  expect(mira.notice).toContain('Ticket Router is offline.')
  expect(mira.has('button', 'Make live')).toBe(true)
  await bob.follow('Open Ticket Sorter')
  expect(bob.title).toBe('This agent is offline')

  await mira.press('More for Ticket Router')
  await mira.press('Delete agent')
  expect(mira.called('Delete this agent?').textContent).toContain('disappears for everyone with access to all agents')
  await mira.press('Cancel')
  await mira.press('More for Ticket Router')
  await mira.press('Delete agent')
  await mira.press('Delete agent', mira.called('Delete this agent?'))
  expect(mira.notice).toContain('Ticket Router is deleted.')
  expect(mira.has('link', 'Register your first agent')).toBe(true)
})

it('agents are searched and filtered by tag, and a section leads where Settings say', async () => {
  const ada = await browserOf('ada')
  const cards = () => ada.texts('main h2')
  await ada.follow('email')
  expect(cards()).toEqual(['Support Triage'])
  await ada.enter('Search agents', 'contract')
  expect(ada.main).toContain('None of your agents match “contract” and have the tag “email”.')
  await ada.follow('Show all agents')
  expect(cards()).toHaveLength(5)

  await ada.follow('Traces')
  expect(cards()).toEqual(['Not connected yet', 'Apps'])
  await ada.follow('Connect Traces')
  ada.fill('Workspace name', 'Acme Works')
  await ada.press('Save general settings')
  expect(ada.notice).toContain('General settings saved.')
  ada.fill('Traces', 'http://traces.example.test/')
  await ada.press('Save section links')
  expect(ada.describes('Traces')).toMatch(/^Enter a URL that starts with https:\/\//)
  expect(ada.valueOf('Traces')).toBe('http://traces.example.test/')
  ada.fill('Traces', 'https://traces.example.test/')
  ada.fill('Logs', '/account?logs')
  await ada.press('Save section links')
  expect(ada.notice).toContain('Section links saved.')
  expect(ada.texts('nav').join()).toContain('Acme Works')

  await ada.follow('Logs')
  await ada.follow('Open Logs')
  expect(ada.url.href).toMatch(/\/account\?logs$/)
  await ada.open('/')
  await ada.follow('Traces')
  await ada.follow('Open Traces')
  expect(ada.url.href).toBe('https://traces.example.test/')
})

it('somebody in two workspaces switches in the sidebar, and a page shows the workspace it belongs to', async () => {
  const [cat, bob] = [await browserOf('cat'), await browserOf('bob')]
  await inviteBy(cat, 'bob@acme.test')
  await bob.open(await linkIn('bob@acme.test'))
  await bob.press('Join Globex')
  expect(bob.texts('main h2')).toEqual(['Route Planner', 'Stock Watch'])
  await bob.follow('Route Planner')
  const planner = bob.url.pathname

  await bob.press('Globex (switch workspace)')
  await bob.follow('Acme', bob.called('Workspaces'))
  expect(bob.texts('main h2')).toContain('Support Triage')
  expect(bob.main).not.toContain('Route Planner')
  await bob.open(planner)
  expect(bob.title).toBe('Route Planner')
  expect(bob.has('button', 'Globex (switch workspace)')).toBe(true)
})
