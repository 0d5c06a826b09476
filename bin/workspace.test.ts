import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { migrated } from './testing/migrated.ts'
import { permissionsAfter } from './testing/permissions.ts'
import { OPERATIONS } from './workspace.ts'

const NOW = Date.now()
let world: ReturnType<typeof migrated>
let said: string[]
let asked: string[]

beforeEach(() => {
  world = migrated()
  said = []
  asked = []
})

const means = {
  say: (line: string) => said.push(line),
  now: NOW,
  target: ' --local',
  agreed: async (question: string) => void asked.push(question),
}
const run = (name: string, ...words: string[]) => OPERATIONS[name]?.run(world.database, words, means)

describe('seats', () => {
  const seats = () => world.rowsOf("SELECT seats FROM tenants WHERE id = 'initech'")

  it('are given to a workspace, and taken back, with who holds one', async () => {
    await run('add', 'Initech', 'fay@initech.test')
    said.length = 0
    await run('seats', 'initech', '10')
    expect(seats()).toEqual([{ seats: 10 }])
    await run('seats', 'initech', 'none')
    expect(seats()).toEqual([{ seats: null }])
    await run('seats', 'initech', '1')
    expect(said).toEqual([
      'initech has 10 seats: 0 active, 1 pending, 9 free.',
      'initech has as many seats as it likes.',
      'initech has 1 seat: 0 active, 1 pending, none free.',
    ])
  })

  it.each(['0', '-1', 'ten', '1.5', ''])('are not %j', async (number) => {
    await run('add', 'Initech', 'fay@initech.test')
    await expect(run('seats', 'initech', number)).rejects.toThrow('is no number of seats')
    expect(seats()).toEqual([{ seats: null }])
  })

  it('are of a workspace that there is', async () => {
    await expect(run('seats', 'nowhere', '10')).rejects.toThrow('There is no workspace "nowhere"')
  })
})

describe('a workspace that is added', () => {
  it('has its first admin invited, by an email that waits for the sweep, and an entry of both', async () => {
    await run('add', 'Café Zürich', 'Fay@Initech.test')

    expect(world.rowsOf("SELECT id, name FROM tenants WHERE id = 'cafe-zurich'")).toEqual([
      { id: 'cafe-zurich', name: 'Café Zürich' },
    ])
    const [member] = world.rowsOf("SELECT id, email, email_key, role, status, user_id FROM members WHERE tenant_id = 'cafe-zurich'")
    expect(member).toMatchObject({
      email: 'Fay@Initech.test',
      email_key: 'fay@initech.test',
      role: 'admin',
      status: 'pending',
      user_id: null,
    })
    const [invitation] = world.rowsOf("SELECT id, state, expires_at FROM invitations WHERE tenant_id = 'cafe-zurich'")
    expect(invitation).toMatchObject({ state: 'open', expires_at: NOW + 72 * 3_600_000 })
    expect(world.rowsOf("SELECT to_email, state, invitation_id FROM mails WHERE tenant_id = 'cafe-zurich'")).toEqual([
      { to_email: 'Fay@Initech.test', state: 'queued', invitation_id: invitation?.id },
    ])
    expect(world.rowsOf("SELECT kind FROM activity WHERE tenant_id = 'cafe-zurich' ORDER BY kind")).toEqual([
      { kind: 'invited' },
      { kind: 'workspace_created' },
    ])
    expect(said).toEqual(['Added Café Zürich at /w/cafe-zurich. The invitation to Fay@Initech.test goes out within two minutes.'])
  })

  it('is asked about where another has its name, in whatever case', async () => {
    await run('add', 'Initech', 'fay@initech.test')
    expect(asked).toEqual([])
    await run('add', 'INITECH', 'fay@initech.test')
    expect(asked).toEqual(['There is a workspace called INITECH already, at /w/initech. Add another one?'])
  })

  it('is not added again without a yes', async () => {
    const refuses = { ...means, agreed: () => Promise.reject(new Error('Nothing was changed.')) }
    await expect(OPERATIONS.add?.run(world.database, ['Globex', 'fay@globex.test'], refuses)).rejects.toThrow(
      'Nothing was changed.',
    )
    expect(world.rowsOf('SELECT id FROM tenants ORDER BY id')).toEqual([{ id: 'acme' }, { id: 'globex' }])
  })

  it('gets a slug that none has and none had', async () => {
    await run('erase', 'globex')
    await run('add', 'Globex', 'fay@globex.test')
    await run('add', 'Globex', 'fay@globex.test')

    expect(world.rowsOf('SELECT id FROM tenants ORDER BY id')).toEqual([{ id: 'acme' }, { id: 'globex-2' }, { id: 'globex-3' }])
  })

  it('takes every name as text', async () => {
    const name = `'); DROP TABLE members; -- "x"`
    await run('add', name, "o'neil@initech.test")

    expect(world.rowsOf('SELECT name FROM tenants ORDER BY rowid DESC LIMIT 1')).toEqual([{ name }])
    expect(world.rowsOf("SELECT email FROM members WHERE email_key = 'o''neil@initech.test'")).toHaveLength(1)
  })

  it.each([
    ['', 'fay@globex.test', 'A workspace needs a name, of 80 characters at most.'],
    ['Globex', 'fay at globex', '"fay at globex" is not an email address.'],
  ])('is refused as "%s" for %s', async (name, email, words) => {
    const before = world.dump()
    await expect(run('add', name, email)).rejects.toThrow(words)
    expect(world.dump()).toEqual(before)
  })
})

