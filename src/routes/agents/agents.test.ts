import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, dump, one, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { moreAgents } from '../../../test/people'

const TRIAGE = '/w/acme/agents/agent-support-triage'
const FOREIGN = '/w/acme/agents/agent-route-planner'
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

describe('GET /w/acme/agents', () => {
  it('shows the agents of a person and what they may do with each', async () => {
    await run("UPDATE agents SET url = NULL WHERE id = 'agent-contract-reader'")
    const page = await textOf(bob, '/w/acme/agents')

    expect(bob.roundTrips).toBe(1)
    expect(page).toContain('5 agents')
    expect(page).toContain(`href="${TRIAGE}/open"`)
    expect(page, 'offline').not.toContain('href="/w/acme/agents/agent-onboarding-guide/open"')
    expect(page, 'not connected').not.toContain('href="/w/acme/agents/agent-contract-reader/open"')
    expect(page).not.toContain('Route Planner')
    expect(page).not.toContain('Register Agent')
    expect(await textOf(ada, '/w/acme/agents')).toContain('Register Agent')
  })

  it('finds by name, description and tag, whatever the case', async () => {
    expect(await textOf(bob, '/w/acme/agents?q=TRIAGE')).toContain('1 of 5 agents')
    expect(await textOf(bob, '/w/acme/agents?q=obligations')).toContain('Contract Reader')
    expect(await textOf(bob, '/w/acme/agents?q=pdf')).toContain('Contract Reader')
    expect(await textOf(bob, '/w/acme/agents?tag=finance')).toContain('Invoice Matcher')
    expect(await textOf(bob, '/w/acme/agents?q=triage&tag=finance')).toContain('No agents found')
    expect(await textOf(bob, '/w/acme/agents?q=%25')).toContain('No agents found')
  })

  it('counts, finds and tags only what the person may see', async () => {
    await giveBobOnlyReader()
    const page = await textOf(bob, '/w/acme/agents')

    expect(page).toContain('1 agent<')
    expect(page).toContain('Contract Reader')
    for (const hidden of ['Support Triage', 'finance', 'engineering']) expect(page).not.toContain(hidden)
    expect(await textOf(bob, '/w/acme/agents?q=triage')).not.toContain('Support Triage')
    expect(await textOf(bob, '/w/acme/agents?tag=finance')).toContain('No agents found')
  })

  it('answers a fragment with the cards and nothing around them', async () => {
    const fragment = await textOf(bob, '/w/acme/agents?q=triage', true)

    expect(fragment).toContain('<section id="agents">')
    expect(fragment).not.toContain('<nav class="sidebar"')
  })

  it('says to a person without any whom to ask, and to an admin what to do', async () => {
    await run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")
    expect(await textOf(bob, '/w/acme/agents')).toContain('You do not have access to any agents yet. Ask Ada Admin.')

    await run("DELETE FROM agents WHERE tenant_id = 'acme'")
    expect(await textOf(ada, '/w/acme/agents')).toContain('Register your first agent')
  })

  describe('of 100 agents', () => {
    const cards = (html: string) => [...html.matchAll(/id="agent-agent-(\d+)"/g)].map(([, i]) => Number(i))
    const linkTo = (html: string, id: string) =>
      html.match(new RegExp(`id="cards-${id}" href="([^"]+)"`))?.[1]?.replaceAll('&amp;', '&') ?? ''

    beforeEach(async () => {
      await run("DELETE FROM agents WHERE tenant_id = 'acme'")
      await moreAgents(100)
      await run("UPDATE agents SET tags = '[\"even\"]' WHERE substr(id, -1) IN ('0', '2', '4', '6', '8')")
    })

    it('shows 48 on a page, says which, and leads on and back without losing one', async () => {
      const [first, seen] = [await textOf(bob, '/w/acme/agents'), [] as number[]]
      expect(first).toContain('1 to 48 of 100')
      let page = first
      for (;;) {
        seen.push(...cards(page))
        const next = linkTo(page, 'next')
        if (!next) break
        page = await textOf(bob, next)
      }
      expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i))
      expect(page).toContain('97 to 100 of 100')
      page = await textOf(bob, linkTo(page, 'previous'))
      expect(page).toContain('49 to 96 of 100')
      expect(cards(await textOf(bob, linkTo(page, 'previous')))).toEqual(cards(first))
    })

    it('keeps what was searched for from page to page', async () => {
      await run('UPDATE agents SET tags = \'["even"]\'')
      const page = await textOf(bob, '/w/acme/agents?q=agent-00&tag=even')
      expect(page).toContain('1 to 48 of 100')
      expect(await textOf(bob, linkTo(page, 'next'))).toContain('value="agent-00"')
    })

    it('starts over after an agent that is gone', async () => {
      expect(cards(await textOf(bob, '/w/acme/agents?cursor=nobody'))[0]).toBe(0)
    })
  })

  it('offers the tags of most agents first, and the others behind one that says how many', async () => {
    await run("DELETE FROM agents WHERE tenant_id = 'acme'")
    await moreAgents(20)
    await run("UPDATE agents SET tags = json_array('tag-' || id, 'common')")
    const page = await textOf(bob, '/w/acme/agents')
    const [shown = '', more = ''] = page.split('<details class="more">')

    expect(shown).toMatch(/id="tag-common"[^>]*>common<small aria-hidden="true">20<\/small>/)
    expect(shown.match(/id="tag-tag-/g)).toHaveLength(11)
    expect(more).toContain('<summary class="chip">9 more</summary>')
    expect(more.match(/id="tag-tag-/g)).toHaveLength(9)
    const chosen = await textOf(bob, '/w/acme/agents?tag=tag-agent-0019')
    expect(chosen.split('<details')[0], 'a chosen tag is in sight').toContain('id="tag-tag-agent-0019"')
  })

  it('says of an agent that nobody can open why', async () => {
    const page = await textOf(bob, '/w/acme/agents')
    expect(page.match(/<small>Unavailable<\/small>/g)).toHaveLength(1)
    expect(page).not.toContain('Chat with Agent')
  })

  it('finds nothing by more than can be typed', async () => {
    expect(await textOf(bob, `/w/acme/agents?q=${'x'.repeat(300)}`)).toContain('No agents found')
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
    for (const path of [TRIAGE, FOREIGN, '/w/acme/agents/nobody']) {
      expect([path, await statusOf(bob, path), await statusOf(bob, `${path}/open`)]).toEqual([path, 404, 404])
    }
    expect(await statusOf(bob, '/w/acme/agents/agent-contract-reader/open')).toBe(303)
  })

  it('is closed to somebody without the section', async () => {
    await run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', 'agents', 'off')")
    for (const path of ['/w/acme/agents', TRIAGE, `${TRIAGE}/open`, FOREIGN])
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
    'with the URL %s is not connected, and an admin learns where to give it one',
    async (url) => {
      await run(`UPDATE agents SET url = ${url} WHERE id = 'agent-support-triage'`)
      const response = await bob.get(`${TRIAGE}/open`)

      expect([response.status, locationOf(response)]).toEqual([409, null])
      expect(await statusOf(ada, `${TRIAGE}/open`)).toBe(409)
      if (url === 'NULL') expect(await textOf(ada, TRIAGE)).toContain(`<a href="${TRIAGE}/edit">Add the URL</a>`)
    },
  )
})

describe('an admin', () => {
  it('registers an agent', async () => {
    const response = await ada.post('/w/acme/agents', FIELDS)
    expect(response.status).toBe(303)
    expect(ada.roundTrips).toBe(2)

    const page = await textOf(ada, locationOf(response) ?? '')
    expect(page).toContain('Night Watch is registered.')
    expect(page).toContain('Night Watch')
    expect(await textOf(bob, '/w/acme/agents'), 'bob has all agents').toContain('Night Watch')
  })

  it('keeps the draft of a refused one, with the reason beside the field', async () => {
    const before = await dump()
    const response = await ada.post('/w/acme/agents', { ...FIELDS, name: ' ', url: 'javascript:alert(1)' })
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

    expect(fragment).toContain('Make live')
    expect(fragment).toContain('Renamed meanwhile is offline.')
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
    expect(await textOf(ada, '/w/acme/agents/agent-contract-reader')).toContain('and for 1 person with selected agents')
    expect(await (await ada.submit('/w/acme/agents/agent-contract-reader/delete')).text()).toContain('Contract Reader is deleted.')

    expect(await statusOf(ada, '/w/acme/agents/agent-contract-reader')).toBe(404)
    expect(await textOf(bob, '/w/acme/agents')).toContain('You do not have access to any agents yet.')
    expect(await all('SELECT * FROM member_agents')).toEqual([])
  })
})

const agent = () => one("SELECT name, url, tags, live, version FROM agents WHERE id = 'agent-support-triage'")
const opened = async () => formIn(await textOf(ada, `${TRIAGE}/edit`), TRIAGE)

describe('a form that was opened before somebody else saved', () => {
  it('changes only what was changed in it', async () => {
    const [mine, theirs] = [await opened(), await opened()]
    await ada.post(TRIAGE, { ...theirs, url: 'https://new.acme.test/' })
    expect((await ada.post(TRIAGE, { ...mine, tags: 'support, late' })).status).toBe(303)
    expect(ada.roundTrips).toBe(2)
    expect(await agent()).toEqual({
      name: 'Support Triage',
      url: 'https://new.acme.test/',
      tags: '["support","late"]',
      live: 1,
      version: 3,
    })
  })

  it('is asked about a field that both changed, with both values, and keeps its draft', async () => {
    const [mine, theirs] = [await opened(), await opened()]
    await ada.post(TRIAGE, { ...theirs, url: 'https://theirs.acme.test/' })
    const before = await dump()
    const answer = await ada.post(TRIAGE, { ...mine, url: 'https://mine.acme.test/', tags: 'late' })
    const page = await answer.text()

    expect(answer.status).toBe(409)
    expect(page).toMatch(/Ada Admin changed Support Triage at \d\d:\d\d UTC, after you opened this page/)
    expect(page).toContain('This is “https://theirs.acme.test/” now, and you entered “https://mine.acme.test/”')
    expect(formIn(page, TRIAGE)).toMatchObject({ url: 'https://mine.acme.test/', tags: 'late', version: '2' })
    expect(await dump()).toEqual(before)

    expect((await ada.post(TRIAGE, formIn(page, TRIAGE))).status).toBe(303)
    expect(await agent()).toMatchObject({ url: 'https://mine.acme.test/', tags: '["late"]', version: 3 })
  })

  it('of a switch shows the agent as it is now', async () => {
    const shown = formIn(await textOf(ada, TRIAGE), TRIAGE)
    expect(shown).toMatchObject({ version: '1', live: 'off' })
    await ada.post(TRIAGE, { ...(await opened()), url: 'https://new.acme.test/' })
    const before = await dump()
    const answer = await ada.post(TRIAGE, shown, { htmx: true })

    expect(answer.status).toBe(409)
    expect(await answer.text()).toMatch(/<section id="agent"[\s\S]*after you opened this page/)
    expect(await dump()).toEqual(before)
  })

  it('of an agent that is deleted by now keeps its draft, to be registered again', async () => {
    const mine = await opened()
    await ada.post(`${TRIAGE}/delete`)
    const before = await dump()
    const answer = await ada.post(TRIAGE, { ...mine, tags: 'late' })
    const page = await answer.text()

    expect(answer.status).toBe(409)
    expect(page).toMatch(/Ada Admin deleted Support Triage at \d\d:\d\d UTC. Register it again\?/)
    expect(await dump()).toEqual(before)
    const draft = formIn(page, '/w/acme/agents')
    expect(draft).toMatchObject({ name: 'Support Triage', tags: 'late' })
    expect((await ada.post('/w/acme/agents', draft)).status).toBe(303)
  })

  it.each(['', '/delete'])('of a deleted agent has the others as they are now, at “%s”', async (end) => {
    await ada.post(`${TRIAGE}/delete`)
    const before = await dump()
    const answer = await ada.post(TRIAGE + end, end ? {} : { live: 'off' })
    const page = await answer.text()

    expect(answer.status).toBe(409)
    expect(page).toContain('Nothing was changed.')
    expect(page).toContain('Contract Reader')
    expect(await dump()).toEqual(before)
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
  expect((await bob.post('/w/acme/agents', FIELDS)).status).toBe(403)
  for (const path of ['/w/acme/agents/new', `${TRIAGE}/edit`]) expect(await statusOf(bob, path)).toBe(403)
  expect(await dump()).toEqual(before)
})

it('an admin of another workspace finds nothing to change', async () => {
  const before = await dump()

  for (const [path, fields] of CHANGES) expect((await ada.post(FOREIGN + path, fields)).status).toBe(404)
  for (const path of ['', '/open', '/edit']) expect(await statusOf(ada, FOREIGN + path)).toBe(404)
  expect(await dump()).toEqual(before)
})
