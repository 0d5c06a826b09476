import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, NO_CAPS, typed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import type { MemberAct } from '../core/act'
import { ownSettings, toOwnSettings } from '../presets/own-settings'
import { createPreset } from '../presets/preset'
import { invite } from './invite'
import type { InvitedPreset } from './invited-preset'

let ada: MemberAct
let support: string
const END = Date.UTC(2099, 0, 1)

beforeEach(async () => {
  ada = await actNamed('ada')
  const made = await createPreset(ada, {
    name: 'Support team',
    sections: ['logs'],
    mode: 'list',
    agents: ['agent-support-triage'],
    endsAt: END,
  })
  support = 'id' in made ? made.id : ''
})

const draft = {
  address: typed('nell@acme.test'),
  role: 'user' as const,
  note: null,
  overrides: {},
  agentMode: undefined,
  agentIds: [],
}
const invited = async (preset: InvitedPreset, role: 'user' | 'admin' = 'user') => {
  const made = await invite(ada, { ...draft, role, preset }, NO_CAPS)
  return 'reason' in made ? made.reason : made.memberId
}
const own = async (id: string) => toOwnSettings(await ownSettings({ ...ada, secretHash: '' }, id))
const ALL_OFF = {
  agents: 'off',
  traces: 'off',
  logs: 'off',
  eval: 'off',
  session: 'off',
  prompts: 'off',
  'mcp-debug': 'off',
} as const

describe('an invitation with a preset', () => {
  it('gives what it says, its end date too', async () => {
    const id = await invited({ id: support, own: undefined })
    const { preset, sections, agents } = await own(id)
    expect(preset).toEqual({ id: support, name: 'Support team', since: ada.now, differences: [] })
    expect([sections.logs, agents]).toEqual([
      { by: 'preset', at: ada.now },
      { by: 'preset', at: ada.now },
    ])
    expect(await one('SELECT ends_at FROM members WHERE id = ?', id)).toEqual({ ends_at: END })
  })

  it('keeps what was changed before it was sent as the person’s own', async () => {
    const access = {
      sections: { ...ALL_OFF, logs: 'on', eval: 'on' },
      mode: 'list',
      agents: ['agent-release-notes'],
      endsAt: null,
    } as const
    const id = await invited({ id: support, own: { ...access, agents: [...access.agents] } })
    const { preset, sections, agents } = await own(id)
    expect(preset?.differences.toSorted()).toEqual(['eval', '~agents', '~ends_at'].toSorted())
    expect([sections.logs?.by, sections.eval?.by, agents?.by]).toEqual(['preset', 'person', 'person'])
    expect(await all('SELECT agent_id FROM member_agents WHERE member_id = ?', id)).toEqual([{ agent_id: 'agent-release-notes' }])
  })

  it('with the same access as it says differs in nothing', async () => {
    const access = { sections: { ...ALL_OFF, logs: 'on' }, mode: 'list', agents: ['agent-support-triage'], endsAt: END } as const
    const { preset, sections, agents } = await own(await invited({ id: support, own: { ...access, agents: [...access.agents] } }))
    expect(preset?.differences).toEqual([])
    expect([sections.logs?.by, sections.eval?.by, agents?.by]).toEqual(['preset', 'preset', 'preset'])
  })

  it('that is gone, over or of another workspace is refused, and nobody is invited', async () => {
    await run(
      "INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, created_at) VALUES ('globex-1', 'globex', 'G', 'g', 'all', 1)",
    )
    await run('UPDATE presets SET ends_at = 5 WHERE id = ?', support)
    const before = await dump()
    expect(await invited({ id: 'none', own: undefined })).toBe('no_preset')
    expect(await invited({ id: 'globex-1', own: undefined })).toBe('no_preset')
    expect(await invited({ id: support, own: undefined })).toBe('preset_over')
    expect(await dump()).toEqual(before)
  })

  it('gives a Tenant Admin nothing of it', async () => {
    const id = await invited({ id: support, own: undefined }, 'admin')
    expect(await one('SELECT preset_id, agent_mode, ends_at FROM members WHERE id = ?', id)).toEqual({
      preset_id: null,
      agent_mode: 'all',
      ends_at: null,
    })
  })
})
