import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, run } from '../../../test/database'
import { call, posters, routeNamed } from '../../../test/routes'
import { PASS_PHRASE } from '../../dev/seed'
import { ACTIVITY_KINDS } from '../../models/activity/activity'

let ada: Client

beforeEach(async () => {
  ada = await signedIn('ada')
})

type Row = { kind: string; member_id: string | null; before: string | null; after: string | null }
const entries = () =>
  all<Row & { id: string }>('SELECT id, kind, actor_id, actor_name, member_id, before, after, ip FROM activity ORDER BY at, id')

type Left = [kind: string, member: string | null, before?: object | undefined, after?: object]

const SECTIONS_OFF = { traces: 'off', session: 'off', prompts: 'off', 'mcp-debug': 'off' }
const SECTIONS_ON = { traces: 'on', session: 'on', prompts: 'on', 'mcp-debug': 'on' }
const NIGHT_SHIFT = { preset: 'Night shift', mode: 'list', until: '2099-12-31', selected: 1 }
const AS_SUPPORT = { preset: 'Support team' }
const UNNAMED_LINK = { created: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) }
const NO_END = { until: null }
const LAST_DAY = { until: '2099-12-31' }

/** Whom each administrative action is about, and what was and is. */
const LEAVES: Record<string, Left> = {
  'POST /w/:workspace/agents': ['agent_registered', null],
  'POST /w/:workspace/agents/:id': ['agent_changed', null],
  'POST /w/:workspace/agents/:id (offline)': ['agent_changed', null],
  'POST /w/:workspace/agents/:id/delete': ['agent_deleted', null],
  'POST /w/:workspace/access/users/:id/resend': ['resent', 'pia'],
  'POST /w/:workspace/access/invitations/unsent': ['resent', 'pia'],
  'POST /w/:workspace/access/users/:id/copy-link': ['link_copied', 'pia'],
  'POST /w/:workspace/access/users/:id/delete': ['cancelled', 'pia'],
  'POST /w/:workspace/access/users/:id/address': [
    'address_changed',
    'pia',
    { email: 'pia@acme.test' },
    { email: 'pia.new@acme.test' },
  ],
  'POST /w/:workspace/access/users/:id/role': ['role_changed', 'bob', { role: 'user' }, { role: 'admin' }],
  'POST /w/:workspace/access/users/:id/disable': ['disabled', 'bob'],
  'POST /w/:workspace/access/users/:id/enable': ['enabled', 'dov'],
  'POST /w/:workspace/access/users/:id/sign-out': ['signed_out_here', 'bob'],
  'POST /w/:workspace/access/users/:id/apps/:app/sign-out': ['app_signed_out', 'bob', undefined, { app: 'Traces' }],
  'POST /w/:workspace/access/users/:id/reset-factor': ['factor_reset_asked', 'bob'],
  'POST /w/:workspace/access/users/export': ['exported', null, undefined, { what: 'people', format: 'csv' }],
  'POST /w/:workspace/access/activity/export': ['exported', null, undefined, { what: 'activity', format: 'json', kind: 'all' }],
  'POST /w/:workspace/access/reviews': ['review_started', null, undefined, { status: 'active', people: 2 }],
  'POST /w/:workspace/access/reviews/:id/export': ['exported', null, undefined, { what: 'review', format: 'csv' }],
  'POST /w/:workspace/access/undo/:id': ['role_changed', 'bob', { role: 'user' }, { role: 'admin' }],
  'POST /w/:workspace/access/permissions/defaults': ['section_default_changed', null, { traces: 'on' }, { traces: 'off' }],
  'POST /w/:workspace/access/permissions/:id': ['section_changed', 'bob', { traces: 'default' }, { traces: 'off' }],
  'POST /w/:workspace/access/agents/:id': ['agent_access_changed', 'bob', { mode: 'all' }, { mode: 'list', agents: 4 }],
  'POST /w/:workspace/access/agents/:id (mode)': ['agent_access_changed', 'bob', { mode: 'all' }, { mode: 'list', agents: 1 }],
  'POST /w/:workspace/access/agents/:id/edit': ['agent_access_changed', 'bob', { mode: 'all' }, { mode: 'list', agents: 1 }],
  'POST /w/:workspace/access/settings': [
    'settings_changed',
    null,
    { name: 'Acme', lifetime_hours: 72, url_traces: null },
    { name: 'Acme GmbH', lifetime_hours: 24, url_traces: 'https://traces.acme.test/' },
  ],
  'POST /w/:workspace/access/settings (second factor)': [
    'settings_changed',
    null,
    { factor_policy: 'optional', factor_grace_days: 0 },
    { factor_policy: 'everybody', factor_grace_days: 14 },
  ],
  'POST /w/:workspace/access/settings (MCP clients)': [
    'settings_changed',
    null,
    { metadata_clients: 'off' },
    { metadata_clients: 'on' },
  ],
  'POST /w/:workspace/access/join-links': [
    'join_link_made',
    null,
    undefined,
    { name: 'Course', uses: 50, days: 7, approval: true, domains: 'acme.test' },
  ],
  'POST /w/:workspace/access/join-links/:id/off': ['join_link_turned_off', null, UNNAMED_LINK],
  'POST /w/:workspace/access/join-links/:id/disable': ['join_link_turned_off', null, UNNAMED_LINK],
  'POST /w/:workspace/access/requests/:id/approve': ['request_approved', 'request-acme'],
  'POST /w/:workspace/access/requests/:id/decline': ['request_declined', 'request-acme'],
  'POST /w/:workspace/access/requests/apps/:member/:app/decline': ['app_access_declined', 'bob', undefined, { app: 'Traces' }],
  'POST /w/:workspace/access/users/:id/end-date': ['end_date_changed', 'bob', NO_END, LAST_DAY],
  'POST /w/:workspace/access/users/:id/preset': ['preset_given', 'bob', undefined, AS_SUPPORT],
  'POST /w/:workspace/access/users/:id/preset (none)': ['preset_removed', 'pia', AS_SUPPORT],
  'POST /w/:workspace/access/presets': [
    'preset_created',
    null,
    undefined,
    { ...NIGHT_SHIFT, ...SECTIONS_OFF, agents: 'on', logs: 'on', eval: 'off' },
  ],
  'POST /w/:workspace/access/presets/:id': [
    'preset_changed',
    null,
    { ...AS_SUPPORT, name: 'Support team', mode: 'all', until: null, ...SECTIONS_ON },
    { ...NIGHT_SHIFT, name: 'Night shift', ...SECTIONS_OFF },
  ],
  'POST /w/:workspace/access/presets/:id/delete': ['preset_deleted', null, { ...AS_SUPPORT, id: 'preset-support' }],
  'POST /w/:workspace/access/presets/:id/realign': ['preset_given', 'pia', undefined, AS_SUPPORT],
  'POST /w/:workspace/access/apps': [
    'app_connected',
    null,
    undefined,
    {
      app: 'Grafana',
      section: 'traces',
      auth: 'secret',
      redirect_uris: 'https://grafana.acme.test/callback',
      logout_uri: 'https://grafana.acme.test/logout',
    },
  ],
  'POST /w/:workspace/access/apps/:id': [
    'app_changed',
    null,
    { app: 'Traces', redirect_uris: 'https://traces.example/callback', hosts: '' },
    { app: 'Grafana', redirect_uris: 'https://grafana.acme.test/callback', hosts: 'mlflow.acme.test' },
  ],
  'POST /w/:workspace/access/apps/:id (name)': ['app_changed', null, { app: 'Traces' }, { app: 'Grafana' }],
  'POST /w/:workspace/access/apps/:id/secret': ['app_secret_rotated', null, undefined, { app: 'Traces', former_secret: 'on' }],
  'POST /w/:workspace/access/apps/:id/former-secret': [
    'app_secret_rotated',
    null,
    undefined,
    { app: 'Traces', former_secret: 'off' },
  ],
  'POST /w/:workspace/access/apps/:id/consent': ['app_granted_for_all', null, undefined, { app: 'Traces', for_all: 'off' }],
  'POST /w/:workspace/access/apps/:id/disconnect': ['app_disconnected', null, { app: 'Traces', id: 'app-acme', sign_ins: 1 }],
  'POST /w/:workspace/access/changes/:change': ['disabled', 'bob'],
  'POST /w/:workspace/access/changes/:change (all)': ['role_changed', 'dov', { role: 'user' }, { role: 'admin' }],
  'POST /w/:workspace/access/changes/:change (resend)': ['resent', 'pia'],
  'POST /w/:workspace/access/changes/:change (cancel)': ['cancelled', 'pia'],
  'POST /w/:workspace/access/undo/:id (many)': ['role_changed', 'bob', { role: 'user' }, { role: 'admin' }],
}

