import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actorFor, invitee, viewerNamed } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { connect } from '../../db/connect'
import type { Viewer } from '../members/viewer'
import { checkSettings, type SettingsDraft, saveSettings, settingsDocument, toSettingsDraft } from './settings'

const db = connect(env.DB)
const ORIGIN = 'https://latchkey.test'
const SHIPPED: SettingsDraft = {
  name: 'Acme',
  lifetime_hours: '72',
  default_agent_mode: 'all',
  address_retention_days: '90',
  reminders: 'on',
}

let ada: Viewer

beforeEach(async () => {
  ada = await viewerNamed('ada')
})

const current = async () => toSettingsDraft((await settingsDocument(db, 'acme'))[0]?.settings ?? '')

async function save(draft: Partial<SettingsDraft>) {
  const checked = checkSettings({ ...(await current()), ...draft }, ORIGIN)
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems))
  await saveSettings(db, ada, actorFor(ada), checked.settings, Date.now())
}

const changes = async () => {
  const rows = await all<{ before: string; after: string }>(
    "SELECT before, after FROM activity WHERE kind = 'settings_changed' ORDER BY rowid",
  )
  return rows.map(({ before, after }) => [JSON.parse(before), JSON.parse(after)])
}

it('ship as SPEC section 7 says', async () => {
  expect(await current()).toEqual(SHIPPED)
})

describe('saving', () => {
  it('keeps every setting, and the other workspace its own', async () => {
    const draft = {
      ...SHIPPED,
      name: 'Acme GmbH',
      lifetime_hours: '1',
      default_agent_mode: 'list' as const,
      address_retention_days: '365',
      reminders: 'off' as const,
    }
    await save({ ...draft, url_traces: 'https://traces.example.com', 'url_mcp-debug': '/debug' })

    expect(await current()).toEqual({ ...draft, url_traces: 'https://traces.example.com/', 'url_mcp-debug': '/debug' })
    expect(await one("SELECT name, invitation_lifetime_ms FROM tenants WHERE id = 'globex'")).toEqual({
      name: 'Globex',
      invitation_lifetime_ms: 72 * 3_600_000,
    })
    expect(await all("SELECT 1 FROM section_urls WHERE tenant_id <> 'acme'")).toEqual([])
  })

  it('tells what changed and nothing else', async () => {
    await save({ url_traces: 'https://one.example' })
    await save({ url_traces: 'https://two.example', lifetime_hours: '24' })
    await save({ url_traces: '' })
    await save({})

    expect(await changes()).toEqual([
      [{}, { url_traces: 'https://one.example/' }],
      [
        { url_traces: 'https://one.example/', lifetime_hours: 72 },
        { url_traces: 'https://two.example/', lifetime_hours: 24 },
      ],
      [{ url_traces: 'https://two.example/' }, { url_traces: null }],
    ])
  })

  it('an empty address disconnects a section, and leaves the others and those of other workspaces', async () => {
    await run("INSERT INTO section_urls VALUES ('globex', 'traces', 'https://traces.globex.test/')")
    await save({ url_traces: 'https://traces.example', url_logs: 'https://logs.example' })
    await save({ url_traces: ' ' })

    expect(await all('SELECT tenant_id, section FROM section_urls ORDER BY tenant_id')).toEqual([
      { tenant_id: 'acme', section: 'logs' },
      { tenant_id: 'globex', section: 'traces' },
    ])
  })

  it('a lifetime counts for the next invitation, not for those on their way', async () => {
    const before = await one("SELECT expires_at FROM invitations WHERE member_id = 'pia'")
    await save({ lifetime_hours: '1' })
    const { memberId } = await invitee(ada)

    expect(await one("SELECT expires_at FROM invitations WHERE member_id = 'pia'")).toEqual(before)
    expect(await one('SELECT expires_at - created_at AS ms FROM invitations WHERE member_id = ?', memberId)).toEqual({
      ms: 3_600_000,
    })
  })

  it('that fails half-way changes nothing', async () => {
    await run("CREATE TRIGGER trouble BEFORE INSERT ON section_urls BEGIN SELECT RAISE(ABORT, 'trouble'); END")

    await expect(save({ name: 'Half', url_traces: 'https://traces.example' })).rejects.toThrow()
    expect(await current()).toEqual(SHIPPED)
    expect(await changes()).toEqual([])
  })
})

describe('refused', () => {
  it.each<[string, Partial<SettingsDraft>, object]>([
    ['no name', { name: ' ' }, { name: 'missing' }],
    ['no lifetime', { lifetime_hours: '0' }, { lifetime_hours: 'out_of_range' }],
    ['a lifetime of more than 30 days', { lifetime_hours: '721' }, { lifetime_hours: 'out_of_range' }],
    ['half an hour', { lifetime_hours: '0.5' }, { lifetime_hours: 'out_of_range' }],
    ['a lifetime in words', { lifetime_hours: '1e2' }, { lifetime_hours: 'out_of_range' }],
    ['a retention of more than a year', { address_retention_days: '366' }, { address_retention_days: 'out_of_range' }],
    ['a section that runs', { url_logs: 'javascript:alert(1)' }, { url_logs: 'not_https' }],
    ['a section with a password', { url_billing: 'https://a:b@x.test' }, { url_billing: 'credentials' }],
  ])('is %s', (_, draft, problems) => {
    expect(checkSettings({ ...SHIPPED, ...draft }, ORIGIN)).toEqual({ problems })
  })

  it('is not the longest lifetime there is', () => {
    expect(checkSettings({ ...SHIPPED, lifetime_hours: '720' }, ORIGIN)).toMatchObject({ settings: { lifetime_hours: 720 } })
  })
})
