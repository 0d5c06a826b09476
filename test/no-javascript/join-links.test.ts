import { expect, it } from 'vitest'
import { Browser } from '../browser'
import { one } from '../database'
import { emailedLink } from '../join-links'
import { browserOf } from './browsers'

const NEW_PASSWORD = 'plum teapot orbit canyon'
const OLGA = 'olga@acme.test'

/** An admin makes a link through the form. @returns where it leads */
async function linkBy(ada: Browser, approval: string) {
  await ada.open('/')
  await ada.follow('Access Management')
  await ada.follow('Invite User')
  await ada.follow('Join link')
  await ada.follow('New join link')
  ada.fill('Name (optional)', 'Course')
  ada.check(approval)
  await ada.press('Create link')
  const { pathname, search } = new URL(ada.valueOf('Link'))
  return pathname + search
}

/** Gives the address on the page of the link, and opens what was emailed to it. */
async function confirm(person: Browser, link: string) {
  await person.open(link)
  person.fill('Email address', OLGA)
  await person.press('Email me a link')
  expect(person.main).toContain(`We emailed a link to ${OLGA}.`)
  const proof = await one<{ jti: string }>('SELECT jti FROM join_proofs WHERE email_key = ?', OLGA)
  await person.open((await emailedLink(proof?.jti ?? '')).url)
}

it('somebody joins by a link, and the page of the link and the users show them', async () => {
  const [ada, olga] = [await browserOf('ada'), new Browser()]
  const link = await linkBy(ada, 'Not needed')
  await confirm(olga, link)
  olga.fill('Your name', 'Olga Ilves')
  olga.fill('Password', NEW_PASSWORD)
  await olga.press('Set My Password')
  await olga.enter('Password', NEW_PASSWORD)
  expect(olga.title).toBe('Agents')

  await ada.reload()
  expect(ada.rowText(OLGA)).toMatch(/Olga Ilves.*Active/s)
  expect(ada.main).toContain('1 of 10 times')
  await ada.press('Turn off now')
  expect(ada.notice).toContain('The link is turned off.')
  await olga.open(link)
  expect(olga.main).toContain('This link was turned off')
})

it('somebody asks to join and is let in by an admin, who reads of them above the users', async () => {
  const [ada, olga] = [await browserOf('ada'), new Browser()]
  await confirm(olga, await linkBy(ada, 'An admin approves each person'))
  olga.fill('Your name', 'Olga Ilves')
  await olga.press('Ask to join Acme')
  expect(olga.title).toBe('Waiting for approval')

  await ada.open('/w/acme/access/users')
  await ada.follow('1 person is waiting for approval')
  await ada.press('Approve Olga Ilves')
  expect(ada.notice).toContain('Olga Ilves can now join. We emailed them.')
  await ada.open('/w/acme/access/users')
  expect(ada.rowText(OLGA)).toMatch(/Olga Ilves.*Invite Pending/s)
})
