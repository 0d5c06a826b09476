import { expect, it } from 'vitest'
import { linkOf as markOf } from '../src/models/core/random'
import { signedIn } from './client'
import { facts, run } from './database'
import { draftIn, HALF_AN_HOUR_MS, wordsOf } from './late'
import { call, callerOf, fieldsOf, getters, pathOf, posters, routeNamed } from './routes'

const isBehindSession = (name: string) => ['user', 'admin'].includes(routeNamed(name).by)
const PAGES = getters.filter(isBehindSession)
const FORMS = posters.filter((name) => isBehindSession(name) && !name.startsWith('POST /logout'))

it.each(PAGES)('every form of %s says whose page it is', async (name) => {
  const client = await callerOf(name)
  const mark = await markOf(routeNamed(name).by === 'admin' ? 'user-ada' : 'user-bob')
  const page = await (await call(client, name, { path: await pathOf(name) })).text()
  const forms = page.match(/<form\b[^>]*method="post"[^>]*>/g) ?? []

  expect(page.split(`<input type="hidden" name="whose" value="${mark}"/>`)).toHaveLength(forms.length + 1)
})

it('there are such forms', async () => {
  expect(await (await (await signedIn('ada')).get('/w/acme/access/users')).text()).toContain('name="whose"')
})

/** Ada has her page open; Bob, whom she made an admin, has signed in beside it. */
async function ofAdaAsBob(name: string) {
  await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
  const bob = await signedIn('bob')
  const [path, fields] = [await pathOf(name), await fieldsOf(name)]
  return { bob, path, fields: { ...fields, whose: await markOf('user-ada') } }
}

it.each(FORMS)('%s of a page of one person does nothing for another who has signed in since', async (name) => {
  const { bob, path, fields } = await ofAdaAsBob(name)
  const before = await facts()
  for (const htmx of [false, true]) {
    const answer = await call(bob, name, { path, fields, htmx })
    expect(answer.status).toBe(409)
    expect(wordsOf(await answer.text())).toContain('You are signed in as Bob Okafor now')
  }
  expect(await facts()).toEqual(before)
})

it('what one person typed is not kept for another whose session is over', async () => {
  const name = 'POST /w/:workspace/access/invitations'
  const { bob, path, fields } = await ofAdaAsBob(name)
  await run('UPDATE sessions SET last_seen_at = last_seen_at - ?', HALF_AN_HOUR_MS)
  const answer = await call(bob, name, { path, fields })
  expect([answer.status, draftIn(await answer.text())]).toEqual([401, ''])
})
