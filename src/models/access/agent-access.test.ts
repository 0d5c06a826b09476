import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { moreAgents, people, rowsReadBy } from '../../../test/people'
import { together, tryOften } from '../../../test/race'
import { deleteAgent } from '../agents/agent-registration'
import type { MemberAct } from '../core/act'
import { editAgents, setAgent, setAgentColumn, setAgents } from './agent-access'
import { agentAccessPage, agentColumns, toAgentAccess, toAgentColumns } from './agent-access-page'

const ALL = { q: '', cursor: '', agentQ: '', agentsAfter: '' }
const foreign = 'theirs'
let ada: MemberAct
let acme: string[]

beforeEach(async () => {
  ada = await actNamed('ada')
  await run(`INSERT INTO agents (id, tenant_id, name, description, framework, deployment, tags, live, created_at)
    VALUES ('theirs', 'globex', 'Theirs', '', '', '', '[]', 1, 1)`)
  acme = (await all<{ id: string }>("SELECT id FROM agents WHERE tenant_id = 'acme' ORDER BY id")).map(({ id }) => id)
})

const turn = (member: string, agent: string, access: 'on' | 'off') => setAgent(ada, { member, agent, access })
const give = (member: string, mode: 'all' | 'list', agents: string[] | 'as_kept' = []) => setAgents(ada, { member, mode, agents })
const modeOf = async (id: string) =>
  (await one<{ agent_mode: string }>('SELECT agent_mode FROM members WHERE id = ?', id))?.agent_mode
const listOf = async (id: string) =>
  (await all<{ agent_id: string }>('SELECT agent_id FROM member_agents WHERE member_id = ? ORDER BY 1', id)).map(
    (row) => row.agent_id,
  )
const entries = () => all("SELECT before, after FROM activity WHERE kind = 'agent_access_changed' ORDER BY at, id")

describe('an agent turned off', () => {
  it('for somebody with all makes a list of all the others', async () => {
    const [off = '', ...others] = acme
    expect(await turn('bob', off, 'off')).toEqual({
      name: 'Bob Okafor',
      agents: [expect.any(String)],
      left: [],
      undo: expect.any(String),
    })
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['list', others])
    expect(await entries()).toEqual([{ before: '{"mode":"all"}', after: `{"mode":"list","agents":${others.length}}` }])
  })

  it('for somebody with all forgets the list that was kept', async () => {
    const [off = '', ...others] = acme
    await give('bob', 'list', [off])
    await give('bob', 'all')
    await turn('bob', off, 'off')
    expect(await listOf('bob')).toEqual(others)
  })

  it('and on again within a list names the agent', async () => {
    const [first = '', second = ''] = acme
    await give('bob', 'list', [first, second])
    await turn('bob', first, 'off')
    await turn('bob', first, 'off')
    await turn('bob', first, 'on')
    expect(await listOf('bob')).toEqual([first, second].sort())
    const { name = '' } = (await one<{ name: string }>('SELECT name FROM agents WHERE id = ?', first)) ?? {}
    const [on, off] = [`{"${name}":"on"}`, `{"${name}":"off"}`]
    expect((await entries()).slice(1)).toEqual([
      { before: on, after: off },
      { before: off, after: on },
    ])
  })

  it('changes nothing when turned on for somebody with all', async () => {
    await give('bob', 'list', acme.slice(0, 1))
    await give('bob', 'all')
    const before = await dump()
    expect(await turn('bob', acme[1] ?? '', 'on')).toMatchObject({ undo: undefined })
    expect(await dump()).toEqual(before)
  })

  it('twenty at once leave the list without exactly those', async () => {
    const more = await moreAgents(20)
    await tryOften(async () => {
      await give('bob', 'all')
      await together((i) => turn('bob', more[i] ?? '', 'off'), more.length)
      expect([await modeOf('bob'), await listOf('bob')]).toEqual(['list', acme])
    }, 5)
  })
})

