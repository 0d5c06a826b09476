import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { type Client, signedIn } from './client'

type Fields = Record<string, string | string[]>
type Form = [path: string, fields?: Fields]
/** What an admin does and takes back, the page that is open meanwhile, and what it answers before and after. */
type Change = { does: Form; back: Form; page: string; before: number; after: number }

const TRIAGE = '/agents/agent-support-triage'
const section = (access: string): Form => ['/access/permissions/bob', { section: 'traces', access }]
const byDefault = (access: string): Form => ['/access/permissions/defaults', { section: 'traces', access }]
const agent = (access: string): Form => ['/access/agents/bob', { agent: 'agent-support-triage', access }]
const mode = (mode: string): Form => ['/access/agents/bob', { mode }]
const role = (role: string): Form => ['/access/users/bob/role', { role }]

const CHANGES: Record<string, Change> = {
  'a section': { does: section('off'), back: section('default'), page: '/sections/traces', before: 200, after: 403 },
  'the section of the agents': {
    does: ['/access/permissions/bob', { section: 'agents', access: 'off' }],
    back: ['/access/permissions/bob', { section: 'agents', access: 'on' }],
    page: TRIAGE,
    before: 200,
    after: 403,
  },
  'a default': { does: byDefault('off'), back: byDefault('on'), page: '/sections/traces', before: 200, after: 403 },
  'a column': {
    does: ['/access/permissions/columns', { section: 'traces', member: ['bob', 'pia'], access: 'off' }],
    back: ['/access/permissions/columns', { section: 'traces', member: ['bob', 'pia'], access: 'default' }],
    page: '/sections/traces',
    before: 200,
    after: 403,
  },
  'an agent': { does: agent('off'), back: agent('on'), page: TRIAGE, before: 200, after: 404 },
  'the mode': { does: mode('list'), back: mode('all'), page: `${TRIAGE}/open`, before: 303, after: 404 },
  'a role upwards': { does: role('admin'), back: role('user'), page: '/access/users', before: 403, after: 200 },
  'a role upwards, for an admin-only section': {
    does: role('admin'),
    back: role('user'),
    page: '/sections/billing',
    before: 403,
    after: 200,
  },
}

const asked = async (client: Client, page: string) => {
  const answers = [await client.get(page), await client.get(page, { htmx: true })]
  return answers.map(({ status }) => status)
}

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
  expect(await asked(bob, '/sections/traces')).toEqual([200, 200])
  await done(ada, section('default'))
  expect(await asked(bob, '/sections/traces')).toEqual([403, 403])
})

describe('what a person may not see any more', () => {
  it('is gone from the sidebar, the list, the search and the counts of their next page', async () => {
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
    const before = await (await bob.get('/agents')).text()
    expect(before).toContain('href="/sections/traces"')
    expect(before).toContain('5 agents')
    await done(ada, section('off'))
    await done(ada, agent('off'))
    const page = await (await bob.get('/agents')).text()
    const fragment = await (await bob.get('/agents?q=triage', { htmx: true })).text()
    expect(page).not.toContain('href="/sections/traces"')
    expect(page).not.toContain('Support Triage')
    expect(page).toContain('4 agents')
    expect(fragment).not.toContain('Support Triage')
  })

  it('and stands open in a fragment is refused beside the page, not in the middle of it', async () => {
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
    await done(ada, section('off'))
    const answer = await bob.get('/sections/traces', { htmx: true })
    expect([answer.status, answer.headers.get('HX-Retarget')]).toEqual([403, '#notice'])
    expect(await answer.text()).not.toContain('<html')
  })

  it('leads them elsewhere from the start page', async () => {
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
    await done(ada, ['/access/permissions/bob', { section: 'agents', access: 'off' }])
    expect((await bob.get('/')).headers.get('Location')).toBe('/sections/traces')
  })
})

const ENDS: Record<string, Form> = {
  disabled: ['/access/users/bob/disable'],
  deleted: ['/access/users/bob/delete'],
  'signed out everywhere': ['/access/users/bob/sign-out'],
}

it.each(Object.entries(ENDS))('somebody %s is asked to sign in by the very next page, fragment and form', async (_, end) => {
  const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
  expect(await asked(bob, '/agents')).toEqual([200, 200])
  await done(ada, end)
  const page = await bob.get('/agents?q=triage')
  expect([page.status, page.headers.get('Location')]).toEqual([303, '/login?next=%2Fagents%3Fq%3Dtriage'])
  const open = { 'HX-Current-URL': `${env.APP_ORIGIN}/agents?tag=support` }
  const fragment = await bob.get('/agents', { htmx: true, headers: open })
  expect([fragment.status, fragment.headers.get('HX-Redirect')]).toEqual([401, '/login?next=%2Fagents%3Ftag%3Dsupport'])
  const form = await bob.post('/account/name', { name: 'Robert' })
  expect([form.status, form.headers.get('Location')]).toEqual([303, '/login'])
})

it('enabling brings nobody back by itself: the sessions of before stay ended', async () => {
  const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
  await done(ada, ['/access/users/bob/disable'])
  await done(ada, ['/access/users/bob/enable'])
  expect(await asked(bob, '/agents')).toEqual([303, 401])
  expect(await asked(await signedIn('bob'), '/agents')).toEqual([200, 200])
})

it('an admin who is demoted manages nobody with a page that stood open', async () => {
  const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
  await done(ada, role('admin'))
  expect(await asked(bob, '/access/users')).toEqual([200, 200])
  await done(ada, role('user'))
  for (const htmx of [false, true]) expect((await bob.post('/access/users/ada/disable', {}, { htmx })).status).toBe(403)
  expect(await asked(ada, '/access/users')).toEqual([200, 200])
})

it('an agent that is deleted or taken offline is so at the next click', async () => {
  const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
  await done(ada, [TRIAGE, { live: 'off' }])
  expect(await asked(bob, `${TRIAGE}/open`)).toEqual([409, 409])
  await done(ada, [`${TRIAGE}/delete`])
  expect(await asked(bob, `${TRIAGE}/open`)).toEqual([404, 404])
})