it('every workspace is listed with its people', async () => {
  await run('suspend', 'globex')
  await run('list')
  expect(said.slice(1)).toEqual([
    expect.stringMatching(/^acme {5}Acme {5}\d+ active, \d+ pending$/),
    expect.stringMatching(/^globex {3}Globex {3}1 active, 0 pending, suspended$/),
  ])
})

it('a suspension is noted once, and taken back', async () => {
  const suspended = () => world.rowsOf("SELECT suspended_at FROM tenants WHERE id = 'globex'")
  await run('suspend', 'globex')
  await OPERATIONS.suspend?.run(world.database, ['globex'], { ...means, now: NOW + 1 })
  expect(suspended()).toEqual([{ suspended_at: NOW }])
  await run('resume', 'globex')
  expect(suspended()).toEqual([{ suspended_at: null }])
})

it('what it says to type next is about the same database', async () => {
  await run('suspend', 'globex')
  expect(said.at(-1)).toContain('"npm run workspace -- resume globex --local"')
  await expect(run('erase', 'glob')).rejects.toThrow('"npm run workspace -- list --local"')
  await run('erase', 'globex')
  expect(asked.at(-1)).toContain('npm run workspace -- export globex <file> --local')
})

it.each(['suspend', 'resume', 'export', 'erase'])('%s says when there is no such workspace, and changes nothing', async (name) => {
  const before = world.dump()
  await expect(run(name, 'glob', 'file.json')).rejects.toThrow('There is no workspace "glob".')
  expect(world.dump()).toEqual(before)
})

