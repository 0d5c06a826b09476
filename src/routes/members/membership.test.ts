import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { bobAsAdmin, type Client, signedIn } from '../../../test/client'
import { dump, one, run } from '../../../test/database'
import { timeOf } from '../../../views/components/when'
import { MINUTE_MS } from '../../limits'

const USERS = '/w/acme/access/users'
let ada: Client

beforeEach(async () => {
  ada = await signedIn('ada')
})

/** Pia accepts behind the back of whoever has the page of her invitation open. @returns when */
async function piaAccepts() {
  const at = Date.now() - 5 * MINUTE_MS
  await run(
    "INSERT INTO users (id, email, email_key, name, created_at) VALUES ('user-pia', 'pia@acme.test', 'pia@acme.test', 'Pia', 1)",
  )
  await run("UPDATE invitations SET state = 'accepted', closed_at = ?, write_nonce = 'n' WHERE member_id = 'pia'", at)
  await run("UPDATE members SET status = 'active', user_id = 'user-pia', joined_at = ? WHERE id = 'pia'", at)
  await run(
    "INSERT INTO activity (id, tenant_id, at, kind, member_id, member_email) VALUES ('entry', 'acme', ?, 'accepted', 'pia', 'pia@acme.test')",
    at,
  )
  return at
}

const from = (path: string) => ({ headers: { Referer: env.APP_ORIGIN + path } })
const within = (path: string) => ({ htmx: true, headers: { 'HX-Current-URL': env.APP_ORIGIN + path } })

/** Sends a form that comes too late. @returns the page, when nothing was changed */
async function tooLate(path: string, fields: Record<string, string>, options: Parameters<Client['post']>[2]) {
  const before = await dump()
  const answer = await ada.post(`${USERS}/${path}`, fields, options)
  expect(answer.status).toBe(409)
  expect(await dump()).toEqual(before)
  return { answer, html: (await answer.text()).replaceAll('&quot;', '"') }
}

describe('a form about somebody who is something else by now', () => {
  it('is answered by the user table as it was filtered, with what happened', async () => {
    const at = await piaAccepts()
    const { html } = await tooLate('pia/delete', { state: 'pending' }, from(`${USERS}?role=user`))
    expect(html).toContain(`Pia accepted ${timeOf(at, Date.now())}. Delete Pia instead?`)
    expect(html).toContain('id="users"')
    expect(html).toContain('id="member-pia"')
    expect(html).not.toContain('id="member-ada"')
  })

  it('is answered by the page of the member that it came from, as a fragment too', async () => {
    await piaAccepts()
    const page = await tooLate('pia/delete', { state: 'pending' }, from(`${USERS}/pia`))
    const fragment = await tooLate('pia/delete', { state: 'pending' }, within(`${USERS}/pia`))
    for (const { html } of [page, fragment]) {
      expect(html).toContain('Pia accepted')
      expect(html).toContain('<section id="member"')
      expect(html).toContain('action="/w/acme/access/users/pia/disable"')
    }
    expect(page.html).toContain('<html')
    expect(fragment.html).not.toContain('<html')
  })

  it.each([
    ['role', { role: 'admin', state: 'active' }],
    ['disable', { state: 'active' }],
    ['delete', { state: 'active' }],
    ['sign-out', { state: 'active' }],
  ])('%s names who did what', async (change, fields) => {
    const bob = await bobAsAdmin()
    await run("UPDATE members SET status = 'active' WHERE id = 'dov'")
    await bob.post(`${USERS}/dov/disable`)
    const { html } = await tooLate(`dov/${change}`, fields, from(USERS))
    expect(html).toMatch(/Bob Okafor disabled Dov Stern at \d\d:\d\d UTC. Nothing was changed./)
  })

  it('says you where it was oneself', async () => {
    await ada.post(`${USERS}/bob/disable`)
    const { html } = await tooLate('bob/disable', { state: 'active' }, from(USERS))
    expect(html).toContain('You disabled Bob Okafor at')
  })

  it('shows what they are where the log does not tell how they came to be it', async () => {
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob'")
    const { html } = await tooLate('bob/role', { role: 'admin', state: 'active' }, from(USERS))
    expect(html).toContain('Bob Okafor is disabled now. Nothing was changed.')
  })

  it('without the field means no expectation', async () => {
    expect((await ada.post(`${USERS}/dov/role`, { role: 'admin' })).status).toBe(303)
    expect(await one("SELECT role FROM members WHERE id = 'dov'")).toEqual({ role: 'admin' })
  })
})

describe('a form about somebody who is gone', () => {
  it.each(['role', 'disable', 'enable', 'delete', 'sign-out'])('%s is answered by the list, and says by whom', async (change) => {
    const bob = await bobAsAdmin()
    await bob.post(`${USERS}/dov/delete`)
    const fields = { state: 'disabled', ...(change === 'role' ? { role: 'admin' } : {}) }
    const { answer, html } = await tooLate(`dov/${change}`, fields, within(`${USERS}/dov`))
    expect(html).toMatch(/Bob Okafor deleted Dov Stern at \d\d:\d\d UTC. Nothing was changed./)
    expect(html).toContain('<section id="users"')
    expect(html).not.toContain('id="member-dov"')
    expect(answer.headers.get('HX-Replace-Url')).toBe(USERS)
  })

  it('leads back to the list from there, and not to the page of somebody who is gone', async () => {
    const back = await ada.post(`${USERS}/bob/disable`, {}, from(`${USERS}/dov/disable`))
    expect(back.headers.get('Location')).toBe(USERS)
  })

  it.each(['cat', 'nobody'])('is not found when %s never was here', async (id) => {
    for (const change of ['disable', 'delete', 'sign-out'])
      expect((await ada.post(`${USERS}/${id}/${change}`, { state: 'active' })).status).toBe(404)
  })
})

