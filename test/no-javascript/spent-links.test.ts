import { expect, it } from 'vitest'
import { Browser } from '../browser'
import { linkIn, run } from '../database'
import { browserOf, coolDown, inviteBy } from './browsers'

const SVEN = 'sven@acme.test'
const NEW_PASSWORD = 'plum teapot orbit canyon'

it('a resent link works, the older one says so and emails the newest, which goes on working, never twice within a minute', async () => {
  const [ada, sven] = [await browserOf('ada'), new Browser()]
  await inviteBy(ada, SVEN)
  const older = await linkIn(SVEN)
  await ada.press('Resend', ada.row(SVEN))
  expect(ada.status).toBe(429)
  expect(ada.texts('body').join()).toContain('An email was just sent')

  await coolDown(SVEN)
  await ada.open('/')
  await ada.follow('Access Management')
  await ada.press('Resend', ada.row(SVEN))
  expect(ada.notice).toContain(`Invitation sent again to ${SVEN}. The older link no longer works.`)
  const newer = await linkIn(SVEN)

  await sven.open(older)
  expect(sven.title).toBe('A newer link was emailed')
  await sven.press('Email me the newest link')
  expect(sven.texts('[role=alert]').join()).toMatch(/You can ask again in/i)
  await coolDown(SVEN)
  await sven.press('Email me the newest link')
  expect(sven.notice).toContain('The link is on its way to you.')

  await sven.open(newer)
  expect(sven.has('button', 'Set My Password')).toBe(true)
})

it('cancelling asks first, kills the link, and lets the address be invited again', async () => {
  const [ada, sven] = [await browserOf('ada'), new Browser()]
  await inviteBy(ada, SVEN)
  const link = await linkIn(SVEN)
  const ask = async () => {
    await ada.press(`More for ${SVEN}`)
    await ada.press(`More for ${SVEN}`)
    await ada.press('Cancel invitation')
    return ada.called(`Cancel the invitation to ${SVEN}?`)
  }
  expect((await ask()).textContent).toContain('The link in the email stops working.')
  await ada.press('Keep it')
  await ada.follow('Users')
  expect(ada.rowText(SVEN)).toContain('Invite Pending')
  await ada.press('Cancel invitation', await ask())
  expect(ada.notice).toContain(`The invitation to ${SVEN} is cancelled.`)
  expect(ada.main).not.toContain(SVEN)

  await sven.open(link)
  expect(sven.title).toBe('This invitation was withdrawn')
  await inviteBy(ada, SVEN)
  await sven.open(await linkIn(SVEN))
  expect(sven.has('button', 'Set My Password')).toBe(true)
})

it('declining asks first, removes the person, and lets the address be invited again', async () => {
  const [ada, sven] = [await browserOf('ada'), new Browser()]
  await inviteBy(ada, SVEN)
  await sven.open(await linkIn(SVEN))
  await sven.press('Decline the invitation')
  await sven.press('Decline')
  expect(sven.title).toBe('You declined this invitation')
  await ada.reload()
  expect(ada.main).not.toContain(SVEN)

  await inviteBy(ada, SVEN)
  await sven.open(await linkIn(SVEN))
  expect(sven.has('button', 'Set My Password')).toBe(true)
})

it('an expired link emails a fresh one, and that works once', async () => {
  const [ada, pia] = [await browserOf('ada'), new Browser()]
  const DAYS_MS = 4 * 24 * 60 * 60_000
  await run('UPDATE invitations SET created_at = created_at - ?1, expires_at = expires_at - ?1', DAYS_MS)
  const expired = await linkIn('pia@acme.test')
  await ada.follow('Access Management')
  expect(ada.rowText('pia@acme.test')).toContain('Invite Expired')

  await pia.open(expired)
  expect(pia.title).toBe('This link has expired')
  await pia.press('Email me a fresh link')
  expect(pia.notice).toContain('The link is on its way to you.')

  const fresh = await linkIn('pia@acme.test')
  await pia.open(fresh)
  pia.fill('Your name', 'Pia Berg')
  pia.fill('Password', NEW_PASSWORD)
  await pia.press('Set My Password')
  await pia.open(fresh)
  expect(pia.title).toBe('You already accepted this invitation')
  await pia.follow('Sign in')
  expect(pia.has('button', 'Sign in')).toBe(true)
})

it('a link that nobody here has signed gets one neutral page', async () => {
  const stranger = new Browser()
  for (const path of ['/invitation?token=eyJhbGciOiJub25lIn0.e30.', '/invitation', '/reset-password?token=nonsense']) {
    await stranger.open(path)
    expect([stranger.status, stranger.title]).toEqual([410, 'This link cannot be used'])
  }
})
