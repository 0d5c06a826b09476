import { expect, it } from 'vitest'
import { Browser } from '../browser'
import { all, linkIn, resetLinkIn } from '../database'
import { browserOf, coolDown } from './browsers'

const NEW_PASSWORD = 'plum teapot orbit canyon'

it('an active person sets a new password by email: every session ends, a notice follows, the link works once', async () => {
  const [elsewhere, bob] = [await browserOf('bob'), new Browser()]
  await forget(bob, 'bob@acme.test')
  const link = await resetLinkIn('bob@acme.test')
  await bob.open(link)
  bob.fill('New password', 'too short')
  await bob.press('Set new password')
  expect(bob.describes('New password')).toMatch(/Use at least 15 characters/)
  bob.fill('New password', NEW_PASSWORD)
  await bob.press('Set new password')
  expect(bob.main).toContain('Your new password is set.')
  expect(bob.valueOf('Email address')).toBe('bob@acme.test')

  const { pathname } = elsewhere.url
  await elsewhere.reload()
  elsewhere.fill('Email address', 'bob@acme.test')
  await elsewhere.enter('Password', NEW_PASSWORD)
  expect(elsewhere.url.pathname).toBe(pathname)
  expect(await all("SELECT kind FROM mails WHERE to_key = 'bob@acme.test' ORDER BY created_at")).toEqual([
    { kind: 'password_reset' },
    { kind: 'password_changed' },
  ])
  await bob.open(link)
  expect(bob.title).toBe('This link has already been used')
})

it('a pending person who forgot gets the invitation again, a disabled one a reset, and nobody can tell who is known', async () => {
  const browser = new Browser()
  await coolDown('pia@acme.test')
  const answers = []
  for (const address of ['nobody@acme.test', 'dov@acme.test', 'pia@acme.test']) answers.push(await forget(browser, address))
  expect(new Set(answers).size).toBe(1)

  await browser.open(await linkIn('pia@acme.test'))
  expect(browser.title).toBe('Join Acme')
  expect(await all("SELECT to_key, kind FROM mails WHERE to_key <> 'pia@acme.test'")).toEqual([
    { to_key: 'dov@acme.test', kind: 'password_reset' },
  ])
})

/** Asks for a link from the sign-in page on. @returns what the answer says */
async function forget(browser: Browser, address: string) {
  await browser.open('/login')
  await browser.follow('Forgot your password?')
  browser.fill('Email address', address)
  await browser.press('Email me a link')
  expect(browser.title).toBe('Check your email')
  return browser.main
}
