import { expect, it } from 'vitest'
import { PASS_PHRASE } from '../../src/dev/seed'
import { Browser } from '../browser'
import { linkIn, run } from '../database'
import { browserOf, browserOfNewWorkspace, coolDown, inviteBy } from './browsers'

it('a role changes from the row, disabling ends the session, and the activity tells all of it', async () => {
  const [ada, bob] = [await browserOf('ada'), await browserOf('bob')]
  const rowText = () => ada.rowText('bob@acme.test')
  await ada.follow('Access Management')
  await choose(ada, 'Bob Okafor', 'Make Tenant Admin')
  expect(ada.notice).toContain('Bob Okafor is now a Tenant Admin.')
  expect(ada.main).toContain('Tenant Admin')
  await ada.press('Undo')
  await ada.follow('Users')
  expect(rowText()).toContain('Tenant User')

  await choose(ada, 'Bob Okafor', 'Disable')
  expect(ada.called('Disable Bob Okafor?').textContent).toContain('They are signed out of this workspace and its apps')
  await ada.press('Cancel')
  await ada.follow('Users')
  expect(rowText()).toContain('Active')
  await choose(ada, 'Bob Okafor', 'Disable')
  await ada.press('Disable', ada.called('Disable Bob Okafor?'))
  await ada.follow('Users')
  expect(rowText()).toContain('Disabled')
  await bob.follow('Traces')
  expect(bob.title).toBe('Sign in')
  await ada.press(/^Enable/, ada.row('bob@acme.test'))
  expect(ada.notice).toContain('Bob Okafor is enabled and can sign in again.')
  await bob.reload()
  expect(bob.url.searchParams.get('next')).toBe('/w/acme/sections/traces')
  bob.fill('Email address', 'bob@acme.test')
  await bob.enter('Password', PASS_PHRASE)
  expect(bob.title).toBe('Traces')

  await ada.follow('Activity')
  await ada.follow(
    'Bob Okafor',
    ada.parts('main td').find(({ textContent }) => textContent.includes('bob@acme.test')),
  )
  const entries = () => ada.texts('main tr')
  expect(entries()[1]).toContain('Signed in')
  ada.choose('Action', 'Role changed')
  await ada.press('Show')
  expect(entries()).toHaveLength(3)
  expect(entries()[1]).toContain('Role: Tenant Admin → Tenant User')
  expect(entries()[2]).toMatch(/Role: Tenant User → Tenant Admin.*bob@acme\.test.*Ada Admin/)

  await ada.follow('Access Management')
  await choose(ada, 'Bob Okafor', 'Delete')
  await ada.press('Delete', ada.called('Delete Bob Okafor?'))
  expect(ada.notice).toContain('Bob Okafor is deleted from this workspace.')
  expect(ada.main).not.toContain('bob@acme.test')
  await bob.reload()
  expect(bob.title).toBe('Sign in')
})

it('an end date is set, undone, and ends the access of whoever has the page open', async () => {
  const [ada, bob] = [await browserOf('ada'), await browserOf('bob')]
  await ada.follow('Access Management')
  await ada.follow('Bob Okafor')
  await ada.enter('Last day', '2099-12-31')
  expect(ada.notice).toContain('The membership of Bob Okafor ends at the end of 31 Dec 2099 (UTC).')
  await ada.press('Undo')
  expect(ada.notice).toContain('The change to Bob Okafor was undone.')
  expect(ada.main).toContain('None')

  await run("UPDATE members SET ends_at = 2 WHERE id = 'bob'")
  await bob.follow('Traces')
  expect(bob.main).toContain('Your membership in Acme has ended')
  await ada.reload()
  expect(ada.main).toContain('Ended')
  await ada.press(/^Clear end date/)
  expect(ada.notice).toContain('Bob Okafor can sign in again.')
})

it('the last admin is neither demoted nor disabled, and reads what to do first', async () => {
  const mira = await browserOfNewWorkspace('Initech')
  await mira.follow('Access Management')
  await choose(mira, 'Mira Solberg', 'Make Tenant User')
  await mira.press('Make me', mira.called('Make yourself a Tenant User?'))
  const said = () => mira.texts('body').join()
  expect(said()).toContain('The last admin must stay an admin')
  expect(said()).toContain('Make someone else a Tenant Admin first. Pending and disabled people do not count.')

  await mira.open('/')
  await mira.follow('Access Management')
  await choose(mira, 'Mira Solberg', 'Disable')
  await mira.press('Disable me', mira.called('Disable yourself?'))
  expect(said()).toContain('The last admin cannot be disabled')
  await mira.open('/')
  await mira.follow('Access Management')
  expect(mira.rowText('mira@new.test')).toMatch(/Tenant Admin.*Active/s)
})

it('a mistyped address is fixed from the page of the member, and the link in the earlier email stops working', async () => {
  const [ada, lena] = [await browserOf('ada'), new Browser()]
  const [wrong, right] = ['lena@exmaple.test', 'lena@example.test']
  await inviteBy(ada, wrong)
  const older = await linkIn(wrong)
  await coolDown(wrong)
  await ada.follow(wrong)
  ada.fill('Email address', 'lena at example')
  await ada.press('Correct and resend')
  expect(ada.describes('Email address')).toMatch(/^That does not look like an email address\./)
  expect(ada.valueOf('Email address')).toBe('lena at example')
  ada.fill('Email address', right)
  await ada.press('Correct and resend')
  expect(ada.notice).toContain(`Invitation sent to ${right} instead. The older link no longer works.`)
  expect(ada.title).toBe(right)
  expect(ada.texts('li')).toContainEqual(expect.stringMatching(/replaced by a newer one/i))

  await lena.open(older)
  expect(lena.status).toBe(410)
  await lena.open(await linkIn(right))
  expect(lena.has('button', 'Set My Password')).toBe(true)
})

/** One entry of the menu behind the dots: those of a row lead to the page of the person, which has its own, and the role in sight. */
async function choose(admin: Browser, name: string, entry: string) {
  await admin.press(`More for ${name}`)
  if (!entry.startsWith('Make')) await admin.press(`More for ${name}`)
  await admin.press(entry)
}