/** An entry for each of the people, by their ids. */
const LEAVES_SEVERAL: Record<string, Left[]> = {
  'POST /w/:workspace/access/changes/:change (delete)': [
    ['deleted', 'bob', { role: 'user', status: 'active' }],
    ['deleted', 'dov', { role: 'user', status: 'disabled' }],
  ],
  'POST /w/:workspace/access/changes/:change (end date)': [
    ['end_date_changed', 'bob', NO_END, LAST_DAY],
    ['end_date_changed', 'pia', NO_END, LAST_DAY],
  ],
  'POST /w/:workspace/access/changes/:change (preset)': [
    ['preset_given', 'bob', undefined, AS_SUPPORT],
    ['preset_given', 'dov', undefined, AS_SUPPORT],
  ],
  'POST /w/:workspace/access/requests/apps/:member/:app/approve': [
    ['app_access_given', 'bob', undefined, { app: 'Traces' }],
    ['section_changed', 'bob', { traces: 'off' }, { traces: 'on' }],
  ],
}
/** Tested where they make somebody new, or say something of several people. */
const APART = [
  'POST /w/:workspace/access/reviews/:id/finish',
  'POST /w/:workspace/access/invitations',
  'POST /w/:workspace/access/invitations (preset)',
  'POST /w/:workspace/access/permissions/columns',
  'POST /w/:workspace/access/agents/columns',
]
/**
 * A mail to oneself, what mail one wants oneself, what a review keeps itself, a list that its steps send later (send.test.ts has their entries),
 * and what stays as it is: nothing of the workspace changes.
 */
