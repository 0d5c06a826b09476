import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actorFor, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { moreAgents, people, rowsReadBy } from '../../../test/people'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import type { Viewer } from '../members/viewer'
import { agentAccessPage, agentColumns, setAgent, setAgents, toAgentAccess, toAgentColumns } from './agent-access'

const db = connect(env.DB)
const ALL = { q: '', cursor: '', agentQ: '', agentsAfter: '' }
let ada: Viewer
let acme: string[]
let foreign: string

beforeEach(async () => {
  ada = await viewerNamed('ada')
  await run("INSERT INTO agents VALUES ('theirs', 'globex', 'Theirs', '', '', '', NULL, '[]', 1, 1)")
  foreign = 'theirs'
  acme = (await all<{ id: string }>("SELECT id FROM agents WHERE tenant_id = 'acme' ORDER BY id")).map(({ id }) => id)
})

const turn = (member: string, agent: string, access: 'on' | 'off') =>
  setAgent(db, ada, actorFor(ada), member, { agent, access }, Date.now())
const give = (member: string, mode: 'all' | 'list', agents: string[] = []) =>
  setAgents(db, ada, actorFor(ada), member, { mode, agents }, Date.now())
const modeOf = async (id: string) =>
  (await one<{ agent_mode: string }>('SELECT agent_mode FROM members WHERE id = ?', id))?.agent_mode
const listOf = async (id: string) =>
  (await all<{ agent_id: string }>('SELECT agent_id FROM member_agents WHERE member_id = ? ORDER BY 1', id)).map(
    (row) => row.agent_id,
  )
const entries = () => all("SELECT before, after FROM activity WHERE kind = 'agent_access_changed' ORDER BY rowid")

describe('an agent turned off', () => {
  it('for somebody with all makes a list of all the others', async () => {
    const [off = '', ...others] = acme
    expect(await turn('bob', off, 'off')).toEqual({ was: { mode: 'all', agents: [] } })
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['list', others])
    expect(await entries()).toEqual([{ before: '{"mode":"all"}', after: `{"mode":"list","agents":${others.length}}` }])
  })

  it('and on again within a list names the agent', async () => {
    const [one = '', two = ''] = acme
    await give('bob', 'list', [one, two])
    await turn('bob', one, 'off')
    await turn('bob', one, 'off')
    await turn('bob', one, 'on')
    expect(await listOf('bob')).toEqual([one, two].sort())
    const { name = '' } = (await oneAgent(one)) ?? {}
    const [on, off] = [`{"${name}":"on"}`, `{"${name}":"off"}`]
    expect((await entries()).slice(1)).toEqual([
      { before: on, after: off },
      { before: off, after: on },
    ])
  })

  it('changes nothing when turned on for somebody with all', async () => {
    const before = await dump()
    await turn('bob', acme[0] ?? '', 'on')
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

const oneAgent = (id: string) => one<{ name: string }>('SELECT name FROM agents WHERE id = ?', id)

describe('a mode', () => {
  it('of all forgets the list, and says what it was', async () => {
    await give('bob', 'list', acme.slice(0, 2))
    expect(await give('bob', 'all')).toEqual({ was: { mode: 'list', agents: acme.slice(0, 2) } })
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['all', []])
    expect((await entries()).at(-1)).toEqual({ before: '{"mode":"list","agents":2}', after: '{"mode":"all"}' })
  })

  it('of list holds exactly the named agents, and none is a list too', async () => {
    await give('bob', 'list', acme.slice(0, 3))
    await give('bob', 'list', acme.slice(2, 4))
    expect(await listOf('bob')).toEqual(acme.slice(2, 4))
    await give('bob', 'list')
    expect([await modeOf('bob'), await listOf('bob')]).toEqual(['list', []])
  })

  it('that already is so leaves no entry', async () => {
    await give('bob', 'list', acme.slice(0, 2))
    const before = await dump()
    await give('bob', 'list', acme.slice(0, 2).reverse())
    expect(await dump()).toEqual(before)
  })
})

describe('nothing is done', () => {
  it.each([
    ['a list with an agent of another workspace', () => give('bob', 'list', [acme[0] ?? '', foreign]), 'not_found'],
    ['an agent of another workspace', () => turn('bob', foreign, 'off'), 'not_found'],
    ['a member of another workspace', () => turn('cat', acme[0] ?? '', 'off'), 'not_found'],
    ['the mode of a member of another workspace', () => give('cat', 'list'), 'not_found'],
    ['an agent of an admin', () => turn('ada', acme[0] ?? '', 'off'), 'is_admin'],
    ['the mode of an admin', () => give('ada', 'list'), 'is_admin'],
  ])('for %s', async (_, act, reason) => {
    const before = await dump()
    expect(await act()).toEqual({ reason })
    expect(await dump()).toEqual(before)
  })
})

describe('a page of the matrix', () => {
  it('shows of each person the agents that they may see among the columns', async () => {
    await give('pia', 'list', acme.slice(0, 1))
    const { agents } = toAgentColumns(await agentColumns(db, 'acme', ALL))
    const { people } = toAgentAccess(await agentAccessPage(db, 'acme', ALL), Date.now())
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
      const page: ReturnType<typeof toAgentColumns> = toAgentColumns(await agentColumns(db, 'acme', { ...ALL, agentsAfter: after }))
      ids.push(...page.agents.map(({ id }) => id))
      after = page.agentsNext
    }
    expect(ids).toHaveLength(acme.length + 40)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('finds agents by a part of their name', async () => {
    const { agents } = toAgentColumns(await agentColumns(db, 'acme', { ...ALL, agentQ: 'TRIAGE' }))
    expect(agents.map(({ name }) => name)).toEqual(['Support Triage'])
  })

  it('reads as many rows of 1,000 people and 200 agents as of 50 and 30', async () => {
    const read = async () =>
      (await rowsReadBy(agentAccessPage(db, 'acme', ALL))) + (await rowsReadBy(agentColumns(db, 'acme', ALL)))
    await people(46)
    await moreAgents(25)
    const few = await read()
    await people(950, 46)
    await moreAgents(170, 25)
    expect(await read()).toBe(few)
  })
})
