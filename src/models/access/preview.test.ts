import { beforeEach, expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { run } from '../../../test/database'
import type { Place } from '../members/viewer'
import { agentsOfDraft, agentsOfMember } from './preview'

const TRIAGE = 'agent-support-triage'
const READER = 'agent-contract-reader'
let at: Place

beforeEach(async () => {
  at = { ...(await actNamed('ada')), secretHash: '' }
  await run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")
  await run("INSERT INTO member_agents VALUES ('acme', 'bob', ?), ('acme', 'bob', ?)", TRIAGE, READER)
  await run('UPDATE agents SET url = NULL WHERE id = ?', READER)
})

it.each([
  ['a member', () => agentsOfMember(at, 'bob')],
  ['a draft', () => agentsOfDraft(at, { role: 'user', agentMode: 'list', agentIds: [TRIAGE, READER] })],
])('the agents of %s tell which of them lead somewhere, and not where', async (_, read) => {
  const agents = await read()
  expect(agents.map(({ id, connected }) => [id, connected])).toEqual([
    [READER, false],
    [TRIAGE, true],
  ])
  expect(agents.flatMap((agent) => Object.keys(agent))).not.toContain('url')
})

it('a list that is kept while the mode is all hides nothing', async () => {
  await run("UPDATE members SET agent_mode = 'all' WHERE id = 'bob'")
  expect(await agentsOfMember(at, 'bob')).toHaveLength(5)
})
