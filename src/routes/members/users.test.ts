import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { signedIn } from '../../../test/client'
import { company, gzipped } from '../../../test/company'

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
