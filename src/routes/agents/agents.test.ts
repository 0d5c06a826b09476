import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, dump, one, run } from '../../../test/database'

const TRIAGE = '/agents/agent-support-triage'
const FOREIGN = '/agents/agent-route-planner'
const FIELDS = {
  name: 'Night Watch',
  description: 'Watches the night.',
  framework: 'LangGraph',
  deployment: 'Custom',
  url: 'https://agents.acme.test/night',
  tags: 'Ops, night',
  live: 'on',
}
const ONLY_READER = [
  "UPDATE members SET agent_mode = 'list' WHERE id = 'bob'",
  "INSERT INTO member_agents VALUES ('acme', 'bob', 'agent-contract-reader')",
]

let ada: Client
let bob: Client

beforeEach(async () => {
  ada = await signedIn('ada')
  bob = await signedIn('bob')
})

const giveBobOnlyReader = async () => {
  for (const statement of ONLY_READER) await run(statement)
}
const textOf = async (client: Client, path: string, htmx = false) => (await client.get(path, { htmx })).text()
const statusOf = async (client: Client, path: string) => (await client.get(path)).status
const locationOf = (response: Response) => response.headers.get('Location')

describe('GET /agents', () => {
  it('shows the agents of a person and what they may do with each', async () => {
    await run("UPDATE agents SET url = NULL WHERE id = 'agent-contract-reader'")
    const page = await textOf(bob, '/agents')

    expect(bob.roundTrips).toBe(1)
    expect(page).toContain('5 agents')
    expect(page).toContain(`href="${TRIAGE}/open"`)
    expect(page, 'offline').not.toContain('href="/agents/agent-onboarding-guide/open"')
    expect(page, 'not connected').not.toContain('href="/agents/agent-contract-reader/open"')
    expect(page).not.toContain('Route Planner')
    expect(page).not.toContain('Register Agent')
    expect(await textOf(ada, '/agents')).toContain('Register Agent')
  })

  it('finds by name, description and tag, whatever the case', async () => {
    expect(await textOf(bob, '/agents?q=TRIAGE')).toContain('1 of 5 agents')
    expect(await textOf(bob, '/agents?q=obligations')).toContain('Contract Reader')
    expect(await textOf(bob, '/agents?q=pdf')).toContain('Contract Reader')
    expect(await textOf(bob, '/agents?tag=finance')).toContain('Invoice Matcher')
    expect(await textOf(bob, '/agents?q=triage&tag=finance')).toContain('No agent found')
    expect(await textOf(bob, '/agents?q=%25')).toContain('No agent found')
  })

  it('counts, finds and tags only what the person may see', async () => {
    await giveBobOnlyReader()
    const page = await textOf(bob, '/agents')

    expect(page).toContain('1 agent<')
    expect(page).toContain('Contract Reader')
    for (const hidden of ['Support Triage', 'finance', 'engineering']) expect(page).not.toContain(hidden)
    expect(await textOf(bob, '/agents?q=triage')).not.toContain('Support Triage')
    expect(await textOf(bob, '/agents?tag=finance')).toContain('No agent found')
  })

  it('answers a fragment with the cards and nothing around them', async () => {
    const fragment = await textOf(bob, '/agents?q=triage', true)

    expect(fragment).toContain('<section id="agents">')
    expect(fragment).not.toContain('<nav class="sidebar"')
  })

  it('says to a person without any whom to ask, and to an admin what to do', async () => {
    await run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")
    expect(await textOf(bob, '/agents')).toContain('Nobody has given you an agent yet. Ask Ada Admin.')

    await run("DELETE FROM agents WHERE tenant_id = 'acme'")
    expect(await textOf(ada, '/agents')).toContain('Register your first agent')
  })

  it('refuses what nobody types', async () => {
    expect(await statusOf(bob, `/agents?q=${'x'.repeat(201)}`)).toBe(400)
  })
})

describe('an agent', () => {
  it('has a page for whoever may see it; only an admin learns its URL', async () => {
    const page = await textOf(bob, TRIAGE)
    expect(bob.roundTrips).toBe(1)
    expect(page).toContain('Support Triage')
    expect(page).not.toContain('https://agents.acme.test')
    expect(page).not.toContain('Take offline')

    const forAdmin = await textOf(ada, TRIAGE)
    expect(forAdmin).toContain('https://agents.acme.test/support-triage')
    expect(forAdmin).toContain('Take offline')
  })

  it('leads to its URL, which learns nothing of where somebody came from', async () => {
    const response = await bob.get(`${TRIAGE}/open`)

    expect([response.status, locationOf(response)]).toEqual([303, 'https://agents.acme.test/support-triage'])
    expect(response.headers.get('Referrer-Policy')).toBe('same-origin')
    expect(bob.roundTrips).toBe(1)
  })

  it('of somebody else, of another workspace and unknown are the same 404', async () => {
    await giveBobOnlyReader()
    for (const path of [TRIAGE, FOREIGN, '/agents/nobody']) {
      expect([path, await statusOf(bob, path), await statusOf(bob, `${path}/open`)]).toEqual([path, 404, 404])
    }
    expect(await statusOf(bob, '/agents/agent-contract-reader/open')).toBe(303)
  })

  it('is closed to somebody without the section', async () => {
    await run("INSERT INTO member_sections VALUES ('acme', 'bob', 'agents', 'off')")
    for (const path of ['/agents', TRIAGE, `${TRIAGE}/open`, FOREIGN])
      expect([path, await statusOf(bob, path)]).toEqual([path, 403])
  })

  it('that is offline says so, to everybody', async () => {
    await run("UPDATE agents SET live = 0 WHERE id = 'agent-support-triage'")
    const response = await bob.get(`${TRIAGE}/open`)

    expect([response.status, locationOf(response)]).toEqual([409, null])
    expect(await response.text()).toContain('This agent is offline')
    expect(await textOf(bob, TRIAGE)).not.toContain('Chat with Agent')
    expect(await statusOf(ada, `${TRIAGE}/open`)).toBe(409)
  })

  it.each([['NULL'], ["'javascript:alert(1)'"]])(
    'with the URL %s is not connected, and an admin learns where to mend it',
    async (url) => {
      await run(`UPDATE agents SET url = ${url} WHERE id = 'agent-support-triage'`)
      const response = await bob.get(`${TRIAGE}/open`)

      expect([response.status, locationOf(response)]).toEqual([409, null])
      expect(await statusOf(ada, `${TRIAGE}/open`)).toBe(409)
      if (url === 'NULL') expect(await textOf(ada, TRIAGE)).toContain(`<a href="${TRIAGE}/edit">Give it the URL</a>`)
    },
  )
})

