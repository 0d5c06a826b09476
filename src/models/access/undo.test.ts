import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { moreAgents, people } from '../../../test/people'
import { deleteAgent } from '../agents/agent-registration'
import type { MemberAct } from '../core/act'
import { undo, undoOf } from '../undo/undo'
import { setAgent, setAgents } from './agent-access'
import { type SectionAccess, setSectionDefault, setSections, type Wanted } from './permission'

let ada: MemberAct
let triage: string
let reader: string

beforeEach(async () => {
  ada = await actNamed('ada')
  triage = 'agent-support-triage'
  reader = 'agent-contract-reader'
})

type Change = { undo: string | undefined } | { reason: string }

async function press(change: Change | string | undefined, now = Date.now() + 1000) {
  const id = typeof change === 'object' && 'undo' in change ? change.undo : change
  if (typeof id !== 'string') throw new Error('nothing to undo')
  const [found] = await undoOf({ ...ada, secretHash: '' }, id)
  if (!found) throw new Error('no such undo')
  return undo({ ...ada, now }, found)
}

const cells = (access: SectionAccess, ...members: string[]): Wanted[] =>
  members.map((member) => ({ member, section: 'traces', access }))
const own = () => all('SELECT member_id, access FROM member_sections ORDER BY 1')
const access = async (id: string) => ({
  mode: (await one<{ agent_mode: string }>('SELECT agent_mode FROM members WHERE id = ?', id))?.agent_mode,
  agents: (await all<{ agent_id: string }>('SELECT agent_id FROM member_agents WHERE member_id = ? ORDER BY 1', id)).map(
    (row) => row.agent_id,
  ),
})
const lastEntry = () => one('SELECT kind, member_id, before, after FROM activity ORDER BY at DESC, id DESC LIMIT 1')

describe('the undo of sections', () => {
  it('gives each back what they had, with an entry each', async () => {
    await setSections(ada, cells('on', 'bob'))
    const before = await own()
    const change = await setSections(ada, cells('off', 'bob', 'pia', 'dov'))
    expect(await press(change)).toMatchObject({ restored: 3, left: 0 })
    expect(await own()).toEqual(before)
    expect(
      (await all("SELECT after FROM activity WHERE kind = 'section_changed' ORDER BY at, substr(id, 1, 4), member_id")).slice(-3),
    ).toEqual([{ after: '{"traces":"on"}' }, { after: '{"traces":"default"}' }, { after: '{"traces":"default"}' }])
  })

  it('leaves what was changed since, an admin of now and somebody deleted', async () => {
    const change = await setSections(ada, cells('off', 'bob', 'pia', 'dov', (await people(1))[0] ?? ''))
    await setSections(ada, cells('on', 'bob'))
    await run("DELETE FROM members WHERE id = 'dov'")
    await run("UPDATE members SET role = 'admin' WHERE id = 'pia'")
    expect(await press(change)).toMatchObject({ restored: 1, left: 3 })
    expect(await own()).toEqual([
      { member_id: 'bob', access: 'on' },
      { member_id: 'pia', access: 'off' },
    ])
  })

  it('pressed a second time does nothing', async () => {
    const change = await setSections(ada, cells('off', 'bob'))
    await press(change)
    await setSections(ada, cells('off', 'bob'))
    const before = await dump()
    expect(await press(change)).toEqual({ reason: 'over' })
    expect(await dump()).toEqual(before)
  })

  it('too late leaves everything, the kept values too', async () => {
    const change = await setSections(ada, cells('off', 'bob'))
    await setSections(ada, cells('on', 'bob'))
    const before = await dump()
    expect(await press(change, Date.now() + 11 * 60_000)).toEqual({ reason: 'over' })
    expect(await dump()).toEqual(before)
  })
})

describe('the undo of a default', () => {
  it('brings it back while it is so', async () => {
    expect(await press(await setSectionDefault(ada, { section: 'eval', access: 'off' }))).toMatchObject({ restored: 1, left: 0 })
    expect(await all("SELECT access FROM section_defaults WHERE tenant_id = 'acme'")).toEqual([{ access: 'on' }])
    expect(await lastEntry()).toEqual({
      kind: 'section_default_changed',
      member_id: null,
      before: '{"eval":"off"}',
      after: '{"eval":"on"}',
    })
  })

  it('leaves it when somebody set it since', async () => {
    const off = await setSectionDefault(ada, { section: 'eval', access: 'off' })
    await setSectionDefault(ada, { section: 'eval', access: 'on' })
    const before = await all('SELECT * FROM activity')
    expect(await press(off)).toMatchObject({ restored: 0, left: 1 })
    expect(await all('SELECT * FROM activity')).toEqual(before)
  })
})

describe('the undo of agents', () => {
  it('brings back all, and the list that was kept under it', async () => {
    await setAgents(ada, { member: 'bob', mode: 'list', agents: [reader] })
    await setAgents(ada, { member: 'bob', mode: 'all', agents: [] })
    const before = await access('bob')
    const change = await setAgent(ada, { member: 'bob', agent: triage, access: 'off' })
    expect(await press(change)).toMatchObject({ restored: 1, left: 0 })
    expect(await access('bob')).toEqual(before)
  })

  it('of one agent in a list names it in the log', async () => {
    await setAgents(ada, { member: 'bob', mode: 'list', agents: [reader, triage] })
    const before = await access('bob')
    await press(await setAgent(ada, { member: 'bob', agent: triage, access: 'off' }))
    expect(await access('bob')).toEqual(before)
    expect(await lastEntry()).toMatchObject({ before: '{"Support Triage":"off"}', after: '{"Support Triage":"on"}' })
  })

  it('of a list of 500 brings back every one', async () => {
    const many = await moreAgents(500)
    await setAgents(ada, { member: 'bob', mode: 'list', agents: many })
    const change = await setAgents(ada, { member: 'bob', mode: 'list', agents: [reader] })
    expect(await press(change)).toMatchObject({ restored: 1, left: 0 })
    expect(await access('bob')).toEqual({ mode: 'list', agents: many })
  })

  it('leaves a list that was changed since', async () => {
    const change = await setAgents(ada, { member: 'bob', mode: 'list', agents: [reader] })
    await setAgent(ada, { member: 'bob', agent: triage, access: 'on' })
    expect(await press(change)).toMatchObject({ restored: 0, left: 1 })
    expect(await access('bob')).toEqual({ mode: 'list', agents: [reader, triage] })
  })

  it('does not miss an agent that was deleted since', async () => {
    await setAgents(ada, { member: 'bob', mode: 'list', agents: [triage, reader] })
    const change = await setAgents(ada, { member: 'bob', mode: 'all', agents: [] })
    await deleteAgent(ada, triage)
    expect(await press(change)).toMatchObject({ restored: 1, left: 0 })
    expect(await access('bob')).toEqual({ mode: 'list', agents: [reader] })
  })

  it('leaves an admin of now', async () => {
    const change = await setAgents(ada, { member: 'bob', mode: 'list', agents: [reader] })
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    expect(await press(change)).toMatchObject({ restored: 0, left: 1 })
    expect(await access('bob')).toEqual({ mode: 'list', agents: [reader] })
  })
})
