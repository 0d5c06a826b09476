import { expect, it } from 'vitest'
import { signedIn } from './client'
import { dump, run } from './database'
import { call, callerOf, pathOf, routeNamed, routeNames } from './routes'

/** No object of a workspace: a section, a mail provider and what can be done to people are the same for everybody, and a link explains itself. */
const NO_OBJECT = /:section|:provider|:link|:change/
const inWorkspace = routeNames.filter((name) => routeNamed(name).pattern.startsWith('/w/:workspace'))
const withId = routeNames.filter((name) => /:(?!workspace)\w+/.test(routeNamed(name).pattern) && !NO_OBJECT.test(name))
const TRIAGE = 'agent-support-triage'
const PLANNER = 'agent-route-planner'

it.each(withId)('%s answers for an object of another workspace as for none at all, and changes nothing', async (name) => {
  const { foreign, pattern } = routeNamed(name)
  if (!foreign) throw new Error(`${name} has no foreign object in test/routes.ts`)
  const theirs = typeof foreign === 'function' ? await foreign() : foreign
  const client = await callerOf(name)
  const before = await dump()
  for (const htmx of [false, true]) {
    const paths = [theirs, pattern.replace(':workspace', 'acme').replace(/:\w+/, 'nobody')]
    const answers = await Promise.all(paths.map((path) => call(client, name, { path, htmx })))
    const [alien, unknown] = await Promise.all(answers.map(bodyOf))
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    expect(alien).toEqual(unknown)
  }
  expect(await dump()).toEqual(before)
})

it.each(inWorkspace)('%s answers in a workspace of others as in none at all, and changes nothing', async (name) => {
  const own = await pathOf(name)
  const client = await callerOf(name)
  const before = await dump()
  const paths = ['globex', 'nowhere'].map((slug) => own.replace('/w/acme', `/w/${slug}`))
  const answers = await Promise.all(paths.map((path) => call(client, name, { path })))
  const [alien, unknown] = await Promise.all(answers.map(bodyOf))
  expect(answers.map(({ status }) => status)).toEqual([404, 404])
  expect(alien).toEqual(unknown)
  expect(await dump()).toEqual(before)
})

const bodyOf = async (answer: Response) => (await answer.text()).replaceAll(/[\da-f-]{36}/g, '(request)')

/** A Tenant User of the other workspace: an admin's cells are refused anyway. */
const GUS = `INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
  VALUES ('gus', 'globex', 'gus@globex.test', 'gus@globex.test', 'user', 'pending', 'all', 1)`

/** A page with a draft says it beside the field and keeps the draft, so that it is refused rather than not found. */
type Mixed = [words: string, path: string, fields: Record<string, string | string[]>, status?: 404 | 422]
const MIXED: Mixed[] = [
  ['a column, last', '/w/acme/access/permissions/columns', { section: 'traces', member: ['bob', 'pia', 'gus'], access: 'off' }],
  ['a column, first', '/w/acme/access/permissions/columns', { section: 'traces', member: ['gus', 'bob'], access: ['on', 'off'] }],
  [
    'people who are selected',
    '/w/acme/access/changes/disable',
    { id: crypto.randomUUID(), list: '', member: ['bob', 'gus'], state: ['active', 'pending'] },
  ],
  ['a list of agents, last', '/w/acme/access/agents/bob', { mode: 'list', agent: [TRIAGE, PLANNER] }],
  ['a list of agents, first', '/w/acme/access/agents/bob', { mode: 'list', agent: [PLANNER, TRIAGE] }],
  ['one agent on', '/w/acme/access/agents/bob', { agent: PLANNER, access: 'on' }],
  ['one agent off', '/w/acme/access/agents/bob', { agent: PLANNER, access: 'off' }],
  [
    'an invitation',
    '/w/acme/access/invitations',
    { email: 'n@acme.test', role: 'user', agent_mode: 'list', agent: [TRIAGE, PLANNER] },
    422,
  ],
  [
    'an invitation with all agents',
    '/w/acme/access/invitations',
    { email: 'n@acme.test', role: 'user', agent_mode: 'all', agent: PLANNER },
    422,
  ],
  [
    'an invitation without a mode',
    '/w/acme/access/invitations',
    { email: 'n@acme.test', role: 'user', agent: [PLANNER, TRIAGE] },
    422,
  ],
  ["an admin's invitation", '/w/acme/access/invitations', { email: 'n@acme.test', role: 'admin', agent: [PLANNER] }, 422],
]

it.each(MIXED)(
  '%s that names an object of another workspace among own ones is refused, and nothing of it is applied',
  async (_, path, fields, status = 404) => {
    await run(GUS)
    const ada = await signedIn('ada')
    for (const htmx of [false, true]) {
      const before = await dump()
      expect((await ada.post(path, fields, { htmx })).status).toBe(status)
      expect(await dump()).toEqual(before)
    }
  },
)

it.each([
  ['/w/acme/access/activity?person=cat', 'Cat Lindqvist'],
  ['/w/acme/access/users?q=cat', 'cat@globex.test'],
  ['/w/acme/access/permissions?q=globex', 'cat@globex.test'],
  ['/w/acme/access/agents?q=globex&agent_q=route', 'Route Planner'],
  ['/w/acme/agents?q=route', 'Route Planner'],
])('%s finds nothing of another workspace', async (path, foreign) => {
  const cat = await signedIn('cat')
  await cat.post('/w/acme/access/permissions/defaults', { section: 'traces', access: 'off' })
  const page = await (await signedIn('ada')).get(path)
  expect(page.status).toBe(200)
  expect(await page.text()).not.toContain(foreign)
})
