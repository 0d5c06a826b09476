import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { all, run } from '../../../test/database'
import { connect } from '../../db/connect'
import { agentColumns, toAgentColumns } from '../access/agent-access-page'
import type { MemberAct } from '../core/act'
import { PAGE_AGENTS } from '../core/paging'
import { rekeyAgents } from '../workspace/rekey'
import { changeAgent, registerAgent } from './agent-registration'

const db = connect(env.DB)
let ada: MemberAct
const FACTS = { description: '', framework: '', deployment: '', url: null, tags: [], live: true }

beforeEach(async () => {
  ada = await actNamed('ada')
  await run("DELETE FROM agents WHERE tenant_id = 'acme'")
  await rekeyAgents(db)
})

async function names(agentQ = '', agentsAfter = '') {
  const at = { db, secretHash: '', tenantId: 'acme', now: Date.now() }
  return toAgentColumns(await agentColumns(at, { q: '', cursor: '', agentQ, agentsAfter }))
}
const named = async (q?: string) => (await names(q)).agents.map(({ name }) => name)

it('agents are sorted as people read their names, and found whatever case and accents are typed', async () => {
  for (const name of ['zeta', 'Émile', 'alpha', 'Beta', 'Éclair Bot']) await registerAgent(ada, { ...FACTS, name })
  expect(await named()).toEqual(['alpha', 'Beta', 'Éclair Bot', 'Émile', 'zeta'])
  expect([await named('ÉMILE'), await named('bot eclair'), await named('ta'), await named('b')]).toEqual([
    ['Émile'],
    ['Éclair Bot'],
    [],
    ['Beta', 'Éclair Bot'],
  ])
})

it('a page of agents begins after the last of the one before, also among namesakes', async () => {
  for (let i = 0; i < PAGE_AGENTS + 5; i++) await registerAgent(ada, { ...FACTS, name: i % 2 ? 'Écho' : 'echo' })
  const first = await names()
  const second = await names('', first.agentsNext)
  const ids = [...first.agents, ...second.agents].map(({ id }) => id)
  expect([first.agents.length, second.agents.length, new Set(ids).size]).toEqual([PAGE_AGENTS, 5, PAGE_AGENTS + 5])
})

it('a new name is what an agent is found by, and one written without a key is keyed by the Cron', async () => {
  const id = await registerAgent(ada, { ...FACTS, name: 'Old' })
  await changeAgent(ada, { ...FACTS, id, name: 'Old', version: 1 }, { name: 'Ünlü' })
  expect([await named('old'), await named('unlu')]).toEqual([[], ['Ünlü']])

  await run("UPDATE agents SET name = 'Öl' WHERE tenant_id = 'acme'")
  await run(`INSERT INTO agents (id, tenant_id, name, description, framework, deployment, tags, live, created_at)
    VALUES ('new', 'acme', 'ÉTÉ', '', '', '', '[]', 1, 1)`)
  expect([await rekeyAgents(db), await rekeyAgents(db)]).toEqual([2, 0])
  expect(await all('SELECT search_key AS key FROM agents WHERE tenant_id = ? ORDER BY 1', 'acme')).toEqual([
    { key: 'ete' },
    { key: 'ol' },
  ])
})
