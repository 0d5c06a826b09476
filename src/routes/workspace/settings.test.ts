import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, dump, one } from '../../../test/database'
import { hasPasskey } from '../../../test/factors'
import { formIn } from '../../../test/form'
import { unproven, wordsOf } from '../../../test/late'
import { dayOf } from '../../../views/components/when'
import { DAY_MS } from '../../limits'

const SETTINGS = '/w/acme/access/settings'
const FIELDS = {
  name: 'Acme GmbH',
  lifetime_hours: '24',
  default_agent_mode: 'list',
  address_retention_days: '30',
  url_traces: 'https://traces.example',
  'url_mcp-debug': '/debug',
  url_logs: '',
}

let ada: Client

beforeEach(async () => {
  ada = await signedIn('ada')
})

it('an admin sees the settings as they are', async () => {
  const page = await (await ada.get(SETTINGS)).text()

  expect(ada.roundTrips).toBe(1)
  expect(page).toContain('value="Acme"')
  expect(page).toContain('value="72"')
  expect(page.match(/name="url_[a-z-]+"/g)).toHaveLength(11)
})

it('saves them, and the page shows it', async () => {
  const response = await ada.post(SETTINGS, FIELDS)
  expect([response.status, response.headers.get('Location')]).toEqual([303, SETTINGS])
  expect(ada.roundTrips).toBe(2)

  const page = await (await ada.get(SETTINGS)).text()
  expect(page).toContain('Settings saved.')
  expect(page).toContain('<b>Acme GmbH</b>')
  expect(page).toContain('value="https://traces.example/"')
  expect(page).toContain('value="/debug"')
})

it.each([
  ['reminds nobody', 'reminders'],
  ['has nobody answered', 'reply_to_inviter'],
])('%s once the switch is off, and again once it is on', async (_, name) => {
  const stored = async () => (await one<Record<string, number>>(`SELECT ${name} AS n FROM tenants WHERE id = 'acme'`))?.n
  const isOn = async () => (await (await ada.get(SETTINGS)).text()).includes(`name="${name}" value="on" checked`)
  expect([await isOn(), await stored()]).toEqual([true, 1])
  await ada.post(SETTINGS, { [name]: '' })
  expect([await isOn(), await stored()]).toEqual([false, 0])

  await ada.post(SETTINGS, { name: 'Acme' })
  expect(await stored(), 'a form without the switch leaves it').toBe(0)
  await ada.post(SETTINGS, { [name]: ['', 'on'] })
  expect(await stored()).toBe(1)
  const entries = await all("SELECT before, after FROM activity WHERE kind = 'settings_changed' ORDER BY at, id")
  expect(entries).toEqual([
    { before: `{"${name}":"on"}`, after: `{"${name}":"off"}` },
    { before: `{"${name}":"off"}`, after: `{"${name}":"on"}` },
  ])
})

it('says what a rule for second factors would mean, before it is saved', async () => {
  const says = async (query: string) => wordsOf(await (await ada.get(`${SETTINGS}?${query}`)).text())
  const now = Date.now()

  expect(await says('')).toContain('No one needs a second factor to open this workspace.')
  const later = await says('factor_policy=everybody&factor_grace_days=14')
  expect(later).toContain(
    `2 of 2 people have none. We email them, and they need one to open Acme from ${dayOf(now + 14 * DAY_MS, now)}.`,
  )
  for (const words of ['You have none yourself.', 'See who has none']) expect(later).toContain(words)
  const atOnce = await says('factor_policy=admins&factor_grace_days=0')
  expect(atOnce).toContain('1 of 1 Tenant Admin has none. We email them, and they need one to open the next page of Acme.')
  expect(atOnce).toContain('You have none yourself: once this is saved,')
  expect(await one("SELECT factor_policy AS policy FROM tenants WHERE id = 'acme'")).toEqual({ policy: 'optional' })

  for (const name of ['ada', 'bob']) await hasPasskey(name)
  for (const [policy, words] of [
    ['everybody', 'Everyone here has one already.'],
    ['admins', 'Every Tenant Admin has one already.'],
  ]) {
    const page = await (await ada.get(`${SETTINGS}?factor_policy=${policy}`)).text()
    const preview = wordsOf(page.slice(page.indexOf('id="factor-preview"')))
    expect(preview).toContain(words)
    expect(preview).not.toMatch(/We email them|You have none|See who has none/)
  }
})

