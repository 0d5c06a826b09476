import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { TRIES, together, tryOften } from '../../../test/race'
import { DAY_MS } from '../../limits'
import type { LinkedSection } from '../access/section'
import type { MemberAct } from '../core/act'
import { byLinked, saveSettings, settingsOf, toSettings } from './settings'
import { checkSettings, type SettingsDraft, toSettingsDraft } from './settings-draft'

const ORIGIN = 'https://latchkey.test'
const SHIPPED: SettingsDraft = {
  name: 'Acme',
  lifetimeHours: '72',
  defaultAgentMode: 'all',
  addressRetentionDays: '90',
  reminders: true,
  replyToInviter: true,
  allowedDomains: '',
  factorPolicy: 'optional',
  factorGraceDays: '0',
  metadataClients: false,
  urls: byLinked(() => ''),
}

let ada: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
})

const read = async () => toSettings(await settingsOf(ada))
const current = async () => {
  const { version: _, factorPolicyAt: __, ...settings } = await read()
  return toSettingsDraft(settings)
}

type Urls = Partial<Record<LinkedSection['slug'], string>>
type Changes = Partial<Omit<SettingsDraft, 'urls'>> & { urls?: Urls }

async function save({ urls, ...draft }: Changes, before?: Awaited<ReturnType<typeof read>>) {
  const settings = before ?? (await read())
  const { urls: shown, ...others } = toSettingsDraft(settings)
  const checked = checkSettings({ ...others, ...draft, urls: { ...shown, ...urls } }, ORIGIN)
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems))
  return saveSettings(ada, settings, checked.settings)
}

const changes = async () => {
  const rows = await all<{ before: string; after: string }>(
    "SELECT before, after FROM activity WHERE kind = 'settings_changed' ORDER BY at, id",
  )
  return rows.map(({ before, after }) => [JSON.parse(before), JSON.parse(after)])
}

it('ship with three days for a link and 90 for addresses', async () => {
  expect(await current()).toEqual(SHIPPED)
})

describe('saving', () => {
  it('keeps every setting, and the other workspace its own', async () => {
    const draft = {
      ...SHIPPED,
      name: 'Acme GmbH',
      lifetimeHours: '1',
      defaultAgentMode: 'list' as const,
      addressRetentionDays: '365',
      reminders: false,
    }
    await save({ ...draft, urls: { traces: 'https://traces.example.com', 'mcp-debug': '/debug' } })

    expect(await current()).toEqual({
      ...draft,
      urls: { ...SHIPPED.urls, traces: 'https://traces.example.com/', 'mcp-debug': '/debug' },
    })
    expect(await one("SELECT name, invitation_lifetime_ms FROM tenants WHERE id = 'globex'")).toEqual({
      name: 'Globex',
      invitation_lifetime_ms: 72 * 3_600_000,
    })
    expect(await all("SELECT 1 FROM section_urls WHERE tenant_id <> 'acme'")).toEqual([])
  })

  it('tells what changed and nothing else', async () => {
    await save({ urls: { traces: 'https://one.example' } })
    await save({ urls: { traces: 'https://two.example' }, lifetimeHours: '24' })
    await save({ urls: { traces: '' } })
    await save({})

    expect(await changes()).toEqual([
      [{ url_traces: null }, { url_traces: 'https://one.example/' }],
      [
        { url_traces: 'https://one.example/', lifetime_hours: 72 },
        { url_traces: 'https://two.example/', lifetime_hours: 24 },
      ],
      [{ url_traces: 'https://two.example/' }, { url_traces: null }],
    ])
  })

  it('an empty address disconnects a section, and leaves the others and those of other workspaces', async () => {
    await run("INSERT INTO section_urls VALUES ('globex', 'traces', 'https://traces.globex.test/')")
    await save({ urls: { traces: 'https://traces.example', logs: 'https://logs.example' } })
    await save({ urls: { traces: ' ' } })

    expect(await all('SELECT tenant_id, section FROM section_urls ORDER BY tenant_id')).toEqual([
      { tenant_id: 'acme', section: 'logs' },
      { tenant_id: 'globex', section: 'traces' },
    ])
  })

  it('a lifetime counts for the next invitation, not for those on their way', async () => {
    const before = await one("SELECT expires_at FROM invitations WHERE member_id = 'pia'")
    await save({ lifetimeHours: '1' })
    const { memberId } = await invitee(ada)

    expect(await one("SELECT expires_at FROM invitations WHERE member_id = 'pia'")).toEqual(before)
    expect(await one('SELECT expires_at - created_at AS ms FROM invitations WHERE member_id = ?', memberId)).toEqual({
      ms: 3_600_000,
    })
  })

  it('that fails half-way changes nothing', async () => {
    await run("CREATE TRIGGER trouble BEFORE INSERT ON section_urls BEGIN SELECT RAISE(ABORT, 'trouble'); END")

    await expect(save({ name: 'Half', urls: { traces: 'https://traces.example' } })).rejects.toThrow()
    expect(await current()).toEqual(SHIPPED)
    expect(await changes()).toEqual([])
  })
})

