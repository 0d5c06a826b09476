import { expect, test, uniqueAddress } from './app.ts'
import { ACME } from './paths.ts'

test('a preset fills in an invitation, is given to somebody on their page, and is taken back', async ({ admin }) => {
  test.slow()
  const name = `Night shift ${crypto.randomUUID().slice(0, 8)}`
  const address = uniqueAddress('nell')
  await admin.goto(ACME.newPreset)
  await admin.getByLabel('Name').fill(name)
  await admin.getByRole('checkbox', { name: 'Eval' }).uncheck()
  await admin.getByRole('button', { name: 'Create preset' }).click()
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText(name)

  await admin.goto(ACME.invite())
  await admin.getByLabel('Email address').fill(address)
  await admin.getByLabel('Preset (optional)').focus()
  await admin.getByLabel('Preset (optional)').selectOption(name)
  await expect(admin.getByRole('checkbox', { name: 'Eval' })).not.toBeChecked()
  await expect(admin.getByLabel('Email address')).toHaveValue(address)
  await expect(admin.getByLabel('Preset (optional)')).toBeFocused()
  await expect(admin.getByRole('complementary').getByText('Eval')).toHaveCount(0)
  await admin.getByRole('button', { name: 'Send Invite' }).click()
  await expect(admin.getByRole('status')).toContainText(`Invitation sent to ${address}.`)

  await admin.getByRole('link', { name: address }).first().click()
  await expect(admin.getByRole('main')).toContainText(`Off. Preset ${name}, since`)
  await admin
    .getByRole('group', { name: /^Eval for/ })
    .getByRole('button', { name: 'On', exact: true })
    .click()
  await expect(admin.getByRole('main')).toContainText('Differs in Eval')
  await admin.getByRole('button', { name: 'Realign preset' }).click()
  await expect(admin.getByRole('status')).toContainText(`now has ${name}.`)
  await expect(admin.getByText('Differs in Eval')).toHaveCount(0)
  await admin.getByRole('button', { name: 'Undo' }).click()
  await expect(admin.getByRole('main')).toContainText('Differs in Eval')
})
