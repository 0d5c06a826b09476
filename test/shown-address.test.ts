import { describe, expect, it } from 'vitest'
import { shownAddress } from '../views/components/shown-address'
import { signedIn } from './client'
import { all, one, run } from './database'
import { call, callerOf, getters, pathOf } from './routes'

const ASCII = 'xn--bcher-kva.example'

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

describe.each(['nobody has', 'everybody has'])('where everybody has such a domain and %s a name', (who) => {
  const inLetters = (column: string) =>
    `${column} = replace(replace(${column}, 'acme.test', '${ASCII}'), 'globex.test', '${ASCII}')`
  const TABLES = { users: ['email'], members: ['email'], mails: ['to_email'], invitations: ['inviter_name'] }

  /** As if it had been so from the beginning; the keys stay what they are looked up by. */
  async function renamed() {
    for (const [table, columns] of Object.entries(TABLES)) await run(`UPDATE ${table} SET ${columns.map(inLetters).join(', ')}`)
    if (who === 'nobody has') await run('UPDATE users SET name = NULL')
    else await run("UPDATE members SET invited_name = 'Pia Berg' WHERE user_id IS NULL")
    await run(`UPDATE invitations SET inviter_name = 'ada@${ASCII}'`)
    await run(`INSERT INTO activity (tenant_id, at, id, kind, actor_id, actor_name, actor_email, member_id, member_email, member_name, before, after)
      SELECT t.id, 1, 'x', 'address_changed', 'ada', u.name, 'ada@${ASCII}', 'pia', 'pia@${ASCII}', m.invited_name,
        '{"email":"p@${ASCII}"}', '{"email":"q@${ASCII}"}' FROM tenants t, users u, members m WHERE t.id = 'acme' AND u.id = 'user-ada' AND m.id = 'pia'`)
    await run(`INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, created_at)
      SELECT 'test', id, 'ada', 'test', 'ada@${ASCII}', 'ada@${ASCII}', 1 FROM tenants WHERE id = 'acme'`)
  }

  it.each(getters.filter((name) => !isFile(name)))('%s shows it in its letters', async (name) => {
    const [client, path] = [await callerOf(name), await pathOf(name)]
    await renamed()
    const html = await (await call(client, name, { path })).text()
    expect(shownIn(html).match(/\S*xn--\S*/g) ?? []).toEqual([])
  })

  it.each([
    ['users/pia/resend', {}],
    ['users/pia/address', { email: `pia.new@${ASCII}` }],
    ['users/pia/delete', {}],
    ['users/bob/disable', {}],
    ['users/bob/role', { role: 'admin' }],
    ['agents/bob', { mode: 'list' }],
    ['permissions/bob', { section: 'logs', access: 'off' }],
    ['invitations', { email: `zoe@${ASCII}`, role: 'user' }],
  ])('so does what %s answers', async (path, fields) => {
    const ada = await signedIn('ada')
    await renamed()
    await run('UPDATE mails SET created_at = 1')
    const answer = await ada.post(`/w/acme/access/${path}`, fields as Record<string, string>)
    expect(answer.status).toBe(303)
    const shown = shownIn(await (await ada.get(answer.headers.get('Location') ?? '')).text())
    if (who === 'nobody has') expect(shown).toMatch(/id="notice"[\s\S]*@b\u00fccher\.example/)
    expect(shown.match(/\S*xn--\S*/g) ?? []).toEqual([])
  })
})

/** What a program reads has the address as it is stored, which email goes to; so has the export of people. */
const isFile = (name: string) => name.endsWith('.csv')

it('a file has such an address as it is stored', async () => {
  await run(`UPDATE members SET email = 'ada@${ASCII}' WHERE id = 'ada'`)
  const answer = await call(await signedIn('ada'), 'GET /w/:workspace/access/jobs/:id/report.csv')
  expect(await answer.text()).toContain(`ada@${ASCII}`)
  expect(await (await call(await signedIn('ada'), 'POST /w/:workspace/access/users/export')).text()).toContain(`ada@${ASCII}`)
})

/** Text and what is read out or typed over, without what only the browser reads, and what an app is told letter by letter. */
const shownIn = (html: string) =>
  html
    .replaceAll(/<input type="hidden"[^>]*>|<dl class="facts claims">.*?<\/dl>/gs, '')
    .replaceAll(/ (?:href|action|formaction|hx-[\w:-]+|data-[\w-]+)="[^"]*"/g, '')