const PRIVATE = [
  'POST /w/:workspace/access/invitations/many',
  'POST /w/:workspace/access/invitations/many/:id/rows/:n',
  'POST /w/:workspace/access/invitations/many/:id/leave-out',
  'POST /w/:workspace/access/invitations/many/:id/discard',
  'POST /w/:workspace/access/invitations/many/:id/send',
  'POST /w/:workspace/access/invitations/many/:id/cancel',
  'POST /w/:workspace/access/invitations/many/:id/retry',
  'POST /w/:workspace/access/reviews/:id',
  'POST /w/:workspace/access/mail/test',
  'POST /w/:workspace/access/apps/:id/logouts/:logout/retry',
  'POST /w/:workspace/notices',
  'POST /w/:workspace/access/permissions/defaults/keep',
]
const administrative = posters.filter((name) => routeNamed(name).by === 'admin' && ![...APART, ...PRIVATE].includes(name))

async function madeBy(name: string) {
  const known = new Set((await entries()).map(({ id }) => id))
  await call(ada, name)
  const made = (await entries()).filter(({ id }) => !known.has(id))
  return made.toSorted((a, b) => (a.member_id ?? '').localeCompare(b.member_id ?? ''))
}

function expectEntries(made: Row[], expected: Left[]) {
  expect(made).toMatchObject(
    expected.map(([kind, member]) => ({ kind, actor_id: 'ada', actor_name: 'Ada Admin', member_id: member })),
  )
  for (const [i, [, , before, after]] of expected.entries()) {
    if (before) expect(JSON.parse(made[i]?.before ?? '')).toEqual(before)
    if (after) expect(JSON.parse(made[i]?.after ?? '')).toEqual(after)
  }
}

it.each(administrative.filter((name) => !LEAVES_SEVERAL[name]))(
  '%s leaves exactly one entry: who, whom, what was and what is',
  async (name) => expectEntries(await madeBy(name), [LEAVES[name] ?? ['no row in this test', null]]),
)

it.each(Object.entries(LEAVES_SEVERAL))('%s leaves exactly one entry for each person', async (name, expected) =>
  expectEntries(await madeBy(name), expected),
)

it.each(PRIVATE)('%s leaves no entry', async (name) => {
  const known = await entries()
  expect((await call(ada, name)).status).toBe(303)
  expect(await entries()).toEqual(known)
})

