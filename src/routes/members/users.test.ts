import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { signedIn } from '../../../test/client'

it('what is sent from the page of a refused address leads back to the page of the member', async () => {
  const ada = await signedIn('ada')
  expect((await ada.post('/access/users/pia/address', { email: 'not an address' })).status).toBe(422)

  const headers = { Referer: `${env.APP_ORIGIN}/access/users/pia/address` }
  const changed = await ada.post('/access/users/pia/role', { role: 'admin' }, { headers })
  expect([changed.status, changed.headers.get('Location')]).toEqual([303, '/access/users/pia'])
})
