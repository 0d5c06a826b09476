import type { Locator, Page } from '@playwright/test'
import { BOTH, expect, invite, PASS_PHRASE, rowOf, test, uniqueAddress } from './app.ts'
import { coolDown, sql } from './database.ts'
import { ACME, PATHS, RESEND } from './paths.ts'

test('the keyboard alone signs in, invites, and cancels after asking', BOTH, async ({ page, scripted }) => {
  const address = uniqueAddress('bela')
  await page.goto(PATHS.login)
  await expect(page.getByLabel('Email address')).toBeFocused()
  await page.keyboard.type('ada@acme.test')
  await tabTo(page, page.getByLabel('Password', { exact: true }))
  await page.keyboard.type(PASS_PHRASE)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(ACME.agents)
  await press(page, page.getByRole('link', { name: 'Access Management' }))
  await expect(page).toHaveURL(ACME.users())
  await press(page, page.getByRole('link', { name: 'Invite User' }))
  await expect(page.getByLabel('Email address')).toBeFocused()
  await page.keyboard.type(address)
  await press(page, page.getByRole('button', { name: 'Send Invite' }))
  await expect(page.getByRole('status')).toContainText('Invitation sent to ')

  const search = page.getByRole('searchbox')
  await tabTo(page, search)
  await page.keyboard.type(address)
  if (!scripted) await page.keyboard.press('Enter')
  const row = page.getByRole('row').filter({ hasText: address })
  await expect(page.getByRole('row')).toHaveCount(2)
  if (scripted) await expect(search).toBeFocused()

  const more = row.getByRole('button', { name: /^More for/ })
  const dialog = page.getByRole('dialog')
  await press(page, more)
  // Without a script the dots lead to the page of the person.
  const again = page.getByRole('button', { name: /^More for/ }).first()
  const onTheirPage = page.getByRole('heading', { level: 1, name: address })
  if (!scripted) {
    await expect(onTheirPage).toBeVisible()
    await press(page, again)
  }
  await press(page, page.getByRole('button', { name: 'Cancel invitation' }))
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  if (scripted) await expect(more).toBeFocused()

  await press(page, scripted ? more : again)
  await press(page, page.getByRole('button', { name: 'Cancel invitation' }))
  await press(page, dialog.getByRole('button', { name: 'Cancel invitation' }))
  await expect(page.getByRole('status')).toContainText(`The invitation to ${address} is cancelled.`)
  await expect(row).toHaveCount(0)
  if (scripted) await expect(page.locator('body')).not.toBeFocused()
})

test('focus stays with Resend after the swap', async ({ admin, request, outside, ada }) => {
  const address = uniqueAddress('cira')
  await invite(outside, ada, address)
  await coolDown(request, address)
  const resend = (await rowOf(admin, address)).getByRole('button', { name: 'Resend' })
  await press(admin, resend)
  await expect(admin.getByRole('status')).toContainText('Invitation sent again to ')
  await expect(resend).toBeFocused()
  await expectVisibleFocus(admin)
})

test('a double click on Send or Resend sends one email', BOTH, async ({ visitor, ada, request, scripted }) => {
  const address = uniqueAddress('duna')
  const mails = async () => (await sql(request, 'SELECT count(*) FROM mails WHERE to_key = ?', address))[0]?.[0]
  const inviting = await visitor(ada)
  await inviting.goto(ACME.invite())
  await inviting.getByLabel('Email address').fill(address)
  const invited = postsOf(inviting, ACME.invitations)
  await inviting.getByRole('button', { name: 'Send Invite' }).dblclick()
  await expect.poll(mails).toBe(1)
  if (scripted) expect(invited).toHaveLength(1)

  await coolDown(request, address)
  const resending = await visitor(ada)
  const resend = (await rowOf(resending, address)).getByRole('button', { name: 'Resend' })
  const resent = postsOf(resending, RESEND)
  await resend.dblclick()
  await expect.poll(mails).toBe(2)
  if (!scripted) return
  await expect(resending.getByRole('status')).toContainText('Invitation sent again to ')
  // htmx would send the second click's form when the first is answered, and so before the next thing that this page asks for.
  await expect(resend).toBeEnabled()
  await resending.evaluate(async (path) => {
    await new Promise(requestAnimationFrame)
    await fetch(path)
  }, PATHS.login)
  expect(resent).toHaveLength(1)
})

/** Collects the forms that this page sends to a path from now on. */
function postsOf(page: Page, path: string) {
  const posts: string[] = []
  page.on('request', (sent) => {
    if (sent.method() === 'POST' && sent.url().endsWith(path)) posts.push(sent.url())
  })
  return posts
}

/** Once around a page of 50 people, of whom each has up to four. */
const MOST_STOPS = 300

async function press(page: Page, target: Locator) {
  await tabTo(page, target)
  await page.keyboard.press('Enter')
}

/** Tabs on until the target has the focus, which every stop on the way shows. */
async function tabTo(page: Page, target: Locator) {
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press('Tab')
    await expectVisibleFocus(page)
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`${MOST_STOPS} times Tab do not reach ${target}`)
}

async function expectVisibleFocus(page: Page) {
  const hidden = await page.evaluate(() => {
    const outlined = (element: Element | null | undefined, pseudo?: string) =>
      element &&
      getComputedStyle(element, pseudo).outlineStyle !== 'none' &&
      element.matches(':focus-visible, :has(:focus-visible), [type="date"]:focus-within')
    const { activeElement } = document
    const shown = [outlined(activeElement), outlined(activeElement, '::after'), outlined(activeElement?.closest('label'))]
    return activeElement === document.body || shown.some(Boolean) ? undefined : activeElement?.outerHTML
  })
  expect(hidden, 'has the focus without showing it').toBeUndefined()
}
