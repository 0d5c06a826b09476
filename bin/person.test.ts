import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { OPERATIONS } from './person.ts'
import { exported } from './person-statements.ts'
import { migrated } from './testing/migrated.ts'
import { permissionsAfter } from './testing/permissions.ts'

let world: ReturnType<typeof migrated>
let said: string[]

beforeEach(() => {
  world = migrated()
  said = []
})

const run = (name: string, ...words: string[]) =>
  OPERATIONS[name]?.run(world.database, words, {
    say: (line) => said.push(line),
    now: Date.now(),
    target: '',
    agreed: async () => {},
  })

/** Bob has done something to somebody, has been in the log under his own name, and has a session and an email. */
function livelyBob() {
  world.rowsOf(
    `INSERT INTO reviews (tenant_id, id, state, people, started_at, started_by) VALUES ('acme', 'r', 'finished', 1, 1, 'bob')`,
  )
  world.rowsOf(`INSERT INTO review_people (tenant_id, review_id, place, member_id, email, email_key, name, role, status, shown, agents)
    VALUES ('acme', 'r', 1, 'bob', 'Bob@acme.test', 'bob@acme.test', 'Bob Okafor', 'user', 'active', '{}', 'null')`)
  world.rowsOf(`INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, actor_email, member_id, member_email, ip)
    VALUES ('did', 'acme', 1, 'disabled', 'bob', 'Bob Okafor', 'bob@acme.test', 'dov', 'dov@acme.test', '203.0.113.77')`)
  world.rowsOf(`INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, actor_email, member_id, member_email, member_name, before, after)
    VALUES ('name', 'acme', 2, 'renamed', 'bob', 'Bob Okafor', 'bob@acme.test', 'bob', 'bob@acme.test', 'Bobby', '{"name":"Bobby"}', '{"name":"Bob Okafor"}')`)
  world.rowsOf(`INSERT INTO sessions (id, secret_hash, user_id, user_agent, ip, created_at, last_seen_at, expires_at)
    VALUES ('s', '${'a'.repeat(64)}', 'user-bob', 'Firefox', '203.0.113.77', 1, 1, 2)`)
  world.rowsOf(
    `INSERT INTO mails (id, kind, to_email, to_key, created_at) VALUES ('m', 'password_changed', 'Bob@acme.test', 'bob@acme.test', 1)`,
  )
  world.rowsOf(`INSERT INTO throttles (key, hits, blocked_until, resets_at) VALUES ('sign-in:account:bob@acme.test', 1, 0, 1),
    ('sign-in:browser:browser-of-bob', 1, 0, 1), ('sign-in:session:s', 1, 0, 1)`)
  world.rowsOf(`INSERT INTO known_browsers (user_id, id, browser_hash, user_agent, ip, created_at, last_used_at)
    VALUES ('user-bob', 'browser-of-bob', '${'b'.repeat(64)}', 'Firefox', '203.0.113.77', 1, 1)`)
  world.rowsOf(`INSERT INTO credentials (id, user_id, kind, secret, name, created_at, changed_at)
    VALUES ('app', 'user-bob', 'totp', 'sealed', NULL, 1, 1), ('key', 'user-bob', 'passkey', 'public', 'Bobby’s phone', 1, 1)`)
  world.rowsOf(`INSERT INTO factor_links (id, user_id, purpose, jti, state, created_at, expires_at)
    VALUES ('f', 'user-bob', 'lost', '${'f'.repeat(43)}', 'open', 1, 2)`)
  signedInToTraces()
}

/** And was told of signing out of it once before. */
function signedInToTraces() {
  world.rowsOf(`INSERT INTO apps (id, tenant_id, name, section, auth, secret_hash, redirect_uris, after_logout_uris, logout_uri, created_at)
    VALUES ('traces', 'acme', 'Traces', 'traces', 'secret', '${'c'.repeat(64)}', '[]', '[]', 'https://traces.example/logout', 1)`)
  world.rowsOf(`INSERT INTO subjects (tenant_id, user_id, sub) VALUES ('acme', 'user-bob', 'bob-for-apps')`)
  world.rowsOf(`INSERT INTO app_consents (member_id, app_id, scope, at) VALUES ('bob', 'traces', 'openid', 1)`)
  world.rowsOf(`INSERT INTO app_grants (id, tenant_id, app_id, member_id, user_id, session_id, session_at, sid, sub, scope, created_at, used_at)
    VALUES ('g', 'acme', 'traces', 'bob', 'user-bob', 's', 1, 'sid', 'bob-for-apps', 'openid', 1, 1)`)
  world.rowsOf(
    `INSERT INTO app_tokens (id, kind, grant_id, payload, created_at, expires_at) VALUES ('${'d'.repeat(64)}', 'AccessToken', 'g', '{}', 1, 2)`,
  )
  world.rowsOf(`INSERT INTO app_logouts (id, tenant_id, app_id, uri, sub, sid, state, due_at, created_at)
    VALUES ('l', 'acme', 'traces', 'https://traces.example/logout', 'bob-for-apps', 'older', 'sent', 1, 1)`)
}