describe('an invitation leaves one entry', () => {
  const invited = async (fields: Record<string, string | string[]>) => {
    await run("INSERT INTO section_defaults VALUES ('acme', 'logs', 'off')")
    await ada.post('/w/acme/access/invitations', { email: 'nell@acme.test', ...fields })
    const made = (await entries()).filter(({ kind, member_id }) => kind === 'invited' && member_id !== 'pia')
    return made.map(({ after }) => JSON.parse(after ?? ''))
  }

  it('with the role, mode and sections it gave, also where those are the defaults', async () => {
    const sections = ['agents', 'traces', 'eval', 'session', 'prompts', 'mcp-debug']
    expect(await invited({ role: 'user' })).toEqual([{ role: 'user', mode: 'all', sections }])
  })

  it('with its own sections and how many agents', async () => {
    const chosen = { section: ['', 'logs', 'eval'], agent_mode: 'list', agent: ['agent-support-triage', 'agent-contract-reader'] }
    expect(await invited({ role: 'user', ...chosen })).toEqual([
      { role: 'user', mode: 'list', agents: 2, sections: ['logs', 'eval'] },
    ])
    expect(await (await ada.get('/w/acme/access/activity')).text()).toContain('Tenant User · Sections: Logs, Eval · 2 agents')
  })

  it('and one for the preset that it gives, of which the first says what they see in the end', async () => {
    const made = await madeBy('POST /w/:workspace/access/invitations (preset)')
    expect(made.map(({ kind, after }) => [kind, JSON.parse(after ?? '')])).toEqual([
      ['invited', { role: 'user', mode: 'list', agents: 0, sections: ['logs'] }],
      ['preset_given', AS_SUPPORT],
    ])
    expect(new Set(made.map(({ member_id }) => member_id)).size).toBe(1)
  })

  it('with the role alone for an admin, who sees everything', async () => {
    expect(await invited({ role: 'admin' })).toEqual([{ role: 'admin' }])
  })
})

describe('a change is told by its kind', () => {
  it('a section by its name, though one is called like the agents', async () => {
    await ada.post('/w/acme/access/permissions/bob', { section: 'agents', access: 'off' })
    await ada.post('/w/acme/access/permissions/defaults', { section: 'mcp-debug', access: 'off' })
    const html = await (await ada.get('/w/acme/access/activity')).text()
    for (const words of ['Agents: default → off', 'MCP Debug: on → off']) expect(html).toContain(`<small>${words}</small>`)
  })

  it('agents by how many were selected, one by its name', async () => {
    await ada.post('/w/acme/access/agents/bob', { agent: 'agent-support-triage', access: 'off' })
    await ada.post('/w/acme/access/agents/bob', { agent: 'agent-support-triage', access: 'on' })
    const html = await (await ada.get('/w/acme/access/activity')).text()
    for (const words of ['All agents → 4 agents', 'Support Triage: off → on']) expect(html).toContain(`<small>${words}</small>`)
  })

  it('a second factor by what people call it', async () => {
    await call(await signedIn('bob'), 'POST /account/authenticator-app')
    expect(await (await ada.get('/w/acme/access/activity')).text()).toContain('<small>Factor: authenticator app</small>')
  })

  it('a new name as it was typed, whatever else the word means', async () => {
    const bob = await signedIn('bob')
    for (const name of ['admin', 'recovery', 'constructor']) await bob.post('/account/name', { name })
    const html = await (await ada.get('/w/acme/access/activity')).text()
    for (const step of ['admin', 'admin → recovery', 'recovery → constructor']) expect(html).toContain(`${step}</small>`)
  })

  it('a join link by what was chosen for it', async () => {
    await call(ada, 'POST /w/:workspace/access/join-links')
    expect(await (await ada.get('/w/acme/access/activity')).text()).toContain('Approval needed: yes')
  })
})

it('a column leaves one entry for each person', async () => {
  await call(ada, 'POST /w/:workspace/access/permissions/columns')
  const made = (await entries()).filter(({ kind }) => kind === 'section_changed')
  expect(made.map(({ member_id, after }) => [member_id, after]).toSorted()).toEqual([
    ['bob', '{"traces":"off"}'],
    ['pia', '{"traces":"on"}'],
  ])
})

