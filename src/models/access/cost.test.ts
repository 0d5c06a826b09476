import { beforeEach, expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { run } from '../../../test/database'
import { metered, moreAgents, people } from '../../../test/people'
import type { MemberAct } from '../core/act'
import { undo, undoOf } from '../undo/undo'
import { setAgent, setAgents } from './agent-access'
import { setSectionDefault, setSections } from './permission'

let ada: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
})

/** Everybody has a list of agents and a cell of their own. */
async function crowd(count: number) {
  const ids = JSON.stringify(await people(count))
  await moreAgents(count)
  await run(
    "INSERT INTO member_sections (tenant_id, member_id, section, access) SELECT 'acme', value, 'logs', 'off' FROM json_each(?)",
    ids,
  )
  await run("INSERT INTO member_agents SELECT 'acme', value, 'agent-release-notes' FROM json_each(?)", ids)
}

async function costOf(act: (ada: MemberAct) => Promise<unknown>) {
  const { db, bill } = metered()
  await act({ ...ada, db })
  return bill
}

const undone = async (act: MemberAct, change: { undo: string | undefined } | { reason: string }) => {
  const [found] = await undoOf({ ...act, secretHash: '' }, 'undo' in change ? (change.undo ?? '') : '')
  return found ? undo(act, found) : undefined
}

const CHANGES: [string, (act: MemberAct) => Promise<unknown>][] = [
  ['a cell', (act) => setSections(act, [{ member: 'bob', section: 'traces', access: 'off' }])],
  ['a cell and its undo', async (act) => undone(act, await setSections(act, [{ member: 'bob', section: 'eval', access: 'off' }]))],
  ['a default', (act) => setSectionDefault(act, { section: 'prompts', access: 'off' })],
  ['a list', (act) => setAgents(act, { member: 'bob', mode: 'list', agents: ['agent-release-notes', 'agent-support-triage'] })],
  ['an agent of a list', (act) => setAgent(act, { member: 'bob', agent: 'agent-release-notes', access: 'off' })],
  [
    'an agent and its undo',
    async (act) => undone(act, await setAgent(act, { member: 'bob', agent: 'agent-support-triage', access: 'on' })),
  ],
]

it.each(CHANGES)('%s costs little, whoever else there is', async (_, act) => {
  await crowd(1000)
  await setAgents(ada, { member: 'bob', mode: 'list', agents: ['agent-release-notes'] })
  const { read, written } = await costOf(act)
  expect(written).toBeGreaterThan(0)
  expect(read).toBeLessThanOrEqual(260)
  expect(written).toBeLessThanOrEqual(30)
})
