import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { PASS_PHRASE } from '../../src/dev/seed'
import { Browser } from '../browser'
import { linkIn, resetLinkIn } from '../database'
import { unproven } from '../late'
import { browserOf, inviteBy } from './browsers'

const OLGA = 'olga@acme.test'
const FIRST_PASSWORD = 'plum teapot orbit canyon'
const OWN_PASSWORD = 'lantern gravel violin moss'

it('a link is copied after confirming who one is, handed over and used; the address is confirmed later', async () => {
  const [ada, olga] = [await browserOf('ada'), new Browser()]
  await inviteBy(ada, OLGA)
  await unproven()
  await ada.follow(OLGA)
  await ada.press(`More for ${OLGA}`)
  await ada.follow('Copy link')
  expect(ada.title).toBe('Confirm it’s you')
  await ada.enter('Password', 'not the right one')
  expect(ada.main).toContain('Incorrect password.')
  await ada.enter('Password', PASS_PHRASE)
  expect(ada.title).toBe('Copy invitation link')
  await ada.press('Copy link')
  const link = ada.valueOf(`Link for ${OLGA}`)
  expect(link).toContain('/invitation?token=')
  await ada.follow('Done')
  expect(ada.main).toContain('Link copied')

  await olga.open(link.replace(env.APP_ORIGIN, ''))
  olga.fill('Your name', 'Olga Ilves')
  olga.fill('Password', FIRST_PASSWORD)
  await olga.press('Set My Password')
  await olga.enter('Password', FIRST_PASSWORD)
  expect(olga.title).toBe('Agents')

  await olga.open('/workspaces')
  expect(olga.main).toContain(`${OLGA} is not confirmed yet.`)
  await olga.press('Confirm my address')
  expect(olga.notice).toContain('A link to confirm your address is on its way')
  await olga.open(await resetLinkIn(OLGA))
  expect(olga.title).toBe('Confirm your address')
  await olga.enter('New password', OWN_PASSWORD)
  await olga.enter('Password', OWN_PASSWORD)
  await olga.open('/workspaces')
  expect(olga.main).not.toContain('not confirmed')
})

it('an emailed link makes the account its reader’s, and leaves the workspace that they clear', async () => {
  const [ada, cat, olga] = [await browserOf('ada'), await browserOf('cat'), new Browser()]
  await inviteBy(ada, OLGA)
  await ada.follow(OLGA)
  await ada.press(`More for ${OLGA}`)
  await ada.follow('Copy link')
  await ada.press('Copy link')
  const holder = new Browser()
  await holder.open(ada.valueOf(`Link for ${OLGA}`).replace(env.APP_ORIGIN, ''))
  holder.fill('Your name', 'Whoever')
  holder.fill('Password', FIRST_PASSWORD)
  await holder.press('Set My Password')
  await holder.enter('Password', FIRST_PASSWORD)
  expect(holder.title).toBe('Agents')

  await inviteBy(cat, OLGA)
  await olga.open(await linkIn(OLGA))
  expect(olga.main).toContain('makes the account yours')
  olga.uncheck('Acme')
  olga.fill('Your name', 'Olga Ilves')
  olga.fill('Password', OWN_PASSWORD)
  await olga.press('Set My Password')
  await olga.enter('Password', OWN_PASSWORD)
  await olga.open('/workspaces')
  expect(olga.main).toContain('Globex')
  expect(olga.main).not.toContain('Acme')
  await holder.reload()
  expect(holder.title).toBe('Sign in')
})
