import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { Client, signedIn } from './client'
import { linkIn, one } from './database'

const PASSWORD = 'plum teapot orbit canyon'

test('an invited person sets a password, signs in and stands on the Agents page', async () => {
  const ada = await signedIn('ada')
  const sent = await ada.post('/access/invitations', { email: 'Nell@Acme.test', role: 'user' })
  expect([sent.status, sent.headers.get('Location')]).toEqual([303, '/access/users'])

  const nell = new Client()
  const opened = await nell.get(await linkIn('nell@acme.test'))
  expect([opened.status, opened.headers.get('Location')]).toEqual([303, '/invitation'])
  const page = await (await nell.get('/invitation')).text()
  expect(page).toContain('Join Acme')

  const accepted = await nell.post('/invitation/accept', { password: PASSWORD, name: 'Nell' })
  expect([accepted.status, accepted.headers.get('Location')]).toEqual([303, '/login'])
  expect(await (await nell.get('/login')).text()).toContain('value="Nell@Acme.test"')

  const welcome = await nell.submit('/login', { email: 'nell@acme.test', password: PASSWORD })
  expect(welcome.status).toBe(200)
  expect(await welcome.text()).toContain('Support Triage')
  expect(await one("SELECT status, role FROM members WHERE email_key = 'nell@acme.test'")).toEqual({
    status: 'active',
    role: 'user',
  })
  expect(await env.USED_TOKENS.list()).toMatchObject({ keys: [{ name: expect.stringMatching(/^used:invitation:/) }] })
})