it('a person who is erased is in no row any more, and the log keeps what happened', async () => {
  livelyBob()
  const before = world.dump()
  await run('erase', 'BOB@acme.test')
  const after = world.dump()

  expect(JSON.stringify(after)).not.toMatch(/bob@acme|Bob Okafor|Bobby|203\.0\.113\.77/i)
  expect(after.activity?.length).toBe(before.activity?.length)
  expect(world.rowsOf("SELECT kind, actor_id, actor_name, actor_email, member_email, ip FROM activity WHERE id = 'did'")).toEqual([
    { kind: 'disabled', actor_id: 'bob', actor_name: '', actor_email: null, member_email: 'dov@acme.test', ip: null },
  ])
  expect(world.rowsOf("SELECT actor_name, member_email, before, after FROM activity WHERE id = 'name'")).toEqual([
    { actor_name: '', member_email: '', before: null, after: null },
  ])
  const others = (rows: object[] = []) => rows.filter((row) => !/bob/i.test(JSON.stringify(row)))
  for (const table of ['throttles', 'known_browsers', 'factor_links']) expect(after[table], table).toEqual([])
  for (const table of ['members', 'users', 'credentials', 'invitations']) expect(after[table], table).toEqual(others(before[table]))
})

it('a person who is erased is signed in to no app any more, which has yet to be told and is, by a name that means nobody', async () => {
  livelyBob()
  await run('erase', 'bob@acme.test')
  const after = world.dump()
  for (const table of ['subjects', 'app_consents', 'app_grants', 'app_tokens']) expect(after[table], table).toEqual([])
  expect(world.rowsOf('SELECT state, sid FROM app_logouts')).toEqual([{ state: 'waiting', sid: 'sid' }])
})

/** What the log and the invitations keep of somebody who was deleted from the workspace, whose account and emails are gone since. */
const OF_THE_PAST = {
  'entries with another spelling of the address': `INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, actor_email, member_id, member_email, ip)
    VALUES ('e', 'acme', 1, 'signed_in', 'zoe', 'Zoe Marsh', 'Zoe@Corp.test', 'zoe', 'Zoe@Corp.test', '203.0.113.9')`,
  'what they did by a link': `INSERT INTO activity (id, tenant_id, at, kind, member_id, member_email, ip)
    VALUES ('e', 'acme', 1, 'accepted', 'zoe', 'ZOE@corp.test', '203.0.113.9')`,
  'the address that an invitation was pointed to': `INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, member_id, member_email, before, after)
    VALUES ('e', 'acme', 1, 'address_changed', 'ada', 'Ada Admin', 'zoe', 'typo@corp.test', '{"email":"typo@corp.test"}', '{"email":"Zoe@corp.test"}')`,
  'what a join link had emailed': `INSERT INTO join_proofs (id, tenant_id, link_id, email, email_key, jti, state, created_at, expires_at)
    VALUES ('p', 'acme', 'l', 'Zoe@corp.test', 'zoe@corp.test', '${'z'.repeat(43)}', 'open', 1, 2)`,
  'their request to join': `INSERT INTO join_requests (id, tenant_id, link_id, email, email_key, name, created_at)
    VALUES ('r', 'acme', 'l', 'zoe@corp.test', 'zoe@corp.test', 'Zoe Marsh', 1)`,
  'what an admin was to be told of them': `INSERT INTO join_notices (about_id, kind, tenant_id, member_id, about_email, about_name, at, due_at)
    VALUES ('r', 'asked', 'acme', 'ada', 'zoe@corp.test', 'Zoe Marsh', 1, 1)`,
  'a change of those who were found by their address': `INSERT INTO jobs (id, tenant_id, admin_id, kind, spec, total, created_at)
    VALUES ('j', 'acme', 'ada', 'change', '{"change":"disable","list":"q=Zoe%40corp.test&status=active"}', 1, 1)`,
  'an undo of it': `INSERT INTO jobs (id, tenant_id, admin_id, kind, spec, total, created_at)
    VALUES ('j', 'acme', 'ada', 'undo', '{"undo":"u","of":{"change":"disable","list":"q=zoe@corp.test"}}', 1, 1)`,
  'a row of a list that could not be read': `INSERT INTO invite_drafts (id, tenant_id, admin_id, settings, created_at) VALUES ('d', 'acme', 'ada', '{}', 1);
    INSERT INTO invite_rows (draft_id, n, cells, problem) VALUES ('d', 1, '{"email":"Zoe@corp.test sam@corp.test"}', 'several')`,
  'that they left': `INSERT INTO removed_addresses (tenant_id, email_key, at) VALUES ('acme', 'zoe@corp.test', 1)`,
  'their name on a join link': `INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, actor_email)
    VALUES ('e', 'acme', 1, 'join_link_made', 'zoe', 'Zoe Marsh', 'zoe@corp.test');
    INSERT INTO join_links (id, tenant_id, secret_hash, maker_id, maker_name, overrides, agent_mode, agents, domains, approval, most_uses, created_at,
      expires_at) VALUES ('l', 'acme', '${'0'.repeat(64)}', 'zoe', 'Zoe Marsh', '{}', 'all', '[]', '[]', 0, 1, 1, 2)`,
  'their name on an invitation': `INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, actor_email, member_id, member_email)
    VALUES ('e', 'acme', 1, 'invited', 'zoe', 'Zoe Marsh', 'zoe@corp.test', 'pia', 'pia@acme.test');
    UPDATE invitations SET inviter_id = 'zoe', inviter_name = 'Zoe Marsh' WHERE id = 'invitation-pia'`,
}

