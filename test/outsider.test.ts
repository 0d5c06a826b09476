import { expect, it } from 'vitest'
import { signedIn } from './client'
import { dump, run } from './database'
import { call, callerOf, routeNamed, routeNames } from './routes'

/** No object of a workspace: a section and a mail provider are the same for everybody. */
const NO_OBJECT = /:section|:provider/
const withId = routeNames.filter((name) => /:\w+/.test(routeNamed(name).pattern) && !NO_OBJECT.test(name))
const TRIAGE = 'agent-support-triage'
const PLANNER = 'agent-route-planner'

it.each(withId)('%s answers for an object of another workspace as for none at all, and changes nothing', async (name) => {
  const { foreign, pattern } = routeNamed(name)
  if (!foreign) throw new Error(`${name} has no foreign object in test/routes.ts`)
  const theirs = typeof foreign === 'function' ? await foreign() : foreign
  const client = await callerOf(name)
  const before = await dump()
  for (const htmx of [false, true]) {
    const paths = [theirs, pattern.replace(/:\w+/, 'nobody')]
    const answers = await Promise.all(paths.map((path) => call(client, name, { path, htmx })))
    const [alien, unknown] = await Promise.all(answers.map(bodyOf))
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    expect(alien).toEqual(unknown)
  }
  expect(await dump()).toEqual(before)
})

const bodyOf = async (answer: Response) => (await answer.text()).replaceAll(/[\da-f-]{36}/g, '(request)')

/** A Tenant User of the other workspace: an admin's cells are refused anyway. */
const GUS = `INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
  VALUES ('gus', 'globex', 'gus@globex.test', 'gus@globex.test', 'user', 'pending', 'all', 1)`

type Mixed = [string, string, Record<string, string | string[]>]
const MIXED: Mixed[] = [
  ['a column, last', '/access/permissions/columns', { section: 'traces', member: ['bob', 'pia', 'gus'], access: 'off' }],
  ['a column, first', '/access/permissions/columns', { section: 'traces', member: ['gus', 'bob'], access: ['on', 'off'] }],
  ['a list of agents, last', '/access/agents/bob', { mode: 'list', agent: [TRIAGE, PLANNER] }],
  ['a list of agents, first', '/access/agents/bob', { mode: 'list', agent: [PLANNER, TRIAGE] }],
  ['one agent on', '/access/agents/bob', { agent: PLANNER, access: 'on' }],
  ['one agent off', '/access/agents/bob', { agent: PLANNER, access: 'off' }],
  ['an invitation', '/access/invitations', { email: 'n@acme.test', role: 'user', agent_mode: 'list', agent: [TRIAGE, PLANNER] }],
  [
    'an invitation with all agents',
    '/access/invitations',
    { email: 'n@acme.test', role: 'user', agent_mode: 'all', agent: PLANNER },
  ],
  ['an invitation without a mode', '/access/invitations', { email: 'n@acme.test', role: 'user', agent: [PLANNER, TRIAGE] }],
  ["an admin's invitation", '/access/invitations', { email: 'n@acme.test', role: 'admin', agent: [PLANNER] }],
]

it.each(MIXED)(
  '%s that names an object of another workspace among own ones is 404, and nothing of it is applied',
  async (_, path, fields) => {
    await run(GUS)
    const ada = await signedIn('ada')
    for (const htmx of [false, true]) {
      const before = await dump()
      expect((await ada.post(path, fields, { htmx })).status).toBe(404)
      expect(await dump()).toEqual(before)
    }
  },
)

it.each([
  ['/access/invitations/new?agent_mode=list&agent=agent-route-planner&agent=agent-support-triage', 'Route Planner'],
  ['/access/activity?person=cat', 'Cat Lindqvist'],
  ['/access/users?q=cat', 'cat@globex.test'],
  ['/access/permissions?q=globex', 'cat@globex.test'],
  ['/access/agents?q=globex&agent_q=route', 'Route Planner'],
  ['/agents?q=route', 'Route Planner'],
])('%s finds nothing of another workspace', async (path, foreign) => {
  const cat = await signedIn('cat')
  await cat.post('/access/permissions/defaults', { section: 'traces', access: 'off' })
  const page = await (await signedIn('ada')).get(path)
  expect(page.status).toBe(200)
  expect(await page.text()).not.toContain(foreign)
})
