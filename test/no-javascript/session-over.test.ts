import { expect, it } from 'vitest'
import { PASS_PHRASE } from '../../src/dev/seed'
import { run } from '../database'
import { browserOf } from './browsers'

const HOUR_MS = 60 * 60_000
const RITA = 'rita@acme.test'

it('an invitation sent after the session is over comes back at sign-in, and is sent by one more press', async () => {
  const ada = await browserOf('ada')
  await ada.follow('Access Management')
  await ada.follow('Invite User')
  ada.fill('Email address', RITA)
  ada.uncheck('Logs')
  ada.fill('Note (optional)', 'Welcome aboard.')
  await run('UPDATE sessions SET last_seen_at = last_seen_at - ?', HOUR_MS)
  await ada.press('Send Invite')
  expect(ada.main).toContain('You were signed out after 30 minutes. Nothing was sent. Sign in to get back what you typed.')

  ada.fill('Email address', 'ada@acme.test')
  await ada.enter('Password', PASS_PHRASE)
  expect(ada.title).toBe('Send this now?')
  expect(ada.texts('dl').join()).toMatch(
    /Email addressrita@acme\.test.*RoleTenant User.*SectionsAgents, Traces, Eval,.*NoteWelcome aboard\./,
  )
  await ada.press('Send now')
  expect(ada.notice).toContain(`Invitation sent to ${RITA}.`)
  expect(ada.rowText(RITA)).toContain('6 of 7')
})

it('of settings only what was changed is shown again, in the words of the page', async () => {
  const ada = await browserOf('ada')
  await ada.follow('Access Management')
  await ada.follow('Settings')
  ada.choose('Invitations expire after', '7 days')
  ada.uncheck('Reminders')
  await run('UPDATE sessions SET last_seen_at = last_seen_at - ?', HOUR_MS)
  await ada.press('Save invitation settings')
  ada.fill('Email address', 'ada@acme.test')
  await ada.enter('Password', PASS_PHRASE)
  expect(ada.texts('dl')).toEqual(['Invitations expire after7 daysRemindersOff'])
  await ada.press('Send now')
  expect(ada.notice).toContain('Invitation settings saved.')
  expect([ada.valueOf('Invitations expire after'), ada.valueOf('Hours')]).toEqual(['7 days', '168'])
})

it('what was typed can be left, and nothing is sent', async () => {
  const ada = await browserOf('ada')
  await ada.follow('Access Management')
  await ada.follow('Invite User')
  ada.fill('Email address', RITA)
  await run('UPDATE sessions SET last_seen_at = last_seen_at - ?', HOUR_MS)
  await ada.press('Send Invite')
  ada.fill('Email address', 'ada@acme.test')
  await ada.enter('Password', PASS_PHRASE)
  await ada.follow('Continue without sending')
  expect(ada.title).toBe('Invite User')
  await ada.follow('Access Management')
  expect(ada.main).not.toContain(RITA)
})