it.each(Object.entries(OF_THE_PAST))('of a person who is erased nothing is left of the past: %s', async (_, rows) => {
  for (const row of rows.split(';')) world.rowsOf(row)
  const entries = world.dump().activity?.length
  await run('erase', 'zoe@corp.test')
  const after = world.dump()
  expect(JSON.stringify(after)).not.toMatch(/zoe(@|%40)corp|Zoe Marsh|203\.0\.113\.9/i)
  expect([after.activity?.length, after.invitations?.length]).toEqual([entries, 1])
})

it('an address with a domain of other letters is erased in either form', async () => {
  for (const email of ['zoe@b\u00fccher.test', 'zoe@xn--bcher-kva.test'])
    world.rowsOf(
      `INSERT INTO activity (id, tenant_id, at, kind, member_id, member_email) VALUES ('${email}', 'acme', 1, 'accepted', 'zoe', '${email}')`,
    )
  await run('erase', 'zoe@b\u00fccher.test')
  expect(world.rowsOf("SELECT member_email FROM activity WHERE kind = 'accepted'")).toEqual([
    { member_email: '' },
    { member_email: '' },
  ])
})

it('the tries of somebody whose address ends alike still count', async () => {
  world.rowsOf("INSERT INTO throttles (key, hits, blocked_until, resets_at) VALUES ('sign-in:account:abob@acme.test', 5, 1, 1)")
  await run('erase', 'bob@acme.test')
  expect(world.dump().throttles).toHaveLength(1)
})

it('the only active admin of a workspace is not erased, and it says of which', async () => {
  const before = world.dump()
  await expect(run('erase', 'ada@acme.test')).rejects.toThrow('ada@acme.test is the only active admin of Acme (acme).')
  expect(world.dump()).toEqual(before)
})

it('that an address must not be emailed outlives the person', async () => {
  world.rowsOf("INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES ('bob@acme.test', '', 'complained', 1)")
  await run('erase', 'bob@acme.test')
  expect(world.dump().suppressions).toHaveLength(1)
  expect(said.at(-1)).toContain('If the address must not be emailed, that is kept.')
})

it('an export has everything that is kept of a person, and no secret', async () => {
  livelyBob()
  const home = mkdtempSync(join(tmpdir(), 'latchkey-'))
  const file = join(home, 'bob.json')
  await run('export', 'Bob <bob@acme.test>', file)
  const text = readFileSync(file, 'utf8')
  rmSync(home, { recursive: true })
  const { account, memberships, sessions, emails, credentials, activity, apps, ...rest } = JSON.parse(text)

  expect(account).toMatchObject([{ email: 'bob@acme.test', name: 'Bob Okafor' }])
  expect(memberships).toMatchObject([{ tenant_id: 'acme', workspace: 'Acme', role: 'user', status: 'active' }])
  expect([sessions, emails, credentials].map(({ length }) => length)).toEqual([1, expect.any(Number), 3])
  expect(activity.map(({ kind }: { kind: string }) => kind)).toEqual(expect.arrayContaining(['disabled', 'renamed']))
  expect(apps).toMatchObject([{ app: 'Traces', scope: 'openid', ended_at: null }])
  for (const part of ['names_for_apps', 'app_consents', 'app_tokens', 'app_sign_outs'])
    expect([part, rest[part]?.length]).toEqual([part, 1])
  expect(text).not.toMatch(/scrypt|secret|jti/)
})

