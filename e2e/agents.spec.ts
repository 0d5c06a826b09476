import { BOTH, enter, expect, fillInvitation, test, uniqueAddress } from './app.ts'
import { addMember } from './database.ts'
import { linkTo } from './mail.ts'
import { PATHS, pathsOf } from './paths.ts'
import { signedIn } from './session.ts'
import { addAgents, addWorkspace } from './workspace.ts'

test('an agent is registered, opened, edited, taken offline and deleted, and the people who have it follow', async ({
  page: admin,
  visitor,
  request,
}) => {
  const workspace = await addWorkspace(request, 'Hooli')
  const { agents } = pathsOf(workspace.id)
  const address = uniqueAddress('noor')
  await addMember(request, { tenant: workspace.id, email: address, name: 'Noor Haddad' })
  const noor = await visitor(await signedIn(request, address))
  await noor.goto(agents)
  await expect(noor.getByRole('main')).toContainText(`You do not have access to any agents yet. Ask ${workspace.adminName}.`)

  await enter(admin, workspace.admin)
  await admin.goto(agents)
  await admin.getByRole('link', { name: 'Register your first agent' }).click()
  await admin.getByLabel('Name').fill('Ticket Sorter')
  await admin.getByLabel('Tags (optional)').fill('support, email')
  const url = admin.getByLabel('URL (optional)')
  await url.fill('http://tickets.example.test')
  await admin.getByRole('button', { name: 'Register Agent' }).click()
  await expect(url).toHaveAccessibleDescription(/^Enter a URL that starts with https:\/\//)
  await expect(url).toHaveValue('http://tickets.example.test')
  await expect(admin.getByLabel('Name')).toHaveValue('Ticket Sorter')
  await url.fill('/account?chat')
  await admin.getByRole('button', { name: 'Register Agent' }).click()
  await expect(admin.getByRole('status')).toContainText(
    'Ticket Sorter is registered. Everyone with access to all agents can see it.',
  )

  await noor.reload()
  await noor.getByRole('link', { name: 'Open Ticket Sorter' }).click()
  await expect(noor).toHaveURL(`${PATHS.account}?chat`)
  await noor.goBack()

  await admin.getByRole('link', { name: 'Edit' }).click()
  await admin.getByLabel('Name').fill('Ticket Router')
  await admin.getByRole('button', { name: 'Save changes' }).click()
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText('Ticket Router')
  await admin.getByRole('button', { name: 'Take offline' }).click()
  await expect(admin.getByRole('status')).toContainText('Ticket Router is offline.')
  await expect(admin.getByRole('button', { name: 'Make live' })).toBeVisible()
  await noor.getByRole('link', { name: 'Open Ticket Sorter' }).click()
  await expect(noor.getByRole('heading', { level: 1 })).toHaveText('This agent is offline')

  await admin.getByRole('button', { name: 'More for Ticket Router' }).click()
  await admin.getByRole('button', { name: 'Delete agent' }).click()
  const dialog = admin.getByRole('dialog', { name: 'Delete this agent?' })
  await expect(dialog).toContainText('Ticket Router disappears for everyone with access to all agents')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  await admin.getByRole('button', { name: 'More for Ticket Router' }).click()
  await admin.getByRole('button', { name: 'Delete agent' }).click()
  await dialog.getByRole('button', { name: 'Delete agent' }).click()
  await expect(admin.getByRole('status')).toContainText('Ticket Router is deleted.')
  await expect(admin.getByRole('link', { name: 'Register your first agent' })).toBeVisible()
})

test('agents are searched and filtered by tag, and a section leads where Settings say', async ({ page, request }) => {
  const workspace = await addWorkspace(request, 'Umbrella')
  await addAgents(request, workspace, 6)
  await enter(page, workspace.admin)
  await page.goto(pathsOf(workspace.id).agents)
  const cards = page.getByRole('main').getByRole('listitem').getByRole('heading', { level: 2 })
  await page.getByRole('link', { name: 'even', exact: true }).click()
  await expect(page).toHaveURL(pathsOf(workspace.id).agentsTagged('even'))
  await expect(cards).toHaveText(['Agent 02', 'Agent 04', 'Agent 06'])
  const search = page.getByRole('searchbox', { name: 'Search agents' })
  await search.fill('04')
  await expect(cards).toHaveText(['Agent 04'])
  await search.fill('05')
  await expect(page.getByRole('main')).toContainText('None of your agents match “05” and have the tag “even”.')
  await page.getByRole('link', { name: 'Show all agents' }).click()
  await expect(cards).toHaveCount(6)

  await page.getByRole('link', { name: 'Traces' }).click()
  await expect(page.getByRole('heading', { level: 2, name: 'Not connected yet' })).toBeVisible()
  await page.getByRole('link', { name: 'Connect Traces' }).click()
  const traces = page.getByLabel('Traces')
  // The link leads to this field, and the focus arrives there after the page: what is typed elsewhere by then ends up here.
  await expect(traces).toBeFocused()
  const name = page.getByLabel('Workspace name')
  await name.fill('Umbrella Works')
  await traces.fill('http://traces.example.test/')
  await page.getByRole('button', { name: 'Save section links' }).click()
  await expect(traces).toHaveAccessibleDescription(/^Enter a URL that starts with https:\/\//)
  await expect(traces).toHaveValue('http://traces.example.test/')
  // What is typed into another panel stays.
  await expect(name).toHaveValue('Umbrella Works')
  await traces.fill('https://traces.example.test/')
  await page.getByLabel('Logs').fill('/account?logs')
  await page.getByRole('button', { name: 'Save section links' }).click()
  await expect(page.getByRole('status')).toContainText('Section links saved.')
  await page.getByRole('button', { name: 'Save general settings' }).click()
  await expect(page.getByRole('status')).toContainText('General settings saved.')
  await expect(page.getByRole('navigation', { name: 'Workspace', exact: true })).toContainText('Umbrella Works')

  await page.getByRole('link', { name: 'Traces' }).click()
  const open = await page.getByRole('link', { name: 'Open Traces' }).getAttribute('href')
  const answer = await page.request.get(open ?? '', { maxRedirects: 0 })
  expect(answer.headers().location).toBe('https://traces.example.test/')
  await page.getByRole('link', { name: 'Logs' }).click()
  await page.getByRole('link', { name: 'Open Logs' }).click()
  await expect(page).toHaveURL(`${PATHS.account}?logs`)
})

test(
  'somebody in two workspaces switches in the sidebar, and a page shows the workspace it belongs to',
  BOTH,
  async ({ page, visitor, request }) => {
    const workspace = await addWorkspace(request, 'Vandelay')
    await addAgents(request, workspace, 1)
    const address = uniqueAddress('otto')
    await addMember(request, { tenant: 'acme', email: address, name: 'Otto Berg' })
    const admin = await visitor(await signedIn(request, workspace.admin))
    await fillInvitation(admin, address, workspace.id)
    await enter(page, address)
    await page.goto(await linkTo(request, address))
    await page.getByRole('button', { name: 'Join Vandelay' }).click()

    const cards = page.getByRole('heading', { level: 2 })
    await expect(cards).toHaveText(['Agent 01'])
    await page.getByRole('button', { name: 'Vandelay (switch workspace)' }).click()
    await page.getByRole('group', { name: 'Workspaces' }).getByRole('link', { name: 'Acme' }).click()
    await expect(cards.filter({ hasText: 'Support Triage' })).toBeVisible()
    await expect(cards.filter({ hasText: 'Agent 01' })).toHaveCount(0)
    await page.goto(pathsOf(workspace.id).agent(`agent-${workspace.id}-01`))
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Agent 01')
    await expect(page.getByRole('button', { name: 'Vandelay (switch workspace)' })).toBeVisible()
  },
)
