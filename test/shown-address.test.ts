import { expect, it } from 'vitest'
import { shownAddress } from '../views/components/shown-address'
import { signedIn } from './client'
import { all, one } from './database'

it.each([
  ['zoe@xn--bcher-kva.example', 'zoe@bücher.example'],
  ['zoe@bücher.example', 'zoe@bücher.example'],
  ['Zoe@Acme.test', 'Zoe@Acme.test'],
  ['иван@пример.рф', 'иван@пример.рф'],
  ['zoe@\u0430\u0440\u0440\u04cf\u0435.com', 'zoe@xn--80ak6aa92e.com'],
  ['zoe@xn--80ak6aa92e.com', 'zoe@xn--80ak6aa92e.com'],
  ['zoe@\u0261oogle.com', 'zoe@xn--oogle-qmc.com'],
  ['nobody', 'nobody'],
])('%s is shown as %s', (email, shown) => {
  expect(shownAddress(email)).toBe(shown)
})

it('the table and the page of a person show such a domain in its letters, and their email goes to the stored address', async () => {
  const ada = await signedIn('ada')
  await ada.post('/w/acme/access/invitations', { email: 'zoe@xn--bcher-kva.example', role: 'user' })
  const member = await one<{ id: string; email: string }>("SELECT id, email FROM members WHERE email_key LIKE 'zoe@%'")
  expect(member?.email).toBe('zoe@xn--bcher-kva.example')
  expect(await all("SELECT to_email FROM mails WHERE to_key LIKE 'zoe@%'")).toEqual([{ to_email: 'zoe@xn--bcher-kva.example' }])
  for (const path of ['users', `users/${member?.id}`, 'permissions', 'agents'])
    expect(await (await ada.get(`/w/acme/access/${path}`)).text(), path).toContain('zoe@bücher.example')
})