describe('a workspace that is erased', () => {
  it('leaves not one row, is asked about by name, and leaves the others as they were', async () => {
    const others = (dump: ReturnType<typeof world.dump>) =>
      Object.entries(dump).map(([table, rows]) => [
        table,
        rows.filter(({ id, tenant_id, slug }) => ![id, tenant_id, slug].includes('acme')),
      ])
    const before = world.dump()
    await run('erase', 'acme')
    const after = world.dump()

    expect(asked).toEqual([expect.stringMatching(/^Erase Acme, \d+ people, for good\?/)])
    for (const [table, rows] of Object.entries(after))
      expect(
        rows.filter(({ id, tenant_id }) => tenant_id === 'acme' || (table === 'tenants' && id === 'acme')),
        table,
      ).toEqual([])
    expect(after.slugs).toContainEqual({ slug: 'acme' })
    for (const table of ['members', 'invitations', 'mails', 'activity', 'agents']) {
      const [kept] = others(before).filter(([name]) => name === table)
      expect([table, after[table]]).toEqual(kept)
    }
    expect(after.users?.length).toBe(before.users?.length)
  })

  it('is named by no link for a second factor any more, and what its admin asked for opens nothing', async () => {
    await run('add', 'Initech', 'fay@initech.test')
    world.rowsOf("INSERT INTO users (id, email, email_key, created_at) VALUES ('u', 'nell@acme.test', 'nell@acme.test', 1)")
    for (const [id, askedIn, state] of [
      ['theirs', 'initech', 'open'],
      ['theirs, used', 'initech', 'used'],
      ['others', 'globex', 'open'],
      ['operators', null, 'open'],
    ] as const)
      world.rowsOf(
        `INSERT INTO factor_links (id, user_id, asked_in, purpose, jti, state, created_at, expires_at) VALUES ('${id}', 'u', ${askedIn ? `'${askedIn}'` : 'NULL'}, 'lost', '${id.padEnd(43, '-')}', '${state}', 1, 2)`,
      )
    world.rowsOf(
      `INSERT INTO mails (id, kind, to_email, to_key, created_at, about) VALUES ('m', 'factor_reset', 'nell@acme.test', 'nell@acme.test', 1, '{"askedIn":"initech"}')`,
    )
    await run('erase', 'initech')

    expect(world.rowsOf('SELECT id, asked_in, state FROM factor_links ORDER BY id')).toEqual([
      { id: 'operators', asked_in: null, state: 'open' },
      { id: 'others', asked_in: 'globex', state: 'open' },
      { id: 'theirs', asked_in: null, state: 'superseded' },
      { id: 'theirs, used', asked_in: null, state: 'used' },
    ])
    expect(world.rowsOf("SELECT about FROM mails WHERE id = 'm'")).toEqual([{ about: null }])
  })

  it('has its apps told that everybody is signed out, and keeps nothing else of them', async () => {
    world.rowsOf(`INSERT INTO apps (id, tenant_id, name, auth, secret_hash, redirect_uris, after_logout_uris, logout_uri, created_at)
      VALUES ('wiki', 'acme', 'Wiki', 'secret', '${'c'.repeat(64)}', '[]', '[]', 'https://wiki.example/logout', 1)`)
    world.rowsOf("INSERT INTO subjects (tenant_id, user_id, sub) VALUES ('acme', 'user-bob', 'sub')")
    world.rowsOf("INSERT INTO app_hosts (host, app_id) VALUES ('wiki.example', 'wiki')")
    world.rowsOf(`INSERT INTO app_grants (id, tenant_id, app_id, member_id, user_id, session_id, session_at, sid, sub, scope, created_at, used_at)
      VALUES ('g', 'acme', 'wiki', 'bob', 'user-bob', 's', 1, 'sid', 'sub', 'openid', 1, 1)`)
    world.rowsOf(`INSERT INTO app_logouts (id, tenant_id, app_id, uri, sub, sid, state, due_at, created_at)
      VALUES ('l', 'acme', 'wiki', 'https://wiki.example/logout', 'sub', 'older', 'sent', 1, 1)`)
    await run('erase', 'acme')
    const after = world.dump()
    for (const table of ['apps', 'app_hosts', 'subjects', 'app_grants', 'access_changes']) expect(after[table], table).toEqual([])
    expect(world.rowsOf('SELECT state, sid FROM app_logouts')).toEqual([{ state: 'waiting', sid: 'sid' }])
  })

  it('is the only one whose log can be deleted', () => {
    expect(() => world.rowsOf("DELETE FROM activity WHERE tenant_id = 'acme'")).toThrow('insert-only')
  })
})

it('an export is one JSON object with every row and without a link', async () => {
  const home = mkdtempSync(join(tmpdir(), 'latchkey-'))
  const file = join(home, 'acme.json')
  for (const tenant of ['acme', 'globex']) {
    world.rowsOf(
      `INSERT INTO mails (id, tenant_id, kind, to_email, to_key, created_at) VALUES ('to-${tenant}', '${tenant}', 'test', 'a@b.test', 'a@b.test', 1)`,
    )
    world.rowsOf(`INSERT INTO mail_events (id, mail_id, kind, at) VALUES ('event-${tenant}', 'to-${tenant}', 'bounced', 2)`)
  }
  await run('export', 'acme', file)
  const text = readFileSync(file, 'utf8')
  rmSync(home, { recursive: true })
  const { workspace, ...tables } = JSON.parse(text)

  expect(workspace).toMatchObject({ id: 'acme', name: 'Acme' })
  for (const table of ['members', 'agents', 'invitations', 'mails', 'activity'])
    expect(tables[table].length, table).toBe(world.rowsOf(`SELECT 1 FROM ${table} WHERE tenant_id = 'acme'`).length)
  expect(text).not.toMatch(/jti|scrypt|nonce/)
  expect(tables.mail_events).toMatchObject([{ id: 'event-acme', kind: 'bounced' }])
  expect(text).not.toContain('globex')
  expect(missingFrom(tables)).toEqual(PASSING)
})

/** What is counted or looked up by, or is gone within a day; of a job the log tells. */
const PASSING = [
  'access_changes',
  'departures',
  'domain_pieces',
  'erasures',
  'factor_reminders',
  'former_pieces',
  'jobs',
  'mail_days',
  'member_counts',
  'member_domains',
  'review_counts',
  'search_pieces',
  'undos',
  'visits',
]

const missingFrom = (tables: object) =>
  world
    .rowsOf(`SELECT DISTINCT t.name FROM pragma_table_list t, pragma_table_info(t.name) c
      WHERE t.type = 'table' AND c.name IN ('tenant_id', 'mail_id') ORDER BY t.name`)
    .flatMap(({ name }) => (Object.hasOwn(tables, `${name}`) ? [] : [name]))

it('an export can be read by nobody else on the machine, whoever could read the file before', async () => {
  expect(await permissionsAfter((file) => run('export', 'acme', file))).toBe(0o600)
})