/** As many entries, many of them at the same millisecond, by ada or bob, about bob or pia, of two kinds. */
const many = (count: number) =>
  run(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
     INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, member_id, member_email, ip)
     SELECT 'entry-' || substr('000' || (i * 37 % 1000), -4), 'acme', 1000 + i / 7, iif(i % 3, 'disabled', 'enabled'),
       iif(i % 5, 'ada', 'bob'), 'Entry ' || i || '.', iif(i % 2, 'bob', 'pia'), 'x@acme.test', '203.0.113.7' FROM n`,
    count,
  )

const shown = (html: string) => [...html.matchAll(/Entry (\d+)\./g)].map(([, i]) => Number(i))

/** The numbers of the entries on all pages, by following the link to the next. */
async function read(query: string) {
  const numbers: number[] = []
  let path = `/w/acme/access/activity?${query}`
  for (let pages = 0; path && pages < 20; pages++) {
    const html = await (await ada.get(path)).text()
    numbers.push(...new Set(shown(html)))
    path = html.match(/href="(\/w\/acme\/access\/activity\?[^"]*cursor=[^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? ''
  }
  return numbers
}

describe('the pages of the log', () => {
  const COUNT = 160
  const numbers = Array.from({ length: COUNT }, (_, i) => i)
  const FILTERS: [string, (i: number) => boolean][] = [
    ['', () => true],
    ['kind=enabled', (i) => i % 3 === 0],
    ['person=bob', (i) => i % 2 === 1 || i % 5 === 0],
    ['person=pia&kind=disabled', (i) => i % 2 === 0 && i % 3 !== 0],
    ['person=nobody', () => false],
    ['kind=all', () => true],
    ['person=pia', (i) => i % 2 === 0],
    ['from=1970-01-01&to=1970-01-01', () => true],
    ['to=1969-12-31', () => false],
    ['from=1970-01-02', () => false],
  ]

  it.each(FILTERS)('with ?%s name every entry once, newest first', async (query, belongs) => {
    await many(COUNT)
    const found = await read(query)
    expect(found.toSorted((a, b) => a - b)).toEqual(numbers.filter(belongs))
    const times = found.map((i) => Math.floor(i / 7))
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  it('neither repeat nor skip anything when something happens meanwhile', async () => {
    await many(COUNT)
    const first = await (await ada.get('/w/acme/access/activity')).text()
    const next = first.match(/href="(\/w\/acme\/access\/activity\?[^"]*cursor=[^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? ''
    await ada.post('/w/acme/access/users/bob/disable')
    const second = new Set(shown(await (await ada.get(next)).text()))
    const top = new Set(shown(first))
    expect([...second].filter((i) => top.has(i))).toEqual([])
    expect(Math.max(...second)).toBeGreaterThanOrEqual(Math.min(...top) - 7)
  })

  it('take every kind as a filter, and nothing else', async () => {
    for (const kind of ACTIVITY_KINDS) expect((await ada.get(`/w/acme/access/activity?kind=${kind}`)).status, kind).toBe(200)
    for (const wrong of ['kind=other', 'cursor=1', 'cursor=x.y', 'from=yesterday', 'to=2026-13-01'])
      expect((await ada.get(`/w/acme/access/activity?${wrong}`)).status).toBe(400)
  })
})

it('names whoever did something with the address that no name can hide', async () => {
  await run("UPDATE users SET name = 'Bob Okafor' WHERE id = 'user-ada'")
  await ada.post('/w/acme/access/users/dov/enable')
  const html = await (await ada.get('/w/acme/access/activity?kind=enabled')).text()
  expect(html).toMatch(/data-label="By"><span class="signed"><a [^>]*person=ada">Bob Okafor<\/a><small>ada@acme.test<\/small>/)
})

it('what the holder of a link does is theirs, with their address alone', async () => {
  await run(
    "INSERT INTO activity (id, tenant_id, at, kind, member_id, member_email) VALUES ('e', 'acme', 1, 'declined', 'gone', 'gone@acme.test')",
  )
  const html = await (await ada.get('/w/acme/access/activity?kind=declined')).text()
  expect(html).toMatch(
    /data-label="Person"><span class="signed"><a [^>]*person=gone">gone@acme.test<\/a><\/span><\/td><td [^>]*>Themselves</,
  )
})

it('shows changes first, and who came in apart from them', async () => {
  await run(`INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, member_id, member_email)
    VALUES ('in', 'acme', 9e12, 'signed_in', 'bob', 'Bob Okafor', 'bob', 'bob@acme.test'), ('role', 'acme', 9e12, 'role_changed', 'ada', 'Ada Admin', 'bob', 'bob@acme.test')`)
  const rows = async (query: string) => {
    const html = await (await ada.get(`/w/acme/access/activity?${query}`)).text()
    return ['in', 'role'].filter((id) => html.includes(`id="entry-${id}"`))
  }
  expect(await rows('')).toEqual(['role'])
  expect(await rows('kind=sign_ins')).toEqual(['in'])
  expect(await rows('kind=all')).toEqual(['in', 'role'])
  expect(await rows('kind=all&to=2255-03-13')).toEqual([])
  expect(await rows('kind=all&from=2255-03-14&to=2255-03-14')).toEqual(['in', 'role'])
})

describe('whose entries somebody wants to see', () => {
  it('is found by a part of the name or address, and the other filters stay', async () => {
    const answer = await ada.get('/w/acme/access/activity?who=okaf&kind=all&from=2026-01-02')
    expect([answer.status, answer.headers.get('Location')]).toEqual([
      303,
      '/w/acme/access/activity?person=bob&kind=all&from=2026-01-02',
    ])
    expect(ada.roundTrips).toBe(1)
    const page = await (await ada.get(answer.headers.get('Location') ?? '')).text()
    expect(page).toMatch(/type="hidden" name="person" value="bob"\/>Bob Okafor</)
    expect(page).toContain('value="all" selected')
    expect(page).toContain('value="2026-01-02"')
  })

  it('is shown of all who may be meant, with a way to each, and nobody of another workspace is', async () => {
    const page = await (await ada.get('/w/acme/access/activity?who=test&kind=all')).text()
    expect(page).toContain('4 people match')
    expect(page).toContain('id="entry-activity-pia"')
    for (const person of ['ada', 'bob', 'pia', 'dov']) expect(page).toContain(`/access/activity?person=${person}&amp;kind=all"`)
    expect(page).not.toContain('cat@globex.test')
    expect(page).toContain('value="test"')
  })

  it('is still told of somebody who is gone', async () => {
    await ada.post('/w/acme/access/users/bob/delete')
    const page = await (await ada.get('/w/acme/access/activity?person=bob')).text()
    expect(page).toMatch(/name="person" value="bob"\/>Bob Okafor</)
    expect(page).toContain('Deleted')
  })
})

