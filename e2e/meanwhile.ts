import type { Page } from '@playwright/test'
import { expect, fillSignIn, invite, PASS_PHRASE, send, uniqueAddress } from './app.ts'
import { addMember, addMembership, endSessions, sql } from './database.ts'
import { PATHS, pathsOf } from './paths.ts'
import { type SignedIn, signedIn } from './session.ts'
import { andThen, go, type Open, type Visit } from './stage.ts'
import { addAgents, addWorkspace, type Workspace } from './workspace.ts'

type Scene = Visit & { workspace: Workspace; to: ReturnType<typeof pathsOf>; mira: SignedIn; otto: SignedIn }

/** In a workspace of its own, with two admins. */
const scene =
  (open: (scene: Scene) => Promise<Page>): Open =>
  async (visit) => {
    const { request } = visit
    const workspace = await addWorkspace(request, 'Northwind')
    await addAgents(request, workspace, 2)
    const email = uniqueAddress('otto')
    await addMember(request, { tenant: workspace.id, email, name: 'Otto Falk', role: 'admin' })
    const [mira, otto] = [await signedIn(request, workspace.admin), await signedIn(request, email)]
    return open({ ...visit, workspace, to: pathsOf(workspace.id), mira, otto })
  }

/** An invitation that was sent after the session was over: the sign-in page in its place. */
const sentTooLate = scene(async ({ visitor, request, to, mira, workspace: { admin } }) => {
  const page = await go(await visitor(mira), to.invite())
  await page.getByLabel('Email address').fill(uniqueAddress('petra'))
  await page.getByLabel('Note (optional)').fill('We start on Monday at nine. Ask for me at the door.')
  await endSessions(request, admin)
  await page.getByRole('button', { name: 'Send Invite' }).click()
  await expect(page.getByText('Nothing was sent.')).toBeVisible()
  await page.getByLabel('Email address').fill(admin)
  return page
})

async function signInAgain(page: Page) {
  await fillSignIn(page, await page.getByLabel('Email address').inputValue(), PASS_PHRASE)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Send this now?')
}

type Path = 'users' | 'member'

/** Somebody whom one admin has on the screen while the other does something with them. */
const viola = (path: Path, act: (page: Page, otto: (change: string, ...fields: string[][]) => Promise<void>) => Promise<void>) =>
  scene(async ({ visitor, request, to, mira, otto, workspace }) => {
    const email = uniqueAddress('viola')
    await addMember(request, { tenant: workspace.id, email, name: 'Viola Roos' })
    const [[id] = []] = await sql(request, 'SELECT id FROM members WHERE email_key = ?', email)
    const member = to.member(`${id}`)
    const page = await go(await visitor(mira), path === 'users' ? to.users() : member)
    await act(page, (change, ...fields) => send(request, otto, `${member}/${change}`, fields))
    return page
  })

async function makeAdmin(page: Page) {
  await page.getByRole('button', { name: 'More for Viola Roos' }).click()
  await page.getByRole('button', { name: 'Make Tenant Admin' }).click()
}

const changedMeanwhile = (path: Path, change: string) =>
  viola(path, async (page, otto) => {
    await otto(change)
    await makeAdmin(page)
    await expect(page.getByText('Nothing was changed.')).toBeVisible()
  })

const changedInPlace = viola('users', async (page) => {
  await makeAdmin(page)
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
})

const undoneTooLate = viola('users', async (page, otto) => {
  await makeAdmin(page)
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
  await otto('role', ['role', 'user'])
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('alert')).toContainText('Not undone')
})

/** Whatever can be done with somebody who has joined, in a menu and afterwards in the log. */
const menuOpen = viola('member', async (page, otto) => {
  await otto('role', ['role', 'admin'])
  await page.reload()
  await page.getByRole('button', { name: 'More for Viola Roos' }).click()
})

