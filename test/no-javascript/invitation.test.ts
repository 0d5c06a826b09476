import { expect, it } from 'vitest'
import { PASS_PHRASE } from '../../src/dev/seed'
import { Browser } from '../browser'
import { facts, linkIn } from '../database'
import { browserOf, inviteBy } from './browsers'

const NEW_PASSWORD = 'plum teapot orbit canyon'
const OLGA = 'olga@acme.test'

it('an invited person sets a password and signs in, and the admin sees them Active', async () => {
  const [ada, olga] = [await browserOf('ada'), new Browser()]
  await inviteBy(ada, OLGA)
  expect(ada.notice).toContain(`Invitation sent to ${OLGA}.`)
  await olga.open(await linkIn(OLGA))
  olga.fill('Your name', 'Olga Ilves')
  olga.fill('Password', NEW_PASSWORD)
  await olga.press('Set My Password')
  expect(olga.main).toContain('Your password is set.')
  expect(olga.valueOf('Email address')).toBe(OLGA)

  await olga.enter('Password', NEW_PASSWORD)
  expect(olga.title).toBe('Agents')
  expect(olga.has('link', 'Access Management')).toBe(false)
  await ada.reload()
  expect(ada.rowText(OLGA)).toMatch(/Olga Ilves.*Active/s)
})

it('a name that is pasted with an address is shown in its own field, kept and filled in for the person', async () => {
  const [ada, nora] = [await browserOf('ada'), new Browser()]
  await inviteBy(ada, 'Nora New <nora@acme.tset> (work)')
  expect(ada.valueOf('Email address')).toBe('Nora New <nora@acme.tset> (work)')
  ada.fill('Email address', 'Nora New <nora@acme.test>')
  await ada.press('Update preview')
  expect([ada.valueOf('Email address'), ada.valueOf('Name (optional)')]).toEqual(['nora@acme.test', 'Nora New'])
  expect(ada.called('What Nora New sees')).toBeTruthy()
  await ada.press('Send Invite')
  expect(ada.rowText('nora@acme.test')).toMatch(/Nora New.*Invite Pending/s)
  await nora.open(await linkIn('nora@acme.test'))
  expect(nora.valueOf('Your name')).toBe('Nora New')
})

it('opening a link, however often, changes nothing', async () => {
  const [ada, olga] = [await browserOf('ada'), new Browser()]
  await inviteBy(ada, OLGA)
  const [link, before] = [await linkIn(OLGA), await facts()]
  for (const _ of ['first', 'second']) {
    await olga.open(link)
    expect(olga.url.search).toBe('')
    expect(olga.has('button', 'Set My Password')).toBe(true)
  }
  expect(await facts()).toEqual(before)
})

it('the timeline does not tell of a form that was used without a script to say so', async () => {
  const [ada, olga] = [await browserOf('ada'), new Browser()]
  await inviteBy(ada, OLGA)
  await olga.open(await linkIn(OLGA))
  olga.fill('Your name', 'Olga')
  await ada.follow(OLGA)
  expect(ada.main).toContain('Invitation queued')
  expect(ada.main).not.toContain('Form used in a browser')
})

it('a refused password keeps the draft and says why', async () => {
  const [ada, olga] = [await browserOf('ada'), new Browser()]
  await inviteBy(ada, OLGA, 'Tenant Admin')
  await olga.open(await linkIn(OLGA))
  olga.fill('Your name', 'Olga Ilves')
  olga.fill('Password', 'too short')
  await olga.press('Set My Password')
  expect(olga.describes('Password')).toMatch(/Use at least 15 characters/)
  expect(olga.valueOf('Your name')).toBe('Olga Ilves')

  olga.fill('Password', NEW_PASSWORD)
  await olga.press('Set My Password')
  expect(olga.has('button', 'Sign in')).toBe(true)
})

it('somebody with an account elsewhere signs in with it and joins with one button', async () => {
  const [ada, cat] = [await browserOf('ada'), new Browser()]
  await inviteBy(ada, 'cat@globex.test')
  await cat.open(await linkIn('cat@globex.test'))
  await cat.follow('Sign in to join')
  cat.fill('Email address', 'cat@globex.test')
  await cat.enter('Password', PASS_PHRASE)
  await cat.press('Join Acme')

  expect(cat.title).toBe('Agents')
  expect(cat.texts('h2')).toContain('Support Triage')
  expect(cat.has('button', 'Acme (switch workspace)')).toBe(true)
})

it('signed in as somebody else, the page shows both addresses and offers to sign out and go on', async () => {
  const [ada, bob] = [await browserOf('ada'), await browserOf('bob')]
  await inviteBy(ada, OLGA)
  await bob.open(await linkIn(OLGA))
  expect(bob.main).toContain(`This invitation is for ${OLGA}. You are signed in as bob@acme.test.`)
  await bob.press(`Sign out and continue as ${OLGA}`)
  expect(bob.has('button', 'Set My Password')).toBe(true)
})
