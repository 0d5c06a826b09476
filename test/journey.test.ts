import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { Client, signedIn } from './client'
import { linkIn, one } from './database'
import { pageOf, tokenOf } from './links'

const PASSWORD = 'plum teapot orbit canyon'

test('an invited person sets a password, signs in and lands on the Agents page', async () => {
  const ada = await signedIn('ada')
  const sent = await ada.post('/w/acme/access/invitations', { email: 'Nell@Acme.test', role: 'user' })
  expect([sent.status, sent.headers.get('Location')]).toEqual([303, '/w/acme/access/users'])

  const nell = new Client()
  const { page, accept } = await pageOf('nell@acme.test')
  const opened = await nell.get(await linkIn('nell@acme.test'))
  expect([opened.status, opened.headers.get('Location')]).toEqual([303, page])
  expect(await (await nell.get(page)).text()).toContain('Join Acme')

  const token = await tokenOf('nell@acme.test')
  const accepted = await nell.post(accept, { password: PASSWORD, name: 'Nell', token })
  const login = accepted.headers.get('Location') ?? ''
  expect([accepted.status, login]).toEqual([303, expect.stringMatching(/^\/login\?from=/)])
  expect(await (await nell.get(login)).text()).toContain('value="Nell@Acme.test"')

  const welcome = await nell.submit('/login', { email: 'nell@acme.test', password: PASSWORD })
  expect(welcome.status).toBe(200)
  expect(await welcome.text()).toContain('Support Triage')
  expect(await one("SELECT status, role FROM members WHERE email_key = 'nell@acme.test'")).toEqual({
    status: 'active',
    role: 'user',
  })
  expect(await env.USED_TOKENS.list()).toMatchObject({ keys: [{ name: expect.stringMatching(/^used:invitation:/) }] })
})