it('saves who needs a second factor, and within how many days', async () => {
  const stored = () => one("SELECT factor_policy AS policy, factor_grace_days AS days FROM tenants WHERE id = 'acme'")
  expect((await ada.post(SETTINGS, { factor_policy: 'everybody', factor_grace_days: '9' })).status).toBe(303)
  expect(await stored()).toEqual({ policy: 'everybody', days: 9 })
  const refused = await ada.post(SETTINGS, { factor_policy: 'admins', factor_grace_days: '91' })

  expect([refused.status, wordsOf(await refused.text())]).toEqual([422, expect.stringContaining('from 0 to 90.')])
  expect(await stored()).toEqual({ policy: 'everybody', days: 9 })
})

it('asks for a fresh proof only where it changes who needs a second factor', async () => {
  await unproven()
  const before = await dump()
  expect((await ada.post(SETTINGS, { factor_policy: 'everybody' })).status).toBe(401)
  expect((await ada.post(SETTINGS, { factor_grace_days: '90' })).status).toBe(401)
  expect(await dump()).toEqual(before)
  expect((await ada.post(SETTINGS, { ...FIELDS, factor_policy: 'optional', factor_grace_days: '0' })).status).toBe(401)
  expect((await ada.post(SETTINGS, FIELDS)).status).toBe(303)
})

it('lets MCP clients ask only when it is told to, with a fresh proof, and signs them out when it is told not to', async () => {
  const stored = async () => (await one<{ n: number }>("SELECT metadata_clients AS n FROM tenants WHERE id = 'acme'"))?.n
  expect(await (await ada.get(SETTINGS)).text()).toContain('name="metadata_clients" value="on"')
  await unproven()
  expect((await ada.post(SETTINGS, { metadata_clients: ['', 'on'] })).status).toBe(401)
  expect(await stored()).toBe(0)

  ada = await signedIn('ada')
  expect((await ada.post(SETTINGS, { metadata_clients: ['', 'on'] })).status).toBe(303)
  expect(await stored()).toBe(1)
  await unproven()
  expect((await ada.post(SETTINGS, { metadata_clients: '' })).status).toBe(303)
  expect(await stored()).toBe(0)
})

it('leaves what is not sent as it is', async () => {
  await ada.post(SETTINGS, FIELDS)
  await ada.post(SETTINGS, { lifetime_hours: '48' })

  expect(await one("SELECT name, default_agent_mode, invitation_lifetime_ms FROM tenants WHERE id = 'acme'")).toEqual({
    name: 'Acme GmbH',
    default_agent_mode: 'list',
    invitation_lifetime_ms: 48 * 3_600_000,
  })
  expect(await all('SELECT section FROM section_urls ORDER BY section')).toEqual([{ section: 'mcp-debug' }, { section: 'traces' }])
})

it('keeps the draft of a refused form, with the reason beside each field', async () => {
  const before = await dump()
  const response = await ada.post(SETTINGS, { ...FIELDS, lifetime_hours: '721', url_traces: 'http://traces.example' })
  const page = await response.text()

  expect(response.status).toBe(422)
  for (const field of ['lifetime_hours', 'url_traces']) expect(page).toContain(`id="${field}-error"`)
  for (const typed of ['721', 'http://traces.example', 'Acme GmbH']) expect(page).toContain(`value="${typed}"`)
  expect(page).not.toContain('id="name-error"')
  expect(await dump()).toEqual(before)
})

it.each([
  ['a URL for Agents', { url_agents: 'https://x.test' }],
  ['a URL for Access Management', { 'url_access-management': 'https://x.test' }],
  ['a URL for an unknown section', { url_gossip: 'https://x.test' }],
  ['a third mode', { default_agent_mode: 'some' }],
  ['half a reminder', { reminders: 'half' }],
  ['one field twice', { name: ['One', 'Two'] }],
])('does not understand %s', async (_, fields) => {
  const before = await dump()
  expect((await ada.post(SETTINGS, fields)).status).toBe(400)
  expect(await dump()).toEqual(before)
})

it('a user sees and changes nothing', async () => {
  const bob = await signedIn('bob')
  const before = await dump()

  expect((await bob.get(SETTINGS)).status).toBe(403)
  expect((await bob.post(SETTINGS, FIELDS)).status).toBe(403)
  expect(await dump()).toEqual(before)
})