describe('what one does to oneself', () => {
  const OWN: [change: string, fields: Record<string, string>, words: string, lands: string][] = [
    ['role', { role: 'user', state: 'active' }, 'You are now a Tenant User.', '/w/acme/agents'],
    ['disable', { state: 'active' }, 'You are disabled in Acme.', '/workspaces'],
    ['delete', { state: 'active' }, 'You left Acme.', '/workspaces'],
  ]

  it.each(OWN)('%s ends on a page of one’s own, which says so and offers no Undo', async (change, fields, words, lands) => {
    await bobAsAdmin()
    const answer = await ada.post(`${USERS}/ada/${change}`, fields, from(USERS))
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, lands])
    const page = await ada.get(lands)
    const html = await page.text()
    expect(page.status).toBe(200)
    expect(html).toContain(words)
    expect(html).not.toContain('Undo')
  })

  it('is asked first, and is a form of its own page', async () => {
    await bobAsAdmin()
    const html = await (await ada.get(USERS)).text()
    for (const dialog of ['ask-demote-self', 'ask-disable-self', 'ask-leave']) {
      const [, form = ''] = html.match(new RegExp(`<dialog[^>]* id="${dialog}".*?(<form.*?</form>)`, 's')) ?? []
      expect(form, dialog).toContain('method="post"')
      expect(form, dialog).not.toContain('hx-post')
      expect(html).toContain(`commandfor="${dialog}"`)
    }
    expect(html).toContain('action="/w/acme/leave"')
    expect(html).toContain('Leave Acme?')
  })

  it.each(OWN)('%s stays undone for the last admin', async (change, fields) => {
    const before = await dump()
    expect((await ada.post(`${USERS}/ada/${change}`, fields)).status).toBe(409)
    expect(await dump()).toEqual(before)
  })
})

it.each([USERS, `${USERS}/bob`, `${USERS}/pia`, `${USERS}/dov`])(
  'every form of %s that changes a member says what it shows',
  async (path) => {
    const html = await (await ada.get(path)).text()
    const forms = [...html.matchAll(/<form[^>]* action="\/w\/acme\/access\/users\/(\w+)\/[\w-]+".*?<\/form>/gs)]
    expect(forms.length).toBeGreaterThan(1)
    for (const [form, id] of forms) {
      const row = await one<{ status: string }>('SELECT status FROM members WHERE id = ?', id)
      expect(form).toContain(`name="state" value="${row?.status}"`)
    }
  },
)

it('every button of a row that changes a member says what it shows', async () => {
  const html = await (await ada.get(USERS)).text()
  const buttons = [...html.matchAll(/<button[^>]* formaction="\/w\/acme\/access\/users\/(\w+)\/[\w-]+"[^>]*>/g)]
  expect(buttons.map(([, id]) => id).sort()).toEqual(['dov', 'pia'])
  for (const [button, id] of buttons) {
    const row = await one<{ status: string }>('SELECT status FROM members WHERE id = ?', id)
    expect(button).toContain(`name="state" value="${row?.status}"`)
  }
})

it.each<[string, Record<string, string>, string]>([
  ['bob/role', { role: 'admin' }, 'Bob Okafor is now a Tenant Admin.'],
  ['bob/disable', {}, 'Bob Okafor is disabled and signed out of this workspace.'],
  ['dov/enable', {}, 'Dov Stern is enabled and can sign in again.'],
  ['bob/sign-out', {}, 'Bob Okafor has to sign in again to enter this workspace.'],
  ['bob/delete', {}, 'Bob Okafor is deleted from this workspace.'],
  ['pia/delete', {}, 'The invitation to pia@acme.test is cancelled.'],
])('%s is confirmed by name', async (path, fields, words) => {
  expect(await (await ada.submit(`${USERS}/${path}`, fields)).text()).toContain(words)
})

it('a page that has emptied says so, and leads back', async () => {
  const html = await (await ada.get(`${USERS}?cursor=zzz`)).text()
  expect(html).toContain('No one is on this page anymore')
  expect(html).toContain('Previous page')
})

it('signing somebody out of the workspace is asked first', async () => {
  const html = await (await ada.get(`${USERS}/bob`)).text()
  const [dialog = ''] = html.match(/<dialog[^>]* id="ask-sign-out".*?<\/dialog>/s) ?? []
  expect(dialog).toContain('action="/w/acme/access/users/bob/sign-out"')
  expect(html).toContain('commandfor="ask-sign-out"')
  expect(html.replace(dialog, '')).not.toContain('action="/w/acme/access/users/bob/sign-out"')
})
