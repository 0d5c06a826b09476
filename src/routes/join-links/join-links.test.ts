import { beforeEach, describe, expect, it } from 'vitest'
import { somebody } from '../../../test/cast'
import { bobAsAdmin, Client, signedIn } from '../../../test/client'
import { all, facts, one, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { joinLink, proofFor, seededRequest } from '../../../test/join-links'
import { startOver } from '../../../test/world'
import { join } from '../../models/join-links/joining'

beforeEach(startOver)

const LINKS = '/w/acme/access/join-links'
const REQUESTS = '/w/acme/access/requests'
const FORM = { label: 'Course', uses: '5', days: '7', domains: '', section: ['', 'agents'], agent_mode: 'all' }
const textOf = async (answer: Response) => (await answer.text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

async function joined(link: { jti: string }, email: string) {
  const joiner = { makerId: 'ada', makerName: 'Ada Admin', email, name: email, passwordHash: 'x' }
  await join(somebody(), await proofFor(link, email), joiner)
  return (await one<{ id: string }>('SELECT id FROM members WHERE email_key = ?', email))?.id ?? ''
}

describe('a new join link', () => {
  it('is shown once, as a link and a QR code, and opens the page for joining', async () => {
    const ada = await signedIn('ada')
    const made = await ada.submit(LINKS, FORM)
    const html = await made.text()
    const [, url = ''] = html.match(/value="https:\/\/latchkey\.test(\/join\?token=[\w.-]+)"/) ?? []
    expect(html).toContain('class="qr"')
    expect((await new Client().get(url)).status).toBe(303)

    const [row] = await all<{ id: string; secret_hash: string }>('SELECT * FROM join_links')
    expect(row).toMatchObject({ label: 'Course', most_uses: 5, uses: 0, approval: 0, agent_mode: 'all', maker_name: 'Ada Admin' })
    expect(JSON.stringify(row)).not.toContain(url.slice(-40))
    expect(await (await ada.get(`${LINKS}/${row?.id}`)).text()).not.toMatch(/join\?token=|class="qr"/)
  })

  it.each([
    [{ uses: '0' }, 'Enter a whole number from 1 to 1,000.'],
    [{ uses: '1001' }, 'Enter a whole number from 1 to 1,000.'],
    [{ days: '91' }, 'Enter a whole number from 1 to 90.'],
    [{ days: 'x' }, 'Enter a whole number from 1 to 90.'],
    [{ domains: 'acme.test, no domain!' }, 'Not a domain:'],
    [{ agent_mode: 'list', agent: 'agent-route-planner' }, 'One of these agents was deleted'],
    [{ preset: 'nobody' }, 'Course'],
  ])('with %j is refused beside the field, and the draft is kept', async (wrong, words) => {
    const ada = await signedIn('ada')
    const before = await facts()
    const answer = await ada.post(LINKS, { ...FORM, ...wrong })
    const html = await answer.text()
    expect([answer.status, html]).toEqual([422, expect.stringContaining(words)])
    expect(html).toContain('value="Course"')
    expect(await facts()).toEqual(before)
  })
})

it('for a domain that the workspace does not allow is refused, and says which it allows', async () => {
  await run("INSERT INTO allowed_domains (tenant_id, domain) VALUES ('acme', 'acme.test')")
  const ada = await signedIn('ada')
  const answer = await ada.post(LINKS, { ...FORM, domains: 'acme.test, acme.example' })
  expect([answer.status, await textOf(answer)]).toEqual([422, expect.stringContaining('This workspace allows only acme.test.')])
  expect((await ada.post(LINKS, { ...FORM, domains: '@Acme.test' })).status).toBe(303)
})

describe('the page of a link', () => {
  it('lists who joined by it, and how often it was used', async () => {
    const link = await joinLink({ uses: 3 })
    await joined(link, 'nora@acme.test')
    const text = await textOf(await (await signedIn('ada')).get(`${LINKS}/${link.id}`))
    expect(text).toMatch(/1 of 3 times/)
    expect(text).toMatch(/nora@acme.test.*Active/)
    const nora = await one<{ id: string }>("SELECT id FROM members WHERE email_key = 'nora@acme.test'")
    const page = await (await signedIn('ada')).get(`/w/acme/access/users/${nora?.id}`)
    expect(await page.text()).toContain(`href="${LINKS}/${link.id}"`)
  })

  it('turns it off once, which the log says', async () => {
    const [ada, link] = [await signedIn('ada'), await joinLink({ label: 'Course' })]
    for (const _ of ['first', 'second']) expect((await ada.post(`${LINKS}/${link.id}/off`)).status).toBe(303)
    expect(await all("SELECT before FROM activity WHERE kind = 'join_link_turned_off'")).toEqual([{ before: '{"name":"Course"}' }])
    expect(await (await ada.get(`${LINKS}/${link.id}`)).text()).not.toContain('Turn off now')
  })
})

describe('turning off and disabling', () => {
  it('asks with names and the number, disables those since then, and can be undone', async () => {
    const [ada, link] = [await signedIn('ada'), await joinLink()]
    const [nora, otto, olga] = [
      await joined(link, 'nora@acme.test'),
      await joined(link, 'otto@acme.test'),
      await joined(link, 'olga@acme.test'),
    ]
    await run('UPDATE members SET joined_at = 1000 WHERE id = ?', nora)
    await run("UPDATE members SET role = 'admin' WHERE id = ?", olga)
    const asked = await (await ada.get(`${LINKS}/${link.id}/off?since=2026-01-01T00:00`)).text()
    expect(asked).toContain('Disable 1 person?')
    expect(asked).toMatch(/Left as they are, because they are Tenant Admins now: olga@acme.test/)

    const done = await ada.submit(`${LINKS}/${link.id}/disable`, formIn(asked, `${LINKS}/${link.id}/disable`))
    expect(await textOf(done)).toContain('The link is turned off. 1 person is disabled')
    const statuses = () =>
      all<{ id: string; status: string }>(
        'SELECT id, status FROM members WHERE id IN (?, ?, ?) ORDER BY email_key',
        nora,
        olga,
        otto,
      )
    expect((await statuses()).map(({ status }) => status)).toEqual(['active', 'active', 'disabled'])
    const undo = await one<{ id: string }>("SELECT id FROM undos WHERE kind = 'status'")
    await ada.post(`/w/acme/access/undo/${undo?.id}`)
    expect((await statuses()).map(({ status }) => status)).toEqual(['active', 'active', 'active'])
    expect(await one('SELECT turned_off_at > 0 AS off FROM join_links')).toEqual({ off: 1 })
  })

  it('asks again where somebody has joined since the question', async () => {
    const [ada, link] = [await signedIn('ada'), await joinLink()]
    await joined(link, 'nora@acme.test')
    const path = `${LINKS}/${link.id}/disable`
    const fields = formIn(await (await ada.get(`${LINKS}/${link.id}/off`)).text(), path)
    await joined(link, 'otto@acme.test')
    const before = await facts()
    const answer = await ada.post(path, fields)
    expect([answer.status, await textOf(answer)]).toEqual([
      409,
      expect.stringContaining('was about 1 person, and now it is about 2 people. Nothing was changed.'),
    ])
    expect(await facts()).toEqual(before)
  })
})

describe('requests', () => {
  it('are counted above the users, and listed with what they would see', async () => {
    await seededRequest()
    const ada = await signedIn('ada')
    expect(await textOf(await ada.get('/w/acme/access/users'))).toContain('1 person is waiting for approval')
    expect(await textOf(await ada.get(REQUESTS))).toMatch(/Quinn quinn@acme.test.*all agents/)
  })

  it('are approved with other access than the link gives', async () => {
    const [ada, id] = [await signedIn('ada'), await seededRequest()]
    const answer = await ada.submit(`${REQUESTS}/${id}/approve`, {
      section: ['', 'logs'],
      agent_mode: 'list',
      agent: 'agent-support-triage',
    })
    expect(await textOf(answer)).toContain('Quinn can now join. We emailed them.')
    expect(await one('SELECT status, agent_mode FROM members WHERE id = ?', id)).toEqual({ status: 'pending', agent_mode: 'list' })
    const mail = await one<{ id: string }>("SELECT id FROM mails WHERE kind = 'invitation' AND to_key = 'quinn@acme.test'")
    expect(ada.posted).toContain(mail?.id)
  })

  it.each([
    ['the preset of the link where nothing was changed', {}, 'support'],
    ['their own settings where something was', { section: ['', 'traces'] }, null],
  ])('give by the form of their page %s', async (_, choice, preset) => {
    const [ada, id] = [await signedIn('ada'), await seededRequest()]
    const path = `${REQUESTS}/${id}/approve`
    await run(
      "INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, created_at) VALUES ('support', 'acme', 'Support', ' support', 'list', 1)",
    )
    await run("INSERT INTO preset_sections (tenant_id, preset_id, section, access) VALUES ('acme', 'support', 'logs', 'off')")
    await run("UPDATE join_links SET preset_id = 'support'")
    const page = await (await ada.get(`${REQUESTS}/${id}`)).text()
    expect(page).toContain('The join link gives the preset <b>Support</b>.')
    await ada.post(path, { ...formIn(page, path), ...choice })
    expect(await one('SELECT preset_id FROM members WHERE id = ?', id)).toEqual({ preset_id: preset })
  })

  it('of a link whose preset is gone are approved with what is chosen on their page, also with all of it as it was', async () => {
    const [ada, id] = [await signedIn('ada'), await seededRequest()]
    const path = `${REQUESTS}/${id}/approve`
    await run("UPDATE join_links SET preset_id = 'gone'")
    const refused = await ada.post(path)
    const page = await refused.text()
    expect([refused.status, page]).toEqual([422, expect.stringContaining('Choose the access here.')])
    await ada.post(path, formIn(page, path))
    expect(await one('SELECT status, preset_id FROM members WHERE id = ?', id)).toEqual({ status: 'pending', preset_id: null })
  })

  it('are not approved in a list that said that they would see something else', async () => {
    const [ada, id] = [await signedIn('ada'), await seededRequest()]
    const path = `${REQUESTS}/${id}/approve`
    const fields = formIn(await (await ada.get(REQUESTS)).text(), path)
    await run("INSERT INTO section_defaults VALUES ('acme', 'traces', 'off')")
    const before = await facts()
    const answer = await ada.post(path, fields)
    expect([answer.status, await textOf(answer)]).toEqual([
      409,
      expect.stringContaining('What this person would see has changed in the meantime. Nothing was changed.'),
    ])
    expect(await facts()).toEqual(before)
  })

  it('that somebody else has answered say who did, and nothing is changed (409)', async () => {
    const [ada, bob, id] = [await signedIn('ada'), await bobAsAdmin(), await seededRequest()]
    await ada.post(`${REQUESTS}/${id}/decline`)
    const before = await facts()
    for (const path of ['approve', 'decline']) {
      const answer = await bob.post(`${REQUESTS}/${id}/${path}`)
      expect([answer.status, await textOf(answer)]).toEqual([
        409,
        expect.stringMatching(/Ada Admin declined the request from Quinn at .* Nothing was changed\./),
      ])
    }
    expect((await bob.get(`${REQUESTS}/${id}`)).status).toBe(409)
    expect(await facts()).toEqual(before)
  })

  it('that cannot be approved say why, and how', async () => {
    const [ada, id] = [await signedIn('ada'), await seededRequest()]
    await run("UPDATE tenants SET seats = 1 WHERE id = 'acme'")
    const answer = await ada.post(`${REQUESTS}/${id}/approve`)
    expect([answer.status, await textOf(answer)]).toEqual([422, expect.stringContaining('No seat is free.')])
  })
})