describe('what a workspace asks', () => {
  const asked = () =>
    one("SELECT factor_policy AS policy, factor_policy_at AS at, factor_grace_days AS days FROM tenants WHERE id = 'acme'")
  const planned = () =>
    all("SELECT stage, due_at AS at FROM factor_reminders WHERE tenant_id = 'acme' AND member_id = '' ORDER BY stage")
  const at = (days: number) => ada.now + days * DAY_MS

  it('counts from when it asks somebody whom it did not ask before, and from nothing else', async () => {
    await save({ factorPolicy: 'admins', factorGraceDays: '14' })
    expect(await asked()).toEqual({ policy: 'admins', at: at(0), days: 14 })
    ada = { ...ada, now: at(3) }
    await save({ factorGraceDays: '30' })
    expect(await asked()).toEqual({ policy: 'admins', at: at(-3), days: 30 })
    await save({ factorPolicy: 'everybody' })
    expect(await asked()).toMatchObject({ at: at(0) })
    ada = { ...ada, now: at(3) }
    for (const factorPolicy of ['admins', 'optional'] as const) {
      await save({ factorPolicy })
      expect(await asked()).toMatchObject({ policy: factorPolicy, at: at(-3) })
    }
  })

  it('is emailed to whoever it asks, at once and a week before it is due', async () => {
    await save({ factorPolicy: 'everybody', factorGraceDays: '30' })
    expect(await planned()).toEqual([
      { stage: 'begins', at: at(0) },
      { stage: 'ends', at: at(23) },
    ])
    await save({ factorGraceDays: '3' })
    expect(await planned()).toContainEqual({ stage: 'ends', at: at(0) })
    await save({ name: 'Acme GmbH', factorGraceDays: '60' })
    expect(await planned()).toContainEqual({ stage: 'ends', at: at(53) })
    await save({ factorPolicy: 'optional' })
    expect(await planned()).toEqual([])
    await save({ factorPolicy: 'admins', factorGraceDays: '5' })
    expect(await planned()).toEqual([{ stage: 'begins', at: at(0) }])
  })

  it.each(['91', '-1', '1.5', 'soon', ''])('gives no %s days', async (factorGraceDays) => {
    await expect(save({ factorGraceDays })).rejects.toThrow('"factorGraceDays":"out_of_range"')
  })
})

describe('settings that somebody saved since they were read', () => {
  it('are left as they are', async () => {
    const opened = await read()
    await save({ lifetimeHours: '24', urls: { logs: 'https://logs.example' } })
    const before = await dump()
    expect(await save({ lifetimeHours: '48', urls: { logs: '', traces: '/traces' } }, opened)).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('are saved by one of many at once, each version by one', async () => {
    await tryOften(async (i) => {
      const opened = await read()
      const won = await together((j) => save({ urls: { traces: `/${i}/${j}` } }, opened))
      expect(won.filter(Boolean)).toHaveLength(1)
      const { version, urls } = await read()
      expect([version, urls.traces]).toEqual([opened.version + 1, `/${i}/${won.indexOf(true)}`])
    })
    expect(await changes()).toHaveLength(TRIES)
  })

  it('are saved all the same when nothing is new', async () => {
    const opened = await read()
    await save({ lifetimeHours: '24' })
    expect(await save({}, opened)).toBe(true)
    expect((await read()).lifetimeHours).toBe(24)
  })
})

describe('refused', () => {
  it.each<[string, Changes, object]>([
    ['no name', { name: ' ' }, { name: 'missing' }],
    ['no lifetime', { lifetimeHours: '0' }, { lifetimeHours: 'out_of_range' }],
    ['a lifetime of more than 30 days', { lifetimeHours: '721' }, { lifetimeHours: 'out_of_range' }],
    ['half an hour', { lifetimeHours: '0.5' }, { lifetimeHours: 'out_of_range' }],
    ['a lifetime in words', { lifetimeHours: '1e2' }, { lifetimeHours: 'out_of_range' }],
    ['a retention of more than a year', { addressRetentionDays: '366' }, { addressRetentionDays: 'out_of_range' }],
    ['a section that runs', { urls: { logs: 'javascript:alert(1)' } }, { urls: { logs: 'not_https' } }],
    ['a section with a password', { urls: { billing: 'https://a:b@x.test' } }, { urls: { billing: 'credentials' } }],
  ])('is %s', (_, { urls, ...draft }, problems) => {
    expect(checkSettings({ ...SHIPPED, ...draft, urls: { ...SHIPPED.urls, ...urls } }, ORIGIN)).toEqual({ problems })
  })

  it('is not the longest lifetime there is', () => {
    expect(checkSettings({ ...SHIPPED, lifetimeHours: '720' }, ORIGIN)).toMatchObject({ settings: { lifetimeHours: 720 } })
  })
})
