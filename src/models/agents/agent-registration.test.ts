import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { TRIES, together, tryOften } from '../../../test/race'
import type { MemberAct } from '../core/act'
import { agentAgain } from './agent'
import { type AgentDraft, type AgentFacts, checkAgent } from './agent-draft'
import { changeAgent, deleteAgent, registerAgent } from './agent-registration'

const ORIGIN = 'https://latchkey.test'
const TRIAGE = 'agent-support-triage'
const FACTS: AgentFacts = {
  name: 'Night Watch',
  description: 'Watches.',
  framework: 'LangGraph',
  deployment: 'Custom',
  url: 'https://agents.acme.test/night',
  tags: ['ops', 'night'],
  live: true,
}
const DRAFT: AgentDraft = { ...FACTS, url: 'https://agents.acme.test/night', tags: 'Ops, night', live: 'on' }

let ada: MemberAct
let cat: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  cat = await actNamed('cat')
})

const lastEntry = () => one('SELECT kind, actor_id, member_id, before, after FROM activity ORDER BY at DESC, id DESC LIMIT 1')
const read = async () => {
  const [agent] = await agentAgain(ada, TRIAGE)
  if (!agent) throw new Error('the agent is gone')
  return agent
}
const change = async (by: MemberAct, facts: Partial<AgentFacts>) => changeAgent(by, await read(), facts)

describe('a draft', () => {
  it('becomes facts: tags in lower case, each once', () => {
    const draft = { ...DRAFT, name: ' Night\n Watch ', tags: 'Ops,, night , OPS' }
    expect(checkAgent(draft, ORIGIN)).toEqual({ facts: FACTS })
  })

  it('without a URL is not connected', () => {
    expect(checkAgent({ ...DRAFT, url: '  ' }, ORIGIN)).toEqual({ facts: { ...FACTS, url: null } })
  })

  it('may fill every field to its limit', () => {
    const tags = Array.from({ length: 10 }, (_, i) => `${i}${'😀'.repeat(29)}`)
    const full = { ...DRAFT, name: '😀'.repeat(80), description: '😀'.repeat(500), tags: tags.join() }
    expect(checkAgent(full, ORIGIN)).toMatchObject({ facts: { name: full.name, description: full.description, tags } })
  })

  it.each<[string, Partial<AgentDraft>, object]>([
    ['no name', { name: ' \u202E ' }, { name: 'missing' }],
    ['a description of 501 characters', { description: 'x'.repeat(501) }, { description: 'too_long' }],
    ['a URL that runs', { url: 'javascript:alert(1)' }, { url: 'not_https' }],
    ['11 tags', { tags: '1,2,3,4,5,6,7,8,9,10,11' }, { tags: 'too_many' }],
    ['a tag of 31 characters', { tags: 'x'.repeat(31) }, { tags: 'too_long' }],
    [
      'several of these',
      { name: '', url: 'http://x.test', tags: 'x'.repeat(31) },
      { name: 'missing', url: 'not_https', tags: 'too_long' },
    ],
  ])('is refused with %s', (_, fields, problems) => {
    expect(checkAgent({ ...DRAFT, ...fields }, ORIGIN)).toEqual({ problems })
  })
})

describe('a new agent', () => {
  it('belongs to the workspace and enters no list', async () => {
    await run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")
    await run("INSERT INTO member_agents VALUES ('acme', 'bob', ?)", TRIAGE)
    const id = await registerAgent(ada, FACTS)

    expect(await one('SELECT tenant_id, name, tags, live FROM agents WHERE id = ?', id)).toEqual({
      tenant_id: 'acme',
      name: 'Night Watch',
      tags: '["ops","night"]',
      live: 1,
    })
    expect(await all('SELECT agent_id FROM member_agents')).toEqual([{ agent_id: TRIAGE }])
    expect(await lastEntry()).toMatchObject({ kind: 'agent_registered', actor_id: 'ada', after: '{"agent":"Night Watch"}' })
  })
})