it('the admin of another workspace changes their own', async () => {
  const acme = "SELECT * FROM tenants WHERE id = 'acme'"
  const before = await one(acme)
  const cat = await signedIn('cat')
  expect((await cat.post(SETTINGS, FIELDS)).status).toBe(404)
  await cat.post('/w/globex/access/settings', FIELDS)

  expect(await one(acme)).toEqual(before)
  expect(await one("SELECT name FROM tenants WHERE id = 'globex'")).toEqual({ name: 'Acme GmbH' })
  expect(await all("SELECT 1 FROM section_urls WHERE tenant_id = 'acme'")).toEqual([])
})

/** What a panel sends of the page as it is. */
const panelIn = (page: string, panel: string) => formIn(page, SETTINGS, panel)
const opened = async (panel = 'invitations') => panelIn(await (await ada.get(SETTINGS)).text(), panel)
const lifetime = async () =>
  (await one<{ hours: number }>("SELECT invitation_lifetime_ms / 3600000 AS hours FROM tenants WHERE id = 'acme'"))?.hours

describe('a panel', () => {
  it('sends its own fields alone, and the notice names it', async () => {
    const fields = await Promise.all(['general', 'invitations', 'links'].map(async (panel) => Object.keys(await opened(panel))))
    const ours = ['whose', 'panel', 'version', 'shown']
    expect(fields.map((names) => names.filter((name) => !ours.includes(name) && !name.startsWith('url_')))).toEqual([
      ['name', 'address_retention_days'],
      ['lifetime', 'lifetime_hours', 'reminders', 'reply_to_inviter', 'allowed_domains', 'default_agent_mode'],
      [],
    ])
    await ada.post(SETTINGS, { ...(await opened('general')), name: 'Acme GmbH' })
    expect(await (await ada.get(SETTINGS)).text()).toContain('General settings saved.')
    expect(await lifetime()).toBe(72)
  })

  it.each([
    ['24', '72', 24],
    ['custom', '36', 36],
    ['720', 'nonsense', 720],
  ])('takes a lifetime of %s, with %s in the field for hours', async (chosen, hours, saved) => {
    const form = await opened()
    expect(form).toMatchObject({ lifetime: '72', lifetime_hours: '72' })
    expect((await ada.post(SETTINGS, { ...form, lifetime: chosen, lifetime_hours: hours })).status).toBe(303)
    expect(await lifetime()).toBe(saved)
    expect(await opened()).toMatchObject({ lifetime: chosen, lifetime_hours: `${saved}` })
  })
})

