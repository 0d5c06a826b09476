import { beforeEach, describe, expect, it } from 'vitest'
import { IP, somebody, typed } from '../../../test/cast'
import { all, dump, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { allowSetup, SETUP_TOKEN } from '../../../test/setup-token'
import { startEmpty, startOver } from '../../../test/world'
import { sha256 } from '../core/random'
import { personKey } from '../core/search-key'
import { createWorkspace, mayBegin, readSetup } from './setup'
import { slugOf } from './slug'

const NOW = Date.now()
const OTHER_TOKEN = 't'.repeat(43)

const ARRIVAL = { from: { ip: IP, userAgent: 'Firefox' }, former: undefined, browser: undefined }

const createdBy = async (i: number, token = SETUP_TOKEN, now = NOW) =>
  (await createWorkspace(
    somebody(now),
    { workspace: `Company ${i}`, name: `Person ${i}`, address: typed(`person-${i}@initech.test`) },
    { passwordHash: `$scrypt$of ${i}`, tokenHash: await sha256(token) },
    ARRIVAL,
  )) !== undefined

beforeEach(startEmpty)

describe('creating the first workspace', () => {
  it('makes a workspace, a person, an active admin and an entry, and uses every set-up token up', async () => {
    await allowSetup()
    await allowSetup(NOW + 1, OTHER_TOKEN)

    expect(await createdBy(1)).toBe(true)
    expect(await all('SELECT id, name, created_at FROM tenants')).toEqual([{ id: 'company-1', name: 'Company 1', created_at: NOW }])
    expect(await all('SELECT u.email, u.name, c.kind, c.secret FROM users u JOIN credentials c ON c.user_id = u.id')).toEqual([
      { email: 'person-1@initech.test', name: 'Person 1', kind: 'password', secret: '$scrypt$of 1' },
    ])
    expect(
      await all('SELECT m.role, m.status, m.agent_mode, m.joined_at, m.email_key FROM members m JOIN users u ON u.id = m.user_id'),
    ).toEqual([{ role: 'admin', status: 'active', agent_mode: 'all', joined_at: NOW, email_key: 'person-1@initech.test' }])
    expect(await all("SELECT kind, actor_name, member_email, after, ip FROM activity WHERE kind <> 'signed_in'")).toEqual([
      {
        kind: 'workspace_created',
        actor_name: 'Person 1',
        member_email: 'person-1@initech.test',
        after: '{"name":"Company 1"}',
        ip: IP,
      },
    ])
    expect(await all('SELECT * FROM setup_tokens')).toEqual([])
    expect(await all('SELECT s.ip, s.user_agent FROM sessions s JOIN users u ON u.id = s.user_id')).toEqual([
      { ip: IP, user_agent: 'Firefox' },
    ])
  })

  it.each<[string, () => Promise<unknown>]>([
    ['without any token', async () => {}],
    ['with another token', () => allowSetup(NOW + 1, OTHER_TOKEN)],
    ['with a token that expires now', () => allowSetup(NOW)],
    [
      'where there is a workspace',
      async () => {
        await startOver()
        await allowSetup()
      },
    ],
  ])('%s changes nothing', async (_, prepare) => {
    await prepare()
    const before = await dump()

    expect(await mayBegin(somebody(NOW), await sha256(SETUP_TOKEN))).toEqual([])
    expect(await createdBy(1)).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('by twenty at once, under one token or two, makes one workspace with one admin', async () => {
    await run('DROP TRIGGER activity_is_kept')
    await tryOften(async () => {
      for (const table of ['activity', 'members', 'sessions', 'users', 'tenants', 'slugs', 'setup_tokens'])
        await run(`DELETE FROM ${table}`)
      await allowSetup()
      await allowSetup(NOW + 1, OTHER_TOKEN)
      const won = await together((i) => createdBy(i, i % 2 ? SETUP_TOKEN : OTHER_TOKEN))

      const winner = won.indexOf(true)
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await all('SELECT t.name, m.email, c.secret FROM tenants t, members m, credentials c')).toEqual([
        { name: `Company ${winner}`, email: `person-${winner}@initech.test`, secret: `$scrypt$of ${winner}` },
      ])
      expect(await all('SELECT kind FROM activity')).toHaveLength(2)
      expect(await all('SELECT id FROM sessions')).toHaveLength(1)
    })
  })
})

it('the first admin is found by name and address', async () => {
  await allowSetup()
  await createdBy(1)
  const [admin] = await all<{ email: string; name: string; key: string }>(
    'SELECT m.email, u.name, m.search_key AS key FROM members m JOIN users u ON u.id = m.user_id WHERE m.search_form = 1',
  )
  expect(admin?.key).toBe(admin && personKey(admin))
})

it('does not give a slug again, not even that of a workspace that is gone', async () => {
  await run("INSERT INTO slugs (slug) VALUES ('company-1'), ('company-1-2')")
  await allowSetup()

  expect(await createdBy(1)).toBe(true)
  expect(await all('SELECT id FROM tenants')).toEqual([{ id: 'company-1-3' }])
})

it('a draft that cannot be created says why beside each field', () => {
  const draft = { workspace: ' ', name: '\u202e', email: 'fay', password: 'short' }
  expect(readSetup(draft, 'too_short')).toEqual({
    problems: {
      workspace: 'missing',
      name: 'missing',
      email: { reason: 'not_an_address', suggestion: undefined },
      password: 'too_short',
    },
  })
  const good = { workspace: 'Initech', name: 'Fay Founder', email: 'fay@initech.test', password: 'plum teapot orbit canyon' }
  expect(readSetup(good, 'breached')).toEqual({ problems: { password: 'breached' } })
  expect(readSetup(good, undefined)).toEqual({
    created: { workspace: 'Initech', name: 'Fay Founder', address: { email: 'fay@initech.test', key: 'fay@initech.test' } },
  })
})

it.each([
  ['Acme', 'acme'],
  ['  Émile & Söhne, GmbH ', 'emile-sohne-gmbh'],
  ['株式会社', 'workspace'],
  ['42', '42'],
  ['-- x --', 'x'],
  [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
])('a workspace named %j stands in URLs as %j', async (name, slug) => {
  expect(slugOf(name)).toBe(slug)
  await run("INSERT INTO tenants (id, name, created_at) VALUES (?, 'X', 1)", slug)
})
