import { describe, expect, it } from 'vitest'
import { type Client, signedIn } from './client'
import { run } from './database'

type Fields = Record<string, string | string[]>
type Form = [path: string, fields?: Fields]
/** What an admin does and takes back, the page that is open meanwhile, and what it answers before and after. */
type Change = { does: Form; back: Form; page: string; before: number; after: number }

const TRIAGE = '/w/acme/agents/agent-support-triage'
const section = (access: string): Form => ['/w/acme/access/permissions/bob', { section: 'traces', access }]
const byDefault = (access: string): Form => ['/w/acme/access/permissions/defaults', { section: 'traces', access }]
const agent = (access: string): Form => ['/w/acme/access/agents/bob', { agent: 'agent-support-triage', access }]
const mode = (mode: string): Form => ['/w/acme/access/agents/bob', { mode }]
const role = (role: string): Form => ['/w/acme/access/users/bob/role', { role }]

const CHANGES: Record<string, Change> = {
  'a section': { does: section('off'), back: section('default'), page: '/w/acme/sections/traces', before: 200, after: 403 },
  'the section of the agents': {
    does: ['/w/acme/access/permissions/bob', { section: 'agents', access: 'off' }],
    back: ['/w/acme/access/permissions/bob', { section: 'agents', access: 'on' }],
    page: TRIAGE,
    before: 200,
    after: 403,
  },
  'a default': { does: byDefault('off'), back: byDefault('on'), page: '/w/acme/sections/traces', before: 200, after: 403 },
  'a column': {
    does: ['/w/acme/access/permissions/columns', { section: 'traces', member: ['bob', 'pia'], access: 'off' }],
    back: ['/w/acme/access/permissions/columns', { section: 'traces', member: ['bob', 'pia'], access: 'default' }],
    page: '/w/acme/sections/traces',
    before: 200,
    after: 403,
  },
  'an agent': { does: agent('off'), back: agent('on'), page: TRIAGE, before: 200, after: 404 },
  'the mode': { does: mode('list'), back: mode('all'), page: `${TRIAGE}/open`, before: 303, after: 404 },
  'a role upwards': { does: role('admin'), back: role('user'), page: '/w/acme/access/users', before: 403, after: 200 },
  'a role upwards, for an admin-only section': {
    does: role('admin'),
    back: role('user'),
    page: '/w/acme/sections/billing',
    before: 403,
    after: 200,
  },
}

const asked = async (client: Client, page: string) => {
  const answers = [await client.get(page), await client.get(page, { htmx: true })]
  return answers.map(({ status }) => status)
}

