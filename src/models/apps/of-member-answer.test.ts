import fc from 'fast-check'
import { expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { run } from '../../../test/database'
import { connected } from '../../../test/tool'
import { startOver } from '../../../test/world'
import type { AgentMode, Role } from '../access/access'
import { CONFIGURABLE, SECTIONS } from '../access/section'
import { answerOf } from './answer'
import { appsOfMember } from './of-member'

const AGENT = 'agent-support-triage'
const settings = fc.dictionary(
  fc.constantFrom(...CONFIGURABLE.map(({ slug }) => slug)),
  fc.constantFrom('on' as const, 'off' as const),
)
const WORLD = fc.record({
  role: fc.constantFrom<Role>('user', 'user', 'user', 'admin'),
  defaults: settings,
  overrides: settings,
  mode: fc.constantFrom<AgentMode>('all', 'list'),
  listed: fc.boolean(),
})
const FACTOR = { factors: 0, factorAt: 0, dueAt: undefined }

it('what an admin reads of somebody’s apps is what each app is answered', async () => {
  await startOver()
  const ada = await actNamed('ada')
  for (const { slug, kind } of SECTIONS) await connected({ id: slug, section: slug, for_admins: kind === 'admin_only' ? 1 : 0 })
  await connected({ id: 'an agent', section: null, agent_id: AGENT })
  await connected({ id: 'everything', section: null })
  for (const world of fc.sample(WORLD, 60)) {
    await build(world)
    const seesAgent = world.role === 'admin' || world.mode === 'all' || world.listed
    for (const { appId, section, agent, allowed } of await appsOfMember(ada, 'bob')) {
      const answer = answerOf({ section, agentId: agent && AGENT }, { ...world, seesAgent, factor: FACTOR }, ada.now)
      expect([appId, allowed === 1], JSON.stringify(world)).toEqual([appId, answer === 'yes'])
    }
  }
})

async function build({ role, defaults, overrides, mode, listed }: typeof WORLD extends fc.Arbitrary<infer W> ? W : never) {
  for (const table of ['member_sections', 'section_defaults', 'member_agents']) await run(`DELETE FROM ${table}`)
  for (const [section, access] of Object.entries(defaults))
    await run("INSERT INTO section_defaults (tenant_id, section, access) VALUES ('acme', ?, ?)", section, access)
  for (const [section, access] of Object.entries(overrides))
    await run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', ?, ?)", section, access)
  if (listed) await run("INSERT INTO member_agents (tenant_id, member_id, agent_id) VALUES ('acme', 'bob', ?)", AGENT)
  await run("UPDATE members SET role = ?, agent_mode = ? WHERE id = 'bob'", role, mode)
}
