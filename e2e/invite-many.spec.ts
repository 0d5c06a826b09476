import { readFileSync } from 'node:fs'
import { BOTH, expect, test } from './app.ts'
import { ACME } from './paths.ts'

/** Forty rows of whom seven cannot be invited as they are. */
const listOf = (tag: string) => [
  ...Array.from({ length: 33 }, (_, i) => `Person ${i} <p${i}.${tag}@example.test>`),
  `ann.${tag}@gmial.com`,
  `sam.${tag}@example..test`,
  `p1.${tag}@example.test`,
  'bob@acme.test',
  'dov@acme.test',
  'nobody',
  'ada@acme.test',
]

test(
  'forty people are pasted, two of seven are fixed in place, the rest is sent, reported and tried again',
  BOTH,
  async ({ admin }) => {
    const tag = crypto.randomUUID().slice(0, 8)
    await admin.goto(ACME.invite())
    await admin.getByRole('link', { name: 'Many people' }).click()
    await admin.getByLabel('Email addresses').fill(listOf(tag).join('\n'))
    await admin.getByRole('button', { name: 'Review list' }).click()
    await expect(admin.getByRole('heading', { level: 1 })).toHaveText('Review before sending')
    await expect(admin.getByRole('main')).toContainText('40 people. Nothing has been sent.')
    await expect(admin.getByRole('button', { name: 'Send 33 invitations' })).toBeVisible()
    const rows = admin.getByRole('main').getByRole('table').getByRole('row')
    await expect(rows).toHaveCount(1 + 7)
    for (const words of ['Likely typo', 'Not an address', 'Twice in this list', 'Already here', 'Disabled', 'That is you.'])
      await expect(admin.getByRole('table')).toContainText(words)

    await admin.getByRole('button', { name: `Use ann.${tag}@gmail.com` }).click()
    await expect(admin.getByRole('button', { name: 'Send 34 invitations' })).toBeVisible()
    const sam = admin.getByLabel('Email address of row 35')
    await sam.fill(`sam.${tag}@example.test`)
    await sam.press('Enter')
    await expect(admin.getByRole('button', { name: 'Send 35 invitations' })).toBeVisible()
    await expect(rows.filter({ hasText: `sam.${tag}@example.test` })).toContainText('New')

    await admin.getByRole('button', { name: 'Send 35 invitations' }).click()
    await expect(admin.getByRole('heading', { level: 1 })).toHaveText('35 invitations sent', { timeout: 30_000 })
    await admin.getByRole('link', { name: /^Not sent/ }).click()
    await expect(rows).toHaveCount(1 + 5)
    const [download] = await Promise.all([
      admin.waitForEvent('download'),
      admin.getByRole('link', { name: 'Download CSV' }).click(),
    ])
    const report = readFileSync(await download.path(), 'utf8')
    expect(report.trim().split('\r\n')).toHaveLength(1 + 40)
    expect(report).toContain(`35,sam.${tag}@example.test,,Sent,`)

    await admin.getByRole('button', { name: 'Retry the 5 not sent' }).click()
    await expect(admin.getByRole('main')).toContainText('5 people. Nothing has been sent.')
    await admin.getByRole('button', { name: 'Leave out all with problems' }).click()
    await expect(admin.getByRole('link', { name: /^Left out/ })).toContainText('5')
    await admin.goto(ACME.users({ q: `p32.${tag}` }))
    await expect(admin.getByRole('row').filter({ hasText: `p32.${tag}@example.test` })).toContainText('Invite Pending')
  },
)

test('a list that another tab has changed is not sent, and a file says what is wrong with it', async ({ admin, visitor, ada }) => {
  const tag = crypto.randomUUID().slice(0, 8)
  await admin.goto(ACME.inviteMany)
  await admin
    .getByLabel('Or a CSV file')
    .setInputFiles({ name: 'people.xlsx', mimeType: 'application/zip', buffer: Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 8]) })
  await admin.getByRole('button', { name: 'Review list' }).click()
  await expect(admin.getByText('That file is not text.')).toBeVisible()
  const csv = `email;role\nzoe.${tag}@example.test;admin\nsam.${tag}@example.test;owner\n`
  await admin.getByLabel('Or a CSV file').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await admin.getByRole('button', { name: 'Review list' }).click()
  await expect(admin).toHaveURL(ACME.inviteList)

  const other = await visitor(ada)
  await other.goto(admin.url())
  await other.getByLabel('Role of row 2').fill('user')
  await other.getByLabel('Role of row 2').press('Enter')
  await expect(other.getByRole('button', { name: 'Send 2 invitations' })).toBeVisible()
  await admin.getByRole('button', { name: 'Send 1 invitation' }).click()
  await expect(admin.getByText('This list was changed in the meantime.')).toBeVisible()
  await admin.getByRole('button', { name: 'Send 2 invitations' }).click()
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText('2 invitations sent', { timeout: 30_000 })
})
