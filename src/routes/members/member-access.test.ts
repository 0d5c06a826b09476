import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { cellIn } from '../../../test/cell'
import { type Client, signedIn } from '../../../test/client'
import { all, dump, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { moreAgents } from '../../../test/people'
import { undo } from '../../../test/undo'

const BOB = '/w/acme/access/users/bob'
const from = { headers: { Referer: env.APP_ORIGIN + BOB } }

let ada: Client
beforeEach(async () => {
  ada = await signedIn('ada')
})

it('a section is changed on the page of the person, which says so and takes it back', async () => {
  const answer = await ada.post('/w/acme/access/permissions/bob', { section: 'traces', access: 'off' }, from)
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, BOB])
  expect(await all("SELECT section, access FROM member_sections WHERE member_id = 'bob'")).toEqual([
    { section: 'traces', access: 'off' },
  ])

  const html = await (await ada.get(BOB)).text()
  expect(html).toContain('Traces is now off for Bob Okafor.')
  expect(cellIn(html, 'bob', 'traces', 'off')).toContain('aria-pressed="true"')
  expect(await undo(ada, html)).toBe(303)
  expect(await all("SELECT * FROM member_sections WHERE member_id = 'bob'")).toEqual([])
})

it('agents are chosen on the page of the person', async () => {
  const action = '/w/acme/access/agents/bob/edit'
  const shown = formIn(await (await ada.get(BOB)).text(), action)
  const agent = ['agent-support-triage', 'agent-contract-reader']
  const answer = await ada.post(action, { ...shown, mode: 'list', agent }, from)

  expect([answer.status, answer.headers.get('Location')]).toEqual([303, BOB])
  expect(await (await ada.get(BOB)).text()).toContain('2 of 5')
})

it('more agents than fit there are chosen on a page of their own', async () => {
  await moreAgents(30)
  const html = await (await ada.get(BOB)).text()
  expect(html).not.toContain('action="/w/acme/access/agents/bob/edit"')
  expect(html).toContain('href="/w/acme/access/agents/bob/edit"')
})

it('who has become an admin or is gone is told on the page that it was asked from', async () => {
  const change = () => ada.post('/w/acme/access/permissions/bob', { section: 'traces', access: 'off' }, from)
  await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
  const before = await dump()
  const admin = await change()
  expect([admin.status, (await admin.text()).includes('<h1>Bob Okafor</h1>')]).toEqual([409, true])
  expect(await dump()).toEqual(before)

  await ada.post(`${BOB}/delete`, {})
  const gone = await change()
  expect([gone.status, gone.headers.get('HX-Replace-Url')]).toEqual([409, '/w/acme/access/users'])
})

it('nothing of an admin’s own access is a choice', async () => {
  const html = await (await ada.get('/w/acme/access/users/ada')).text()
  expect(html).not.toContain('action="/w/acme/access/permissions/ada"')
  expect(html).toContain('commandfor="ask-demote-self"')
})

it.each([
  ['bob', 'What Bob Okafor sees'],
  ['pia', 'What pia@acme.test sees after joining'],
  ['dov', 'What Dov Stern sees once enabled'],
])('the preview of %s says when they see it: %s', async (id, title) => {
  expect(await (await ada.get(`/w/acme/access/users/${id}`)).text()).toContain(`id="preview" aria-label="${title}"`)
})
