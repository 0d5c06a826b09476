import { expect, test } from './app.ts'
import { ACME } from './paths.ts'

test('an admin connects a tool from the page of a section, rotates its secret, and disconnects it', async ({ admin }) => {
  test.slow()
  const name = `Grafana ${crypto.randomUUID().slice(0, 8)}`
  await admin.goto(ACME.section('traces'))
  await admin.getByRole('link', { name: 'Connect an app' }).click()
  await admin.getByLabel('Name').fill(name)
  await admin.getByLabel('Redirect addresses').fill('http://grafana.acme.example/login/generic_oauth')
  await admin.getByRole('button', { name: 'Connect app' }).click()
  await expect(admin.getByLabel('Redirect addresses')).toBeFocused()
  await expect(admin.getByText('has to begin with https://')).toBeVisible()
  await admin.getByLabel('Redirect addresses').fill('https://grafana.acme.example/login/generic_oauth')
  await admin.getByRole('button', { name: 'Connect app' }).click()

  const secret = await admin.getByLabel('Client secret').inputValue()
  await admin.locator('summary', { hasText: 'Grafana' }).click()
  await expect(admin.getByLabel('Environment of Grafana')).toHaveValue(new RegExp(`CLIENT_SECRET=${secret}`))
  await admin.reload()
  await expect(admin.locator('#notice')).toContainText('was connected by this form before')
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText(name)
  expect(await admin.content()).not.toContain(secret)

  await admin.getByRole('button', { name: 'Rotate secret' }).click()
  await admin.getByRole('dialog').getByRole('button', { name: 'Rotate secret' }).click()
  await expect(admin.getByLabel('Client secret')).not.toHaveValue(secret)
  await admin.getByRole('link', { name: 'I have copied it' }).click()
  await admin.getByRole('button', { name: 'End it now' }).click()
  await expect(admin.locator('#notice')).toContainText(`The old secret of ${name} no longer works.`)

  await admin.getByRole('link', { name: 'Sign in to it as me' }).click()
  await expect(admin.getByText(`You would be signed in to ${name}.`)).toBeVisible()
  await admin.getByRole('link', { name }).click()
  await admin.getByRole('button', { name: 'Disconnect' }).click()
  await admin.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
  await expect(admin.locator('#notice')).toContainText(`${name} is disconnected.`)
  await admin.goto(ACME.section('traces'))
  await expect(admin.getByRole('link', { name })).toHaveCount(0)
})
