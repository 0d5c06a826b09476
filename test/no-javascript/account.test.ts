import { expect, it } from 'vitest'
import { PASS_PHRASE } from '../../src/dev/seed'
import { Browser } from '../browser'
import { one } from '../database'
import { browserOf } from './browsers'

const NEW_PASSWORD = 'plum teapot orbit canyon'

it('a person saves a name and ends a session elsewhere', async () => {
  const [bob, elsewhere] = [await browserOf('bob'), await browserOf('bob')]
  await bob.follow('Bob Okafor')
  bob.fill('Name', 'Bob After')
  await bob.press('Save name')
  expect(bob.notice).toContain('Your name is saved.')
  expect(bob.has('link', 'Bob After')).toBe(true)

  await bob.press(/^End /)
  expect(bob.notice).toContain('That session has ended.')
  expect(bob.has('button', /^End /)).toBe(false)
  expect(bob.main).toContain('This session')
  const { pathname } = elsewhere.url
  await elsewhere.reload()
  expect(elsewhere.url.searchParams.get('next')).toBe(pathname)
})

it('a person changes the password, which an email tells them and every other session learns', async () => {
  const [bob, elsewhere] = [await browserOf('bob'), await browserOf('bob')]
  await bob.follow('Bob Okafor')
  const change = async (current: string) => {
    bob.fill('Current password', current)
    bob.fill('New password', NEW_PASSWORD)
    await bob.press('Change password')
  }
  await change('not my pass phrase')
  expect(bob.describes('Current password')).toBe('Incorrect password.')
  await change(PASS_PHRASE)
  expect(bob.notice).toContain('Your password has been changed, and every other session has ended.')

  await elsewhere.reload()
  expect(elsewhere.has('button', 'Sign in')).toBe(true)
  expect(await one("SELECT kind FROM mails WHERE to_key = 'bob@acme.test'")).toEqual({ kind: 'password_changed' })
})

it('signing out ends the session, and a wrong password says what to do', async () => {
  const [bob, stranger] = [await browserOf('bob'), new Browser()]
  await bob.follow('Bob Okafor')
  const account = bob.url.pathname
  await bob.press('Sign out')
  expect(bob.notice).toContain('You are signed out.')
  await bob.open(account)
  expect(bob.url.searchParams.get('next')).toBe(account)

  await stranger.open(account)
  const signIn = async (password: string) => {
    stranger.fill('Email address', 'bob@acme.test')
    await stranger.enter('Password', password)
  }
  await signIn('not my pass phrase')
  expect(stranger.texts('[role=alert]:not([hidden])')).toEqual([expect.stringContaining('Incorrect email or password.')])
  expect(stranger.valueOf('Email address')).toBe('bob@acme.test')
  await signIn(PASS_PHRASE)
  expect(stranger.url.pathname).toBe(account)
})