const busyDay = scene(async (scene) => {
  const { visitor, request, to, mira, otto, workspace } = scene
  const email = uniqueAddress('viola')
  await addMember(request, { tenant: workspace.id, email, name: 'Viola Roos' })
  const [[id] = []] = await sql(request, 'SELECT id FROM members WHERE email_key = ?', email)
  const change = (name: string, ...fields: string[][]) => send(request, otto, `${to.member(`${id}`)}/${name}`, fields)
  await send(request, otto, to.settings, [
    ['name', 'Northwind Traders'],
    ['lifetime_hours', '24'],
    ['url_traces', 'https://traces.example.test/'],
  ])
  await send(request, otto, to.agents, [
    ['name', 'Ticket Sorter'],
    ['live', 'on'],
  ])
  await send(request, otto, `${to.permissions()}/${id}`, [
    ['section', 'traces'],
    ['access', 'off'],
  ])
  await send(request, otto, `${to.permissions()}/defaults`, [
    ['section', 'logs'],
    ['access', 'off'],
  ])
  await send(request, otto, `${to.agentAccess()}/${id}`, [['mode', 'list']])
  await change('sign-out')
  await change('disable')
  await change('enable')
  await change('role', ['role', 'admin'])
  await change('delete')
  return go(await visitor(mira), to.activity)
})

/** A form of one admin, in which the other has changed the same field by the time it is sent. */
const savedMeanwhile = (form: (scene: Scene) => string, [name, save]: [string, string], ...others: string[][]) =>
  scene(async (scene) => {
    const page = await go(await scene.visitor(scene.mira), form(scene))
    await send(scene.request, scene.otto, form(scene).replace(/\/edit$/, ''), [['name', 'Otto and Sons'], ...others])
    await page.getByLabel(name, { exact: true }).fill('Mira and Daughters')
    await page.getByRole('button', { name: save }).click()
    await expect(page.getByText('Your changes are not saved yet.')).toBeVisible()
    return page
  })

const agentOf = ({ workspace: { id } }: Scene) => `agent-${id}-01`

const deletedMeanwhile = scene(async (scene) => {
  const { visitor, request, to, mira, otto } = scene
  const page = await go(await visitor(mira), to.agent(agentOf(scene)))
  await send(request, otto, `${to.agent(agentOf(scene))}/delete`, [])
  await page.getByRole('button', { name: 'Take offline' }).click()
  await expect(page.getByText('Nothing was changed.')).toBeVisible()
  return page
})

/** Somebody who belongs to one workspace, is disabled in another, and is invited to a third. */
const everywhere = scene(async ({ visitor, request, outside, ada, workspace }) => {
  await addMembership(request, { tenant: 'globex', email: workspace.admin })
  await sql(request, "UPDATE members SET status = 'disabled' WHERE tenant_id = 'globex' AND email_key = ?", workspace.admin)
  await invite(outside, ada, workspace.admin)
  return go(await visitor(await signedIn(request, workspace.admin)), PATHS.workspaces)
})

const nowhere = scene(async ({ visitor, request, workspace, mira }) => {
  await sql(request, 'DELETE FROM members WHERE email_key = ?', workspace.admin)
  return go(await visitor(mira), PATHS.workspaces)
})

/** What pages look like when somebody else, or the clock, was faster. */
export const MEANWHILE: Record<string, Open> = {
  'sign in, a form kept': sentTooLate,
  'send this now': andThen(sentTooLate, signInAgain),
  'users, changed': changedInPlace,
  'users, undone too late': undoneTooLate,
  'users, changed meanwhile': changedMeanwhile('users', 'disable'),
  'users, deleted meanwhile': changedMeanwhile('member', 'delete'),
  'member, changed meanwhile': changedMeanwhile('member', 'disable'),
  'settings, changed meanwhile': savedMeanwhile(({ to }) => to.settings, ['Workspace name', 'Save general settings']),
  'agent, edit, changed meanwhile': savedMeanwhile(
    (scene) => scene.to.editAgent(agentOf(scene)),
    ['Name', 'Save changes'],
    ['live', 'on'],
  ),
  'agents, deleted meanwhile': deletedMeanwhile,
  'workspaces, one open, one disabled, one waiting': everywhere,
  'workspaces, none': nowhere,
  'member, menu open': menuOpen,
  'activity, a busy day': busyDay,
}
