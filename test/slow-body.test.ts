import { expect, test } from 'vitest'
import { signedIn } from './client'
import { one, run } from './database'

test('a form counts for who its sender is when it has arrived whole, not when it began', async () => {
  await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
  const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const type = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '10' }
  const answer = bob.send('POST', '/w/acme/access/users/pia/role', readable, { headers: type })
  await writer.write(new TextEncoder().encode('role='))

  expect((await ada.post('/w/acme/access/users/bob/disable')).status).toBe(303)
  await writer.write(new TextEncoder().encode('admin'))
  await writer.close()

  // Disabling ended the session of somebody who belongs nowhere else.
  expect((await answer).status).toBe(401)
  expect(await one("SELECT role FROM members WHERE id = 'pia'")).toEqual({ role: 'user' })
})