it('an empty page says what is missing', async () => {
  const page = async (query: string) => (await ada.get(`/w/acme/access/activity?${query}`)).text()
  expect(await page('kind=left')).toContain('Nothing matches these filters.')
  expect(await page('cursor=1.a')).toContain('There is nothing older.')
  expect(await page('who=zzz')).toContain('No name or address of people here or gone contains “zzz”.')
})

it('an entry about nobody has nothing where others name a person', async () => {
  await ada.post('/w/acme/agents', { name: 'Ticket Sorter' })
  const html = await (await ada.get('/w/acme/access/activity')).text()
  expect(html).toMatch(/Agent registered<small>Ticket Sorter<\/small>(?:<\/\w+>)+<td class="quiet" data-label="Person"><\/td>/)
})

describe('whom an entry is about', () => {
  const rowOf = async (kind: string) => {
    const page = await (await ada.get(`/w/acme/access/activity?kind=${kind}`)).text()
    return page
      .match(/data-label="Person">(.*?)<\/td>/s)?.[1]
      ?.replaceAll(/(<[^>]+>)+/g, ' ')
      .trim()
  }

  it.each(['signed_in', 'sign_in_failed'])('is said by name and address: %s', async (kind) => {
    const password = kind === 'signed_in' ? PASS_PHRASE : 'some other pass phrase'
    await new Client().post('/login', { email: 'bob@acme.test', password })
    expect(await rowOf(kind)).toBe('Bob Okafor bob@acme.test')
  })

  it('is said by the name that they had then', async () => {
    await ada.post('/w/acme/access/users/bob/disable')
    await run("UPDATE users SET name = 'Robert' WHERE id = 'user-bob'")
    expect(await rowOf('disabled')).toBe('Bob Okafor bob@acme.test')
  })

  it('is said by the address where no name is known, and in entries from before names were kept', async () => {
    expect(await rowOf('invited')).toBe('pia@acme.test')
  })
})
