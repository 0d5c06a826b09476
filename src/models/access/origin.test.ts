import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, typed } from '../../../test/cast'
import { run } from '../../../test/database'
import type { MemberAct } from '../core/act'
import { invite } from '../invitations/invite'
import { setPreset } from '../presets/member-preset'
import { ownSettings, toOwnSettings } from '../presets/own-settings'
import { createPreset, deletePreset } from '../presets/preset'
import { undo, undoOf } from '../undo/undo'
import { editAgents, setAgent, setAgentColumn, setAgents } from './agent-access'
import { setSections } from './permission'

let ada: MemberAct
let support: string

beforeEach(async () => {
  ada = await actNamed('ada')
  const made = await createPreset(ada, { name: 'Support team', sections: ['logs'], mode: 'list', agents: [], endsAt: null })
  support = 'id' in made ? made.id : ''
})

const at = (later: number): MemberAct => ({ ...ada, now: ada.now + later })
const own = async (id: string) => toOwnSettings(await ownSettings({ ...ada, secretHash: '' }, id))
const byAda = (later: number) => ({ by: 'person', name: 'Ada Admin', at: ada.now + later })
const cell = (member: string, section: 'traces' | 'logs', access: 'on' | 'off' | 'default') =>
  ({ member, section, access }) as const

describe('a section', () => {
  it('says who set it last and when, whether in a cell, a column or by an undo', async () => {
    await setSections(at(1), [cell('bob', 'traces', 'off'), cell('pia', 'traces', 'off')])
    expect((await own('bob')).sections).toEqual({ traces: byAda(1) })
    const set = await setSections(at(2), [cell('bob', 'traces', 'on')])
    expect((await own('bob')).sections).toEqual({ traces: byAda(2) })
    const [again] = await undoOf({ ...ada, secretHash: '' }, 'undo' in set ? (set.undo ?? '') : '')
    if (again) await undo(at(4), again)
    expect((await own('bob')).sections).toEqual({ traces: byAda(4) })
    expect((await own('pia')).sections).toEqual({ traces: byAda(1) })
  })

  it('that follows the default has nothing to say, and one from before nothing but that it is their own', async () => {
    await run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', 'eval', 'off')")
    expect((await own('bob')).sections).toEqual({ eval: { by: 'unknown' } })
  })

  it('came from the preset until it is set by hand, and then from whoever did so', async () => {
    await setPreset(at(1), { id: 'bob' }, support)
    await setSections(at(2), [cell('bob', 'traces', 'on')])
    const { preset, sections, agents } = await own('bob')
    expect(preset).toEqual({ id: support, name: 'Support team', since: ada.now + 1, differences: ['traces'] })
    expect(sections.traces).toEqual(byAda(2))
    expect(sections.logs).toEqual({ by: 'preset', at: ada.now + 1 })
    expect(agents).toEqual({ by: 'preset', at: ada.now + 1 })
  })

  it('of a preset that was taken away or deleted was set by whoever gave it', async () => {
    for (const id of ['bob', 'pia']) await setPreset(at(1), { id }, support)
    await setPreset(at(2), { id: 'bob' }, undefined)
    expect(await own('bob')).toMatchObject({ preset: undefined, sections: { logs: byAda(1) }, agents: byAda(1) })
    await deletePreset(ada, support)
    expect(await own('pia')).toMatchObject({ preset: undefined, sections: { logs: byAda(1) } })
  })

  it('names nobody who is gone', async () => {
    await setSections(at(1), [cell('bob', 'traces', 'off')])
    await run("UPDATE member_sections SET by_id = 'gone'")
    expect((await own('bob')).sections).toEqual({ traces: { by: 'person', name: null, at: ada.now + 1 } })
  })
})

describe('agents', () => {
  const CHANGES: [string, (act: MemberAct) => Promise<unknown>][] = [
    ['a mode', (act) => setAgents(act, { member: 'bob', mode: 'list', agents: [] })],
    ['one of them', (act) => setAgent(act, { member: 'bob', agent: 'agent-support-triage', access: 'off' })],
    ['a column', (act) => setAgentColumn(act, { members: ['bob'], agent: 'agent-support-triage', access: 'off' })],
    ['their page', (act) => editAgents(act, { member: 'bob', mode: 'list', agents: [], shown: { mode: 'all', agents: [] } })],
  ]
  it.each(CHANGES)('say who changed %s and when', async (_, change) => {
    expect((await own('bob')).agents).toBeUndefined()
    await change(at(7))
    expect((await own('bob')).agents).toEqual(byAda(7))
  })

  it('of another agent in the same list too, where the mode stays', async () => {
    await setAgents(at(1), { member: 'bob', mode: 'list', agents: ['agent-support-triage'] })
    await setAgent(at(2), { member: 'bob', agent: 'agent-support-triage', access: 'off' })
    expect((await own('bob')).agents).toEqual(byAda(2))
  })
})

describe('an invitation', () => {
  const draft = (email: string) => ({
    address: typed(email),
    role: 'user' as const,
    note: null,
    overrides: {},
    agentMode: undefined,
    agentIds: [],
  })
  const invited = async (given: object) => {
    const made = await invite(ada, { ...draft(`${crypto.randomUUID()}@acme.test`), ...given }, NO_CAPS)
    return own('memberId' in made ? (made.memberId ?? '') : '')
  }

  it('says who chose what differs from the defaults', async () => {
    const { sections, agents } = await invited({
      overrides: { eval: 'off' },
      agentMode: 'list',
      agentIds: ['agent-support-triage'],
    })
    expect([sections, agents]).toEqual([{ eval: byAda(0) }, byAda(0)])
  })

  it('with the agents that the workspace gives leaves nobody’s name on them', async () => {
    expect((await invited({ agentMode: 'all' })).agents).toBeUndefined()
    expect((await own((await invitee(ada)).memberId)).agents).toBeUndefined()
  })
})