describe('a mode', () => {
  it('of all keeps the list, and a list brings it back', async () => {
    await give('bob', 'list', acme.slice(0, 2))
    await give('bob', 'all')
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['all', acme.slice(0, 2)])
    await give('bob', 'list')
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['list', acme.slice(0, 2)])
    expect((await entries()).slice(1)).toEqual([
      { before: '{"mode":"list","agents":2}', after: '{"mode":"all"}' },
      { before: '{"mode":"all"}', after: '{"mode":"list","agents":2}' },
    ])
  })

  it('of list holds exactly the named agents, and none named is none', async () => {
    await give('bob', 'list', acme.slice(0, 3))
    await give('bob', 'list', acme.slice(2, 4))
    expect(await listOf('bob')).toEqual(acme.slice(2, 4))
    await give('bob', 'list')
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['list', []])
  })

  it('of a list for somebody who never had one starts from what they see', async () => {
    await give('bob', 'list', 'as_kept')
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['list', acme])
  })

  it('of a list brings 59 of 60 back, and an undo too', async () => {
    const all = [...acme, ...(await moreAgents(55))].sort()
    await give('bob', 'list', all.slice(1))
    await give('bob', 'all')
    const change = await give('bob', 'list', 'as_kept')
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['list', all.slice(1)])
    expect(change).toMatchObject({ undo: expect.any(String) })
  })

  it('that already is so leaves no entry', async () => {
    await give('bob', 'list', acme.slice(0, 2))
    const before = await dump()
    await give('bob', 'list', acme.slice(0, 2).reverse())
    await give('bob', 'list', 'as_kept')
    expect(await dump()).toEqual(before)
  })

  it('of list leaves an agent that was deleted meanwhile, and says so', async () => {
    const [kept = '', gone = ''] = acme
    await deleteAgent(ada, gone)
    expect(await give('bob', 'list', [kept, gone])).toMatchObject({ left: [gone], undo: expect.any(String) })
    expect(await listOf('bob')).toEqual([kept])
    const before = await dump()
    expect(await turn('bob', gone, 'off')).toMatchObject({ left: [gone], undo: undefined })
    expect(await turn('pia', gone, 'off'), 'of somebody with all').toMatchObject({ left: [gone], undo: undefined })
    expect(await give('bob', 'list', [gone])).toMatchObject({ left: [gone], undo: undefined })
    expect(await dump()).toEqual(before)
  })
})

describe('a list that is edited', () => {
  const edit = (mode: 'all' | 'list', agents: string[], shown: { mode: 'all' | 'list'; agents: string[] }) =>
    editAgents(ada, { member: 'bob', mode, agents, shown })

  it('changes only what differs from what the page showed', async () => {
    const [a = '', b = '', c = '', d = ''] = acme
    await give('bob', 'list', [a, b])
    await turn('bob', d, 'on')
    expect(await edit('list', [b, c], { mode: 'list', agents: [a, b] })).toMatchObject({ undo: expect.any(String) })
    expect(await listOf('bob')).toEqual([b, c, d])
  })

  it('of somebody with all agents becomes exactly what is ticked', async () => {
    await give('bob', 'list', acme.slice(0, 1))
    await give('bob', 'all')
    await edit('list', acme.slice(2), { mode: 'all', agents: [] })
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['list', acme.slice(2)])
    await edit('list', [], { mode: 'list', agents: acme.slice(2) })
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['list', []])
  })

  it('is kept when all agents are given', async () => {
    await give('bob', 'list', acme.slice(0, 2))
    await edit('all', acme.slice(0, 1), { mode: 'list', agents: acme.slice(0, 2) })
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['all', acme.slice(0, 2)])
  })

  it('is left alone when somebody has given all agents, or a list, meanwhile', async () => {
    await give('bob', 'list', acme.slice(0, 2))
    const before = await dump()
    expect(await edit('list', [], { mode: 'all', agents: [] })).toEqual({ reason: 'stale' })
    expect(await edit('all', [], { mode: 'all', agents: [] })).toEqual({ reason: 'stale' })
    expect(await dump()).toEqual(before)
  })

  it('by twenty admins at once holds what each of them ticked', async () => {
    const more = await moreAgents(20)
    await tryOften(async () => {
      await give('bob', 'list', acme)
      await together((i) => edit('list', [...acme, more[i] ?? ''], { mode: 'list', agents: acme }), more.length)
      expect(await listOf('bob')).toEqual([...more, ...acme].sort())
    }, 5)
  })
})