const alsoInGlobex = () =>
  run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    SELECT 'bob-globex', 'globex', user_id, email, email_key, role, status, agent_mode, created_at, joined_at FROM members WHERE id = 'bob'`)

async function done(admin: Client, [path, fields]: Form) {
  expect((await admin.post(path, fields)).status).toBe(303)
}

it.each(Object.entries(CHANGES))(
  '%s that changes answers the very next page and fragment, and so does its way back',
  async (_, change) => {
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
    expect(await asked(bob, change.page)).toEqual([change.before, change.before])
    await done(ada, change.does)
    expect(await asked(bob, change.page)).toEqual([change.after, change.after])
    await done(ada, change.back)
    expect(await asked(bob, change.page)).toEqual([change.before, change.before])
  },
)

it('a default that changes passes by somebody with a setting of their own', async () => {
  const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
  await done(ada, section('on'))
  await done(ada, byDefault('off'))
  expect(await asked(bob, '/w/acme/sections/traces')).toEqual([200, 200])
  await done(ada, section('default'))
  expect(await asked(bob, '/w/acme/sections/traces')).toEqual([403, 403])
})

describe('what a person may not see any more', () => {
  it('is gone from the sidebar, the list, the search and the counts of their next page', async () => {
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
    const before = await (await bob.get('/w/acme/agents')).text()
    expect(before).toContain('href="/w/acme/sections/traces"')
    expect(before).toContain('5 agents')
    await done(ada, section('off'))
    await done(ada, agent('off'))
    const page = await (await bob.get('/w/acme/agents')).text()
    const fragment = await (await bob.get('/w/acme/agents?q=triage', { htmx: true })).text()
    expect(page).not.toContain('href="/w/acme/sections/traces"')
    expect(page).not.toContain('Support Triage')
    expect(page).toContain('4 agents')
    expect(fragment).not.toContain('Support Triage')
  })

  it('and stands open in a fragment is refused beside the page, not in the middle of it', async () => {
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
    await done(ada, section('off'))
    const answer = await bob.get('/w/acme/sections/traces', { htmx: true })
    expect([answer.status, answer.headers.get('HX-Retarget')]).toEqual([403, '#notice'])
    expect(await answer.text()).not.toContain('<html')
  })

  it('leads them elsewhere from the start page', async () => {
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
    await done(ada, ['/w/acme/access/permissions/bob', { section: 'agents', access: 'off' }])
    expect((await bob.get('/')).headers.get('Location')).toBe('/w/acme/sections/traces')
  })
})

it.each(['disable', 'delete'])(
  '%s shuts the workspace from the very next page, fragment and form on, and nothing else',
  async (end) => {
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
    await alsoInGlobex()
    expect(await asked(bob, '/w/acme/agents')).toEqual([200, 200])
    await done(ada, [`/w/acme/access/users/bob/${end}`])
    expect(await asked(bob, '/w/acme/agents')).toEqual([404, 404])
    expect(await asked(bob, '/w/globex/agents')).toEqual([200, 200])
    expect((await bob.post('/w/acme/leave')).status).toBe(404)
    expect(await asked(bob, '/workspaces')).toEqual([200, 200])
    expect((await bob.post('/account/name', { name: 'Robert' })).status).toBe(303)
  },
)

it.each(['disable', 'delete'])('%s signs somebody out who is active nowhere else, and says so', async (end) => {
  const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
  await done(ada, [`/w/acme/access/users/bob/${end}`])
  expect((await bob.get('/account')).headers.get('Location')).toBe('/login?next=%2Faccount&reason=ended')
  expect(await asked(bob, '/w/acme/agents')).toEqual([303, 401])
  expect(await asked(ada, '/w/acme/agents')).toEqual([200, 200])
})

it('somebody signed out of the workspace is asked to sign in again there, and why, and nowhere else', async () => {
  const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
  await done(ada, ['/w/acme/access/users/bob/sign-out'])
  const page = await bob.get('/w/acme/agents?q=triage')
  expect([page.status, page.headers.get('Location')]).toEqual([303, '/login?next=%2Fw%2Facme%2Fagents%3Fq%3Dtriage&reason=again'])
  const fragment = await bob.get('/w/acme/agents', { htmx: true })
  expect([fragment.status, fragment.headers.get('HX-Retarget')]).toEqual([401, '#notice'])
  expect(await asked(bob, '/account')).toEqual([200, 200])
})

it('enabling alone brings nobody back: the sessions from before sign in again', async () => {
  const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
  await done(ada, ['/w/acme/access/users/bob/disable'])
  await done(ada, ['/w/acme/access/users/bob/enable'])
  expect(await asked(bob, '/w/acme/agents')).toEqual([303, 401])
  expect(await asked(await signedIn('bob'), '/w/acme/agents')).toEqual([200, 200])
})

it('an admin who is demoted manages nobody with a page that stood open', async () => {
  const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
  await done(ada, role('admin'))
  expect(await asked(bob, '/w/acme/access/users')).toEqual([200, 200])
  await done(ada, role('user'))
  for (const htmx of [false, true]) expect((await bob.post('/w/acme/access/users/ada/disable', {}, { htmx })).status).toBe(403)
  expect(await asked(ada, '/w/acme/access/users')).toEqual([200, 200])
})

it('an agent that is deleted or taken offline is so at the next click', async () => {
  const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
  await done(ada, [TRIAGE, { live: 'off' }])
  expect(await asked(bob, `${TRIAGE}/open`)).toEqual([409, 409])
  await done(ada, [`${TRIAGE}/delete`])
  expect(await asked(bob, `${TRIAGE}/open`)).toEqual([404, 404])
})
