import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, dump, one, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { moreAgents, people } from '../../../test/people'
import { undo } from '../../../test/undo'

const PATH = '/w/acme/access/agents'
let ada: Client
let triage: string
let reader: string

beforeEach(async () => {
  ada = await signedIn('ada')
  await run(`INSERT INTO agents (id, tenant_id, name, description, framework, deployment, tags, live, created_at)
    VALUES ('theirs', 'globex', 'Theirs', '', '', '', '[]', 1, 1)`)
  triage = await idOf('Support Triage')
  reader = await idOf('Contract Reader')
})

const idOf = async (name: string) =>
  (await one<{ id: string }>("SELECT id FROM agents WHERE tenant_id = 'acme' AND name = ?", name))?.id ?? ''
const access = async (id: string) => ({
  mode: (await one<{ agent_mode: string }>('SELECT agent_mode FROM members WHERE id = ?', id))?.agent_mode,
  agents: (await all<{ agent_id: string }>('SELECT agent_id FROM member_agents WHERE member_id = ? ORDER BY 1', id)).map(
    (row) => row.agent_id,
  ),
})

describe('the page', () => {
  it('costs one round trip and shows pending people, admins and offline agents, and nobody of another workspace', async () => {
    await run("UPDATE agents SET live = 0 WHERE tenant_id = 'acme'")
    const html = await (await ada.get(PATH)).text()
    expect(ada.roundTrips).toBe(1)
    for (const words of ['pia@acme.test', 'Tenant Admin: always everything', 'Support Triage', 'Offline'])
      expect(html).toContain(words)
    for (const words of ['cat@globex.test', 'Theirs']) expect(html).not.toContain(words)
  })

  it('is the same component as the fragment', async () => {
    const html = await (await ada.get(PATH, { htmx: true })).text()
    expect(html).toMatch(/^<title>Agent Access · Latchkey<\/title><section id="agent-access">/)
  })

  it('pages and searches both sides apart', async () => {
    await people(30)
    await moreAgents(30)
    const html = await (await ada.get(`${PATH}?q=person&agent_q=agent-`)).text()
    expect([html.match(/<tr id="member-/g)?.length, html.match(/<th scope="col" class="agent"/g)?.length]).toEqual([25, 12])
    expect(html).toContain('?q=person&amp;agent_q=agent-&amp;cursor=person-00024%40acme.test&amp;row=26"')
    expect(html).toContain('?q=person&amp;agent_q=agent-&amp;agents_after=agent-0011%2Fagent-0011"')
    const next = await (await ada.get(`${PATH}?agent_q=agent-&agents_after=agent-0023%2Fagent-0023`)).text()
    expect(next.match(/<th scope="col" class="agent"/g)).toHaveLength(6)
  })

  it('without agents leads to the first one', async () => {
    await run("DELETE FROM agents WHERE tenant_id = 'acme'")
    expect(await (await ada.get(PATH)).text()).toContain('No agents yet')
  })
})

describe('one agent', () => {
  it('turned off for somebody with all makes a list of the others, in two round trips, and can be undone', async () => {
    const response = await ada.post(`${PATH}/bob`, { agent: triage, access: 'off' })
    expect([response.status, response.headers.get('Location'), ada.roundTrips]).toEqual([303, PATH, 2])
    const html = await (await ada.get(PATH)).text()
    expect(html).toContain('<tr id="member-bob" class="changed">')
    expect((await access('bob')).agents).not.toContain(triage)
    expect(await undo(ada, html)).toBe(303)
    expect(await access('bob')).toEqual({ mode: 'all', agents: [] })
  })

  it('is gone from the next page of the person, and back', async () => {
    const bob = await signedIn('bob')
    await ada.post(`${PATH}/bob`, { agent: triage, access: 'off' })
    expect(await (await bob.get('/w/acme/agents')).text()).not.toContain('Support Triage')
    await ada.post(`${PATH}/bob`, { agent: triage, access: 'on' })
    expect(await (await bob.get('/w/acme/agents', { htmx: true })).text()).toContain('Support Triage')
  })

  it.each(['on', 'off'] as const)('turned %s within a list can be undone', async (turned) => {
    await ada.post(`${PATH}/bob`, { mode: 'list', agent: turned === 'on' ? [reader] : [reader, triage] })
    const before = await access('bob')
    const html = await (await ada.submit(`${PATH}/bob`, { agent: triage, access: turned })).text()
    expect(html).toContain(`Support Triage is now ${turned} for Bob Okafor.`)
    await undo(ada, html)
    expect(await access('bob')).toEqual(before)
  })
})

describe('the mode', () => {
  it('all keeps the list, and its undo or the mode of a list brings the same agents back', async () => {
    await ada.post(`${PATH}/pia`, { mode: 'list', agent: [reader, triage] })
    const before = await access('pia')
    const html = await (await ada.submit(`${PATH}/pia`, { mode: 'all' })).text()
    expect(await access('pia')).toEqual({ ...before, mode: 'all' })
    await undo(ada, html)
    expect(await access('pia')).toEqual(before)
    await ada.post(`${PATH}/pia`, { mode: 'all' })
    await ada.post(`${PATH}/pia`, { mode: 'list' })
    expect(await access('pia')).toEqual(before)
  })

  it('list from a page that showed all takes the list as it is by now', async () => {
    await ada.post(`${PATH}/pia`, { mode: 'list', agent: [reader, triage] })
    const before = await dump()
    expect((await ada.post(`${PATH}/pia`, { mode: 'list', shown: 'all' })).status).toBe(303)
    expect(await dump()).toEqual(before)
  })

  it('list without agents is none', async () => {
    const bob = await signedIn('bob')
    await ada.post(`${PATH}/bob`, { mode: 'list' })
    expect(await (await bob.get('/w/acme/agents')).text()).not.toContain('Support Triage')
  })

  it('that already is so offers no undo', async () => {
    expect(await (await ada.submit(`${PATH}/bob`, { mode: 'all' })).text()).not.toContain('class="undo"')
  })
})

describe('the agents of one person', () => {
  const EDIT = `${PATH}/bob/edit`
  const formOf = async () => formIn(await (await ada.get(EDIT)).text(), EDIT)

  it('stand on a page of their own, in one round trip, ticked as they are', async () => {
    await moreAgents(60)
    await ada.post(`${PATH}/bob`, { mode: 'list', agent: [reader, triage] })
    const html = await (await ada.get(EDIT)).text()
    expect(ada.roundTrips).toBe(1)
    expect(html).toContain('2 of 65 selected')
    expect(formIn(html, EDIT)).toMatchObject({ mode: 'list', shown: 'list', had: [reader, triage], agent: [reader, triage] })
    expect(await (await ada.get(PATH)).text()).toContain('2 of 65')
  })

  it('start from what somebody with all of them sees', async () => {
    const form = await formOf()
    expect(form).toMatchObject({ mode: 'all', shown: 'all' })
    expect(form.agent).toHaveLength(5)
    expect(form.had).toBeUndefined()
  })

  it('are saved in one go, in two round trips, and can be undone', async () => {
    const answer = await ada.post(EDIT, { ...(await formOf()), mode: 'list', agent: [reader] })
    expect([answer.status, answer.headers.get('Location'), ada.roundTrips]).toEqual([303, EDIT, 2])
    expect(await access('bob')).toEqual({ mode: 'list', agents: [reader] })
    const html = await (await ada.get(EDIT)).text()
    expect(html).toContain('Agent access changed for Bob Okafor.')
    await undo(ada, html)
    expect(await access('bob')).toEqual({ mode: 'all', agents: [] })
  })

  it('keep what another admin gave meanwhile', async () => {
    await ada.post(`${PATH}/bob`, { mode: 'list', agent: [reader] })
    const form = await formOf()
    await ada.post(`${PATH}/bob`, { agent: triage, access: 'on' })
    await ada.post(EDIT, { ...form, agent: [reader, 'agent-release-notes'] })
    expect((await access('bob')).agents).toEqual([reader, 'agent-release-notes', triage].sort())
  })

  it('say that somebody else gave them all meanwhile, and keep what was ticked', async () => {
    await ada.post(`${PATH}/bob`, { mode: 'list', agent: [reader] })
    const form = await formOf()
    await ada.post(`${PATH}/bob`, { mode: 'all' })
    const before = await dump()
    const answer = await ada.post(EDIT, { ...form, agent: [triage] })
    const html = await answer.text()
    expect(answer.status).toBe(409)
    expect(html).toMatch(/Ada Admin changed the agents of Bob Okafor at \d\d:\d\d UTC, after you opened this page/)
    expect(formIn(html, EDIT)).toMatchObject({ mode: 'list', shown: 'all', agent: triage })
    expect(await dump()).toEqual(before)
  })

  it('of an admin are all of them, and there is nothing to save', async () => {
    const html = await (await ada.get(`${PATH}/ada/edit`)).text()
    expect(html).toContain('Tenant Admins always have access to every agent.')
    expect(html).not.toContain('type="checkbox"')
    expect((await ada.post(`${PATH}/ada/edit`, { mode: 'list', shown: 'all' })).status).toBe(409)
  })
})

describe('a column', () => {
  const COLUMNS = `${PATH}/columns`

  it('gives an agent to the people on the page in two round trips, says so, and can be undone', async () => {
    await ada.post(`${PATH}/pia`, { mode: 'list', agent: [reader] })
    await ada.post(`${PATH}/dov`, { mode: 'list', agent: [reader] })
    const html = await (await ada.get(PATH)).text()
    expect(html).toContain('Give to all 3 on this page')
    const answer = await ada.post(COLUMNS, { agent: triage, member: ['bob', 'pia', 'dov'], access: 'on' })
    expect([answer.status, ada.roundTrips]).toEqual([303, 2])
    expect((await access('pia')).agents).toEqual([reader, triage])
    const after = await (await ada.get(PATH)).text()
    expect(after).toContain('Support Triage is now on for 3 people.')
    await undo(ada, after)
    expect([(await access('pia')).agents, (await access('dov')).agents]).toEqual([[reader], [reader]])
  })

  it.each([
    ['nobody', { member: [], access: 'on' }, 400],
    ['no access', { member: ['bob'] }, 400],
    ['an admin alone', { member: ['ada'], access: 'off' }, 409],
    ['a person of another workspace', { member: ['bob', 'cat'], access: 'off' }, 404],
  ])('for %s changes nothing', async (_, fields, status) => {
    const before = await dump()
    expect((await ada.post(COLUMNS, { agent: triage, ...fields })).status).toBe(status)
    expect(await dump()).toEqual(before)
  })
})

describe('a page that has changed meanwhile', () => {
  it('answers for a deleted agent with the page as it is now, and who deleted it', async () => {
    await ada.post(`/w/acme/agents/${triage}/delete`)
    const before = await dump()
    const answer = await ada.post(`${PATH}/bob`, { agent: triage, access: 'off' }, { htmx: true })
    const html = await answer.text()
    expect(answer.status).toBe(409)
    expect(html).toMatch(
      /<section id="agent-access">[\s\S]*Ada Admin deleted Support Triage at \d\d:\d\d UTC. Nothing was changed./,
    )
    expect(html).toContain('id="member-bob"')
    expect(await dump()).toEqual(before)
  })

  it('gives of a list what there still is, and says so', async () => {
    await ada.post(`/w/acme/agents/${triage}/delete`)
    const html = await (await ada.submit(`${PATH}/bob`, { mode: 'list', agent: [reader, triage] })).text()
    expect(html).toContain('Agent access changed for Bob Okafor, except for agents that were deleted in the meantime.')
    expect(await access('bob')).toEqual({ mode: 'list', agents: [reader] })
  })

  it('answers for a person who is gone with the page as it is now', async () => {
    await ada.post('/w/acme/access/users/dov/delete')
    const before = await dump()
    const answer = await ada.post(`${PATH}/dov`, { mode: 'list' })
    const html = await answer.text()
    expect(answer.status).toBe(409)
    expect(html).toContain('Nothing was changed.')
    expect(html).not.toContain('id="member-dov"')
    expect(await dump()).toEqual(before)
  })
})

describe('nothing changes', () => {
  const refused: [string, string, () => Record<string, string | string[]>, number][] = [
    ['nothing asked', 'bob', () => ({}), 400],
    ['an unknown mode', 'bob', () => ({ mode: 'some' }), 400],
    ['all with agents', 'bob', () => ({ mode: 'all', agent: triage }), 400],
    ['a mode with an access', 'bob', () => ({ mode: 'list', agent: triage, access: 'on' }), 400],
    ['two agents with one access', 'bob', () => ({ agent: [triage, reader], access: 'off' }), 400],
    ['an agent without an access', 'bob', () => ({ agent: triage }), 400],
    ['an access of default', 'bob', () => ({ agent: triage, access: 'default' }), 400],
    ['an unknown field', 'bob', () => ({ mode: 'all', role: 'admin' }), 400],
    ['agents and what the page showed', 'bob', () => ({ mode: 'list', shown: 'all', agent: triage }), 400],
    ['an admin', 'ada', () => ({ agent: triage, access: 'off' }), 409],
    ["an admin's mode", 'ada', () => ({ mode: 'list' }), 409],
    ['a member of another workspace', 'cat', () => ({ agent: triage, access: 'off' }), 404],
    ['an agent of another workspace', 'bob', () => ({ agent: 'theirs', access: 'off' }), 404],
    ['own and foreign agents in one list', 'bob', () => ({ mode: 'list', agent: [triage, 'theirs'] }), 404],
    ['nobody', 'nobody', () => ({ mode: 'all' }), 404],
  ]

  it.each(refused)('for %s', async (_, member, fields, status) => {
    const before = await dump()
    expect((await ada.post(`${PATH}/${member}`, fields())).status).toBe(status)
    expect(await dump()).toEqual(before)
  })

  it('for a Tenant User', async () => {
    const bob = await signedIn('bob')
    const before = await dump()
    expect((await bob.post(`${PATH}/bob`, { mode: 'list' })).status).toBe(403)
    expect((await bob.get(PATH)).status).toBe(403)
    expect(await dump()).toEqual(before)
  })

  it("for the other workspace's admin", async () => {
    const cat = await signedIn('cat')
    const before = await dump()
    expect((await cat.post(`${PATH}/bob`, { mode: 'list' })).status).toBe(404)
    expect(await dump()).toEqual(before)
  })
})