/** They repeat for the search what is exported, and name changes of the last ten minutes, or of the batch that runs. */
const DERIVED = ['access_changes', 'factor_reminders', 'former_pieces', 'member_domains', 'search_pieces', 'undos']

it('every table that says whose its rows are is in an export', () => {
  const names = world.rowsOf(`SELECT DISTINCT t.name FROM pragma_table_list t, pragma_table_info(t.name) c WHERE t.type = 'table'
    AND c.name IN ('user_id', 'member_id', 'email', 'email_key', 'to_key', 'about_email', 'admin_id', 'inviter_id', 'ip')`)
  const told = Object.values(exported('bob@acme.test')).join(' ')
  const missing = names.map(({ name }) => `${name}`).filter((name) => !told.includes(` ${name} `) && !told.includes(` ${name}.`))
  expect(missing.toSorted()).toEqual(DERIVED)
})

it.each(['export', 'erase'])('%s says when nothing is kept about an address, and does nothing', async (name) => {
  const before = world.dump()
  await expect(run(name, 'nobody@acme.test', '/nowhere/file.json')).rejects.toThrow('Nothing is kept about nobody@acme.test.')
  expect(world.dump()).toEqual(before)
  await expect(run(name, 'nobody', '/nowhere/file.json')).rejects.toThrow('"nobody" is not an email address.')
})

it('an export can be read by nobody else on the machine, whoever could read the file before', async () => {
  expect(await permissionsAfter((file) => run('export', 'bob@acme.test', file))).toBe(0o600)
})

it('an operator has a link emailed to somebody who lost their second factor, in the place of an older one, and changes nothing else', async () => {
  const before = world.dump()
  await run('second-factor', 'Bob@acme.test')
  await run('second-factor', 'bob@acme.test')

  expect(said.at(-1)).toMatch(/^A link for bob@acme.test goes out within two minutes/)
  expect(world.rowsOf('SELECT state, purpose, asked_in FROM factor_links ORDER BY state')).toEqual([
    { state: 'open', purpose: 'lost', asked_in: null },
    { state: 'superseded', purpose: 'lost', asked_in: null },
  ])
  expect(
    world.rowsOf("SELECT x.kind, f.state FROM mails x JOIN factor_links f ON f.id = x.factor_link_id WHERE f.state = 'open'"),
  ).toEqual([{ kind: 'factor_reset', state: 'open' }])
  expect(world.rowsOf("SELECT tenant_id, actor_id, member_id FROM activity WHERE kind = 'factor_reset_asked'")).toEqual(
    Array(2).fill({ tenant_id: 'acme', actor_id: 'operator', member_id: 'bob' }),
  )
  const { credentials, sessions, members, users } = world.dump()
  expect({ credentials, sessions, members, users }).toEqual(
    Object.fromEntries(['credentials', 'sessions', 'members', 'users'].map((table) => [table, before[table]])),
  )
})

it('an operator signs somebody out on every device and of every app, and nobody else', async () => {
  livelyBob()
  world.rowsOf('UPDATE app_grants SET offline = 1, ended_at = NULL')
  const before = world.dump()
  await run('sign-out', 'Bob@acme.test')

  expect(said).toEqual([
    'bob@acme.test is signed out everywhere and can sign in again. If somebody else knows the password, have it reset.',
  ])
  expect(['sessions', 'known_browsers'].map((table) => world.rowsOf(`SELECT 1 FROM ${table} WHERE user_id = 'user-bob'`))).toEqual([
    [],
    [],
  ])
  expect(world.rowsOf('SELECT id, ended_at > 0 AS ended FROM app_grants')).toEqual([{ id: 'g', ended: 1 }])
  expect(world.rowsOf("SELECT tenant_id, actor_id, member_id FROM activity WHERE kind = 'signed_out_everywhere'")).toEqual([
    { tenant_id: 'acme', actor_id: 'operator', member_id: 'bob' },
  ])
  const others = ({ sessions, known_browsers }: typeof before) =>
    [...(sessions ?? []), ...(known_browsers ?? [])].filter(({ user_id }) => user_id !== 'user-bob')
  const { credentials, members, users, ...after } = world.dump()
  expect(others(after)).toEqual(others(before))
  expect({ credentials, members, users }).toEqual({ credentials: before.credentials, members: before.members, users: before.users })
})

it.each(['sign-out', 'second-factor'])('an operator who mistypes the address has nothing done by %s', async (name) => {
  const before = world.dump()
  await expect(run(name, 'bobb@acme.test')).rejects.toThrow('Nobody has an account with bobb@acme.test.')
  expect(world.dump()).toEqual(before)
})