describe('an agent for several people', () => {
  const column = (members: string[], agent: string, access: 'on' | 'off') => setAgentColumn(ada, { members, agent, access })

  it('is given and taken in one go, with an entry for each whom it changed, and one undo', async () => {
    const [agent = '', ...others] = acme
    await give('pia', 'list', [agent])
    await give('dov', 'list', [])
    const known = (await entries()).length
    const change = await column(['bob', 'pia', 'dov'], agent, 'off')
    expect(change).toMatchObject({ left: [], undo: expect.any(String) })
    expect(change).toMatchObject({ changed: [{ name: 'Bob Okafor' }, { name: 'pia@acme.test' }, { name: 'Dov Stern' }] })
    expect([await listOf('bob'), await listOf('pia'), await listOf('dov')]).toEqual([others, [], []])
    expect((await entries()).length - known).toBe(2)
    await column(['bob', 'pia', 'dov'], agent, 'on')
    expect([await listOf('bob'), await listOf('pia'), await listOf('dov')]).toEqual([acme, [agent], [agent]])
  })

  it('leaves admins and people who are gone, and names them', async () => {
    await run("DELETE FROM members WHERE id = 'dov'")
    await run(
      "INSERT INTO activity (id, tenant_id, at, kind, member_id, member_email) VALUES ('e', 'acme', 9e12, 'deleted', 'dov', 'dov@acme.test')",
    )
    const left = [
      { member: 'ada', reason: 'is_admin', name: 'Ada Admin' },
      { member: 'dov', reason: 'gone', name: 'dov@acme.test' },
    ]
    expect(await column(['ada', 'bob', 'dov'], acme[0] ?? '', 'off')).toMatchObject({ changed: [{ name: 'Bob Okafor' }], left })
  })

  it.each([
    ['a person of another workspace', () => column(['bob', 'cat'], acme[0] ?? '', 'off'), 'not_found'],
    ['an agent of another workspace', () => column(['bob'], foreign, 'off'), 'not_found'],
    [
      'an agent that was deleted',
      async () => {
        await deleteAgent(ada, acme[0] ?? '')
        return column(['bob'], acme[0] ?? '', 'off')
      },
      'agent_gone',
    ],
  ])('is not changed at all for %s', async (_, act, reason) => {
    expect(await act()).toEqual({ reason })
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['all', []])
  })
})

describe('nothing is done', () => {
  it.each([
    ['a list with an agent of another workspace', () => give('bob', 'list', [acme[0] ?? '', foreign]), 'unknown_agent'],
    ['an agent of another workspace', () => turn('bob', foreign, 'off'), 'unknown_agent'],
    ['a member of another workspace', () => turn('cat', acme[0] ?? '', 'off'), 'no_member'],
    ['the mode of a member of another workspace', () => give('cat', 'list'), 'no_member'],
    ['an agent of an admin', () => turn('ada', acme[0] ?? '', 'off'), 'is_admin'],
    ['the mode of an admin', () => give('ada', 'list'), 'is_admin'],
  ])('for %s', async (_, act, reason) => {
    const before = await dump()
    expect(await act()).toEqual({ reason })
    expect(await dump()).toEqual(before)
  })
})

describe('a page of the matrix', () => {
  const at = () => ({ ...ada, secretHash: '' })

  it('shows of each person the agents that they may see among the columns', async () => {
    await give('pia', 'list', acme.slice(0, 1))
    await give('dov', 'list', acme.slice(0, 1))
    await give('dov', 'all')
    const { agents } = toAgentColumns(await agentColumns(at(), ALL))
    const { people } = toAgentAccess(await agentAccessPage(at(), ALL), Date.now())
    const seen = Object.fromEntries(people.map(({ id, sees }) => [id, [...sees].sort()]))
    expect(agents.map(({ id }) => id).sort()).toEqual(acme)
    expect(seen).toEqual({ ada: acme, bob: acme, dov: acme, pia: acme.slice(0, 1) })
  })

  it('pages through agents of one name without losing any', async () => {
    await moreAgents(40)
    await run("UPDATE agents SET name = 'Twin' WHERE tenant_id = 'acme'")
    const ids: string[] = []
    let after: string | undefined = ''
    while (after !== undefined) {
      const page: ReturnType<typeof toAgentColumns> = toAgentColumns(await agentColumns(at(), { ...ALL, agentsAfter: after }))
      ids.push(...page.agents.map(({ id }) => id))
      after = page.agentsNext
    }
    expect(ids).toHaveLength(acme.length + 40)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('finds agents by a part of their name, and orders them whatever their case', async () => {
    const { agents } = toAgentColumns(await agentColumns(at(), { ...ALL, agentQ: 'TRIAGE' }))
    expect(agents.map(({ name }) => name)).toEqual(['Support Triage'])
    await run("UPDATE agents SET name = 'contract reader' WHERE name = 'Contract Reader'")
    const names = toAgentColumns(await agentColumns(at(), ALL)).agents.map(({ name }) => name)
    expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b)))
  })

  it('reads as many rows of 1,000 people and 200 agents as of 50 and 30', async () => {
    const read = async () => (await rowsReadBy(agentAccessPage(at(), ALL))) + (await rowsReadBy(agentColumns(at(), ALL)))
    await people(46)
    await moreAgents(25)
    const few = await read()
    await people(950, 46)
    await moreAgents(170, 25)
    expect(await read()).toBe(few)
  })
})
