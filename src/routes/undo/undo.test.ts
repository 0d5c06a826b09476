import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { bobAsAdmin, type Client, signedIn } from '../../../test/client'
import { dump, one, run } from '../../../test/database'
import { undo } from '../../../test/undo'

const USERS = '/w/acme/access/users'
let ada: Client

beforeEach(async () => {
  ada = await signedIn('ada')
})

const undoOf = (html: string) => html.match(/action="(\/w\/acme\/access\/undo\/[^"]+)"/)?.[1] ?? ''
const pressed = async (client: Client, path: string, at = USERS) =>
  (await client.submit(path, {}, { headers: { Referer: env.APP_ORIGIN + at } })).text()

it('takes a change back where it was asked, and says so', async () => {
  const html = await (await ada.submit(`${USERS}/bob/role`, { role: 'admin' })).text()
  const path = undoOf(html)
  const answer = await ada.post(path, {}, { headers: { Referer: `${env.APP_ORIGIN}${USERS}?role=admin` } })
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, `${USERS}?role=admin`])
  const page = await (await ada.get(`${USERS}?role=admin`)).text()
  expect(page).toContain('The change to Bob Okafor was undone.')
  expect(await one("SELECT role FROM members WHERE id = 'bob'")).toEqual({ role: 'user' })
})

const PERMISSIONS = '/w/acme/access/permissions'
const COLUMN = { section: 'eval', member: ['bob', 'pia', 'dov'], access: 'off' }

it.each([
  ['a row of several sections', `${PERMISSIONS}/bob`, { section: ['eval', 'logs'], access: ['off', 'off'] }, 'Bob Okafor'],
  ['a column', `${PERMISSIONS}/columns`, COLUMN, '3 people'],
  ['a default', `${PERMISSIONS}/defaults`, { section: 'eval', access: 'off' }, 'the workspace default'],
])('names what it took back: %s', async (_, path, fields, whom) => {
  const html = await (await ada.submit(path, fields)).text()
  expect(await pressed(ada, undoOf(html), PERMISSIONS)).toContain(`The change to ${whom} was undone.`)
})

it('marks whom it was about', async () => {
  const path = undoOf(await (await ada.submit(`${USERS}/bob/role`, { role: 'admin' })).text())
  expect(await pressed(ada, path)).toContain('id="member-bob" class="changed"')
})

it('says who changed it since, and leaves it', async () => {
  const path = undoOf(await (await ada.submit(`${USERS}/dov/enable`)).text())
  const bob = await bobAsAdmin()
  await bob.post(`${USERS}/dov/disable`)
  expect(await pressed(ada, path)).toContain('Not undone: Bob Okafor changed it since.')
  expect(await one("SELECT status FROM members WHERE id = 'dov'")).toEqual({ status: 'disabled' })
})

it('is done once', async () => {
  const path = undoOf(await (await ada.submit(`${USERS}/bob/disable`)).text())
  await pressed(ada, path)
  const before = await dump()
  expect(await pressed(ada, path)).toContain('Not undone. It was undone already')
  expect(await dump()).toEqual(before)
})

it('of another admin, or one that never was, is not found', async () => {
  const html = await (await ada.submit(`${USERS}/dov/enable`)).text()
  const [bob, cat] = [await bobAsAdmin(), await signedIn('cat')]
  const before = await dump()
  expect((await bob.post(undoOf(html))).status).toBe(404)
  expect((await ada.post('/w/acme/access/undo/nothing')).status).toBe(404)
  expect((await cat.post(undoOf(html).replace('acme', 'globex'))).status).toBe(404)
  expect(await dump()).toEqual(before)
})

it('is refused to an admin who is one no more', async () => {
  const html = await (await ada.submit(`${USERS}/dov/enable`)).text()
  await bobAsAdmin()
  await run("UPDATE members SET role = 'user' WHERE id = 'ada'")
  expect(await undo(ada, html)).toBe(403)
  expect(await one("SELECT status FROM members WHERE id = 'dov'")).toEqual({ status: 'active' })
})
