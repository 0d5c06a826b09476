import { BOTH, enter, expect, rowOf, signIn, test, uniqueAddress } from './app.ts'
import { addMember, sql } from './database.ts'
import { ACME } from './paths.ts'

test(
  'a membership that ends while its page is open is over with the next click, until an admin extends it',
  BOTH,
  async ({ page, admin, request }) => {
    const address = uniqueAddress('theo')
    await addMember(request, { tenant: 'acme', email: address, name: 'Theo Brandt' })
    await enter(page, address)
    await page.goto(ACME.agents)
    await sql(request, 'UPDATE members SET ends_at = ?1 WHERE email_key = ?2', String(Date.now() - 1), address)

    await page.getByRole('link', { name: 'Contract Reader', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'Your membership in Acme has ended' })).toBeVisible()
    await page.goto('/workspaces')
    await expect(page.getByRole('main')).toContainText(/Acme.*ended/is)
    const row = await rowOf(admin, address)
    await expect(row).toContainText('Ended')

    await row.getByRole('link', { name: 'Theo Brandt' }).click()
    await admin.getByRole('button', { name: 'Clear end date' }).click()
    await expect(admin.getByRole('main')).toContainText('Active')
    await signIn(page, address)
    await page.goto(ACME.agents)
    await expect(page.getByRole('heading', { name: 'Agents' })).toBeVisible()
  },
)