describe('a form that was opened before somebody else saved', () => {
  it('saves only what was changed in it', async () => {
    const [mine, theirs] = [await opened('links'), await opened()]
    await ada.post(SETTINGS, { ...theirs, lifetime: '24' })
    expect((await ada.post(SETTINGS, { ...mine, url_traces: 'https://traces.example' })).status).toBe(303)
    expect(ada.roundTrips).toBe(2)
    expect(await lifetime()).toBe(24)
    expect(await all('SELECT section, url FROM section_urls')).toEqual([{ section: 'traces', url: 'https://traces.example/' }])
    const entries = await all<{ after: string }>("SELECT after FROM activity WHERE kind = 'settings_changed' ORDER BY at, id")
    expect(entries.map(({ after }) => after)).toEqual(['{"lifetime_hours":24}', '{"url_traces":"https://traces.example/"}'])
  })

  it('is asked about a field that both changed, with both values, and keeps its draft', async () => {
    const [mine, theirs] = [await opened(), await opened()]
    await ada.post(SETTINGS, { ...theirs, lifetime: '24', reminders: '' })
    const before = await dump()
    const answer = await ada.post(SETTINGS, { ...mine, lifetime: '168', default_agent_mode: 'list' })
    const page = await answer.text()

    expect(answer.status).toBe(409)
    expect(page).toMatch(/Ada Admin changed these settings at \d\d:\d\d UTC, after you opened this page/)
    expect(page).toContain('This is “1 day” now, and you entered “7 days”. Save again to replace it.')
    const again = panelIn(page, 'invitations')
    expect(again).toMatchObject({ lifetime: '168', default_agent_mode: 'list', reminders: '', version: '2' })
    expect(await dump()).toEqual(before)

    expect((await ada.post(SETTINGS, again)).status).toBe(303)
    expect(await lifetime()).toBe(168)
    expect(await one("SELECT reminders, version FROM tenants WHERE id = 'acme'")).toEqual({ reminders: 0, version: 3 })
  })

  it('is asked about who needs a second factor, and within how many days, too', async () => {
    const [mine, theirs] = [await opened('second-factor'), await opened('second-factor')]
    expect(mine).toMatchObject({ factor_policy: 'optional', factor_grace_days: '14' })
    await ada.post(SETTINGS, { ...theirs, factor_policy: 'admins', factor_grace_days: '7' })
    const answer = await ada.post(SETTINGS, { ...mine, factor_policy: 'everybody', factor_grace_days: '30' })
    const page = await answer.text()

    expect(answer.status).toBe(409)
    for (const words of ['“Tenant Admins” now, and you entered “Everyone”.', '“7” now, and you entered “30”.'])
      expect(page).toContain(`This is ${words}`)
    const again = panelIn(page, 'second-factor')
    expect(again).toMatchObject({ factor_policy: 'everybody', factor_grace_days: '30' })
    expect((await ada.post(SETTINGS, again)).status).toBe(303)

    const late = await opened('second-factor')
    await ada.post(SETTINGS, { factor_policy: 'admins' })
    expect((await ada.post(SETTINGS, { ...late, factor_grace_days: '31' })).status).toBe(303)
    expect(await opened('second-factor')).toMatchObject({ factor_policy: 'admins', factor_grace_days: '31' })
  })

  it('keeps what others saved when it is refused', async () => {
    const [mine, theirs] = [await opened(), await opened('links')]
    await ada.post(SETTINGS, { ...theirs, url_logs: '/logs' })
    const refused = await ada.post(SETTINGS, { ...mine, lifetime: 'custom', lifetime_hours: '721' })
    expect(refused.status).toBe(422)
    await ada.post(SETTINGS, { ...panelIn(await refused.text(), 'invitations'), lifetime_hours: '48' })
    expect([await lifetime(), await all('SELECT url FROM section_urls')]).toEqual([48, [{ url: '/logs' }]])
  })
})

describe('allowed domains', () => {
  const stored = async () =>
    (await all<{ domain: string }>('SELECT domain FROM allowed_domains ORDER BY domain')).map(({ domain }) => domain)

  it('are one on each line, however they are written, and come back in order', async () => {
    const form = await opened()
    expect(
      (await ada.post(SETTINGS, { ...form, allowed_domains: ' @Globex.TEST\r\nbücher.example\r\n\r\nacme.test ' })).status,
    ).toBe(303)
    expect(await stored()).toEqual(['acme.test', 'globex.test', 'xn--bcher-kva.example'])
    const again = await opened()
    expect(again.allowed_domains).toBe('acme.test\r\nglobex.test\r\nxn--bcher-kva.example')
    await ada.post(SETTINGS, { ...again, allowed_domains: 'acme.test' })
    expect(await stored()).toEqual(['acme.test'])
    await ada.post(SETTINGS, { ...(await opened()), allowed_domains: '' })
    expect(await stored()).toEqual([])
  })

  it.each(['acme', 'two words.test', 'ada@acme.test'])('of which %s is none keep the draft, and say so', async (line) => {
    const before = await dump()
    const answer = await ada.post(SETTINGS, { ...(await opened()), allowed_domains: `acme.test\n${line}` })
    expect([answer.status, await dump()]).toEqual([422, before])
    expect(await answer.text()).toMatch(/(is not a domain|are not domains)/)
  })

  it('that somebody else has changed meanwhile are asked about', async () => {
    const [mine, theirs] = [await opened(), await opened()]
    await ada.post(SETTINGS, { ...theirs, allowed_domains: 'globex.test' })
    const answer = await ada.post(SETTINGS, { ...mine, allowed_domains: 'acme.test' })
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('This is “globex.test” now, and you entered “acme.test”.')
    expect(await stored()).toEqual(['globex.test'])
  })
})

it('answers a fragment with the page and nothing around it', async () => {
  const fragment = await (await ada.get(SETTINGS, { htmx: true })).text()
  expect(fragment).toContain('<section id="settings">')
  expect(fragment).not.toContain('<nav class="sidebar"')
})
