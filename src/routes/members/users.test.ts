import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { signedIn } from '../../../test/client'
import { company, gzipped } from '../../../test/company'
import { run } from '../../../test/database'
import { people } from '../../../test/people'

it('what is sent from the page of a refused address leads back to the page of the member', async () => {
  const ada = await signedIn('ada')
  expect((await ada.post('/w/acme/access/users/pia/address', { email: 'not an address' })).status).toBe(422)

  const headers = { Referer: `${env.APP_ORIGIN}/w/acme/access/users/pia/address` }
  const changed = await ada.post('/w/acme/access/users/pia/role', { role: 'admin' }, { headers })
  expect([changed.status, changed.headers.get('Location')]).toEqual([303, '/w/acme/access/users/pia'])
})

it('fifty people weigh at most 60 KiB, 7 KiB on the wire', async () => {
  await company()
  const html = await (await (await signedIn('ada')).get('/w/acme/access/users?status=active')).text()
  expect([...html.matchAll(/<tr id=/g)]).toHaveLength(50)
  expect(new TextEncoder().encode(html).length).toBeLessThanOrEqual(60 * 1024)
  expect(await gzipped(html)).toBeLessThanOrEqual(7 * 1024)
})

const USERS = '/w/acme/access/users'

it.each([
  ['pia', false],
  ['bob', true],
  ['dov', true],
])('the page of %s has sessions: %s', async (id, has) => {
  const html = await (await (await signedIn('ada')).get(`${USERS}/${id}`)).text()
  expect(html.includes('<h2>Sessions</h2>')).toBe(has)
})

const rowsIn = (html: string) =>
  [...html.matchAll(/<tr id="member-([^"]+)"( class="changed")?/g)].map(([, id, changed]) => ({ id, changed: !!changed }))

it('whoever was just changed is in view once, wherever they sort, and the notice leads to them', async () => {
  await people(60)
  const ada = await signedIn('ada')
  const html = await (await ada.submit(`${USERS}/person-00055/role`, { role: 'admin' })).text()
  expect(rowsIn(html)[0]).toEqual({ id: 'person-00055', changed: true })
  expect(rowsIn(html)).toHaveLength(51)
  expect(html).toContain(`<a href="${USERS}/person-00055">Open</a>`)

  const again = await (await ada.get(USERS)).text()
  expect(rowsIn(again).filter(({ id, changed }) => changed || id === 'person-00055')).toEqual([])
})

it('whoever was just changed and is on the page stays where they are', async () => {
  const html = await (await (await signedIn('ada')).submit(`${USERS}/dov/enable`, {})).text()
  expect(rowsIn(html)).toEqual(['ada', 'bob', 'dov', 'pia'].map((id) => ({ id, changed: id === 'dov' })))
})

it('a row whose email has just been queued asks again, and not for ever', async () => {
  const asks = async (ago: number) => {
    await run("UPDATE mails SET state = 'queued', created_at = ? WHERE id = 'mail-pia'", Date.now() - ago)
    return (await (await (await signedIn('ada')).get(USERS)).text()).match(/<tr id="member-pia"[^>]*load delay:3s/) !== null
  }
  expect([await asks(1_000), await asks(31_000)]).toEqual([true, false])
})