describe('an admin', () => {
  it('registers an agent', async () => {
    const response = await ada.post('/agents', FIELDS)
    expect(response.status).toBe(303)
    expect(ada.roundTrips).toBe(2)

    const page = await textOf(ada, locationOf(response) ?? '')
    expect(page).toContain('Agent registered.')
    expect(page).toContain('Night Watch')
    expect(await textOf(bob, '/agents'), 'bob has all agents').toContain('Night Watch')
  })

  it('keeps the draft of a refused one, with the reason beside the field', async () => {
    const before = await dump()
    const response = await ada.post('/agents', { ...FIELDS, name: ' ', url: 'javascript:alert(1)' })
    const page = await response.text()

    expect(response.status).toBe(422)
    expect(page).toContain('id="name-error"')
    expect(page).toContain('id="url-error"')
    expect(page).toContain('value="javascript:alert(1)"')
    expect(page).toContain('Watches the night.')
    expect(await dump()).toEqual(before)
  })

  it('changes one, and finds in the form what it is', async () => {
    const form = await textOf(ada, `${TRIAGE}/edit`)
    expect(form).toContain('value="https://agents.acme.test/support-triage"')
    expect(form).toContain('value="support, email"')

    const { live: _, ...offline } = FIELDS
    expect((await ada.post(TRIAGE, offline)).status).toBe(303)
    expect(ada.roundTrips).toBe(2)
    expect(await one("SELECT name, tags, live FROM agents WHERE id = 'agent-support-triage'")).toEqual({
      name: 'Night Watch',
      tags: '["ops","night"]',
      live: 0,
    })
  })

  it('takes one offline without writing anything else back', async () => {
    await ada.get(TRIAGE)
    await run("UPDATE agents SET name = 'Renamed meanwhile' WHERE id = 'agent-support-triage'")
    const fragment = await (await ada.submit(TRIAGE, { live: 'off' }, { htmx: true })).text()

    expect(fragment).toContain('Bring live')
    expect(fragment).toContain('The agent is offline.')
    expect(await one("SELECT name, live FROM agents WHERE id = 'agent-support-triage'")).toEqual({
      name: 'Renamed meanwhile',
      live: 0,
    })
  })

  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['a third state', { live: 'maybe' }],
    ['an unknown field', { ...FIELDS, tenant_id: 'globex' }],
    ['a change without a name', { live: 'on', url: 'https://x.test' }],
  ])('who sends %s is not understood', async (_, fields) => {
    const before = await dump()
    expect((await ada.post(TRIAGE, fields)).status).toBe(400)
    expect(await dump()).toEqual(before)
  })

  it('deletes one, after reading who loses it', async () => {
    await giveBobOnlyReader()
    expect(await textOf(ada, '/agents/agent-contract-reader')).toContain('and for 1 person who was given it by name')
    expect(await (await ada.submit('/agents/agent-contract-reader/delete')).text()).toContain('Agent deleted.')

    expect(await statusOf(ada, '/agents/agent-contract-reader')).toBe(404)
    expect(await textOf(bob, '/agents')).toContain('Nobody has given you an agent yet.')
    expect(await all('SELECT * FROM member_agents')).toEqual([])
  })
})

const CHANGES: [string, Record<string, string>][] = [
  ['', FIELDS],
  ['', { live: 'off' }],
  ['/delete', {}],
]

it('a user changes nothing', async () => {
  const before = await dump()

  for (const [path, fields] of CHANGES) expect((await bob.post(TRIAGE + path, fields)).status).toBe(403)
  expect((await bob.post('/agents', FIELDS)).status).toBe(403)
  for (const path of ['/agents/new', `${TRIAGE}/edit`]) expect(await statusOf(bob, path)).toBe(403)
  expect(await dump()).toEqual(before)
})

it('an admin of another workspace finds nothing to change', async () => {
  const before = await dump()

  for (const [path, fields] of CHANGES) expect((await ada.post(FOREIGN + path, fields)).status).toBe(404)
  for (const path of ['', '/open', '/edit']) expect(await statusOf(ada, FOREIGN + path)).toBe(404)
  expect(await dump()).toEqual(before)
})