describe('changing an agent', () => {
  it('leaves what is not named as it is, and tells only what changed', async () => {
    const before = await one('SELECT * FROM agents WHERE id = ?', TRIAGE)
    expect(await change(ada, { live: false })).toBe(true)

    expect(await one('SELECT * FROM agents WHERE id = ?', TRIAGE)).toEqual({ ...before, live: 0, version: 2 })
    expect(await lastEntry()).toEqual({
      kind: 'agent_changed',
      actor_id: 'ada',
      member_id: null,
      before: '{"live":"on","agent":"Support Triage"}',
      after: '{"live":"off","agent":"Support Triage"}',
    })
  })

  it('tells a new name, a lost URL and new tags', async () => {
    await change(ada, { name: 'Triage', url: null, tags: ['support'] })
    const { before, after } = (await lastEntry()) as { before: string; after: string }

    expect(JSON.parse(before)).toEqual({
      agent: 'Support Triage',
      url: 'https://agents.acme.test/support-triage',
      tags: 'support, email',
    })
    expect(JSON.parse(after)).toEqual({ agent: 'Triage', url: null, tags: 'support' })
  })

  it('to what it is already leaves no entry', async () => {
    const before = await dump()
    expect(await change(ada, { live: true, tags: ['support', 'email'] })).toBe(true)
    expect(await dump()).toEqual(before)
  })
})

describe('an agent that somebody changed since it was read', () => {
  it('is left as it is', async () => {
    const agent = await read()
    await change(ada, { url: 'https://new.acme.test/' })
    const before = await dump()
    expect(await changeAgent(ada, agent, { tags: ['late'] })).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('is changed by one of many at once, each version by one', async () => {
    await tryOften(async (i) => {
      const agent = await read()
      const won = await together((j) => changeAgent(ada, agent, { description: `${i} ${j}` }))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect((await read()).version).toBe(agent.version + 1)
    })
    expect(await all("SELECT 1 FROM activity WHERE kind = 'agent_changed'")).toHaveLength(TRIES)
  })

  it('and that is gone by now is not changed', async () => {
    const agent = await read()
    await deleteAgent(ada, TRIAGE)
    const before = await dump()
    expect(await changeAgent(ada, agent, { live: false })).toBe(false)
    expect(await dump()).toEqual(before)
  })
})

describe('deleting an agent', () => {
  it('takes it out of every list and leaves a list that holds nothing else empty', async () => {
    await run("UPDATE members SET agent_mode = 'list' WHERE id IN ('bob', 'pia')")
    await run(
      "INSERT INTO member_agents VALUES ('acme', 'bob', ?1), ('acme', 'pia', ?1), ('acme', 'pia', 'agent-release-notes')",
      TRIAGE,
    )
    expect(await deleteAgent(ada, TRIAGE)).toBe(true)

    expect(await all('SELECT member_id, agent_id FROM member_agents')).toEqual([
      { member_id: 'pia', agent_id: 'agent-release-notes' },
    ])
    expect(await one("SELECT agent_mode FROM members WHERE id = 'bob'")).toEqual({ agent_mode: 'list' })
    expect(await lastEntry()).toMatchObject({
      kind: 'agent_deleted',
      before: `{"agent":"Support Triage","id":"${TRIAGE}"}`,
      after: null,
    })
  })

  it('twice is done once', async () => {
    await deleteAgent(ada, TRIAGE)
    const before = await dump()
    expect(await deleteAgent(ada, TRIAGE)).toBe(false)
    expect(await dump()).toEqual(before)
  })
})

it('the admin of another workspace changes and deletes nothing', async () => {
  const before = await dump()

  expect(await change(cat, { name: 'Mine' })).toBe(false)
  expect(await deleteAgent(cat, TRIAGE)).toBe(false)
  expect(await dump()).toEqual(before)
})
