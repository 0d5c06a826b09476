import { env as bindings } from 'cloudflare:workers'
import { expect, it, vi } from 'vitest'
import { hasAuthenticatorApp } from '../test/authenticator-apps'
import { Client } from '../test/client'
import { counted } from '../test/counted'
import { all, run } from '../test/database'
import { willAskForFactor } from '../test/factors'
import { pageOf, tokenOf } from '../test/links'
import { listen } from '../test/logged'
import { runCron } from './cron'
import { readEnv } from './env'

const env = readEnv(bindings)
const DAY_MS = 86_400_000
const MINUTE = '* * * * *'
const NIGHT = '17 3 * * *'

/** What a run tells the Queue of, without the Queue acting on it. */
async function queuedAt(now: number) {
  const metadata = { metrics: { backlogCount: 0, backlogBytes: 0 } }
  const queue = vi.spyOn(env.MAIL_QUEUE, 'sendBatch').mockResolvedValue({ metadata })
  await runCron(env, MINUTE, now)
  const ids = queue.mock.calls.flatMap(([batch]) => [...batch].map(({ body }) => body.mailId))
  queue.mockRestore()
  return all<{ kind: string }>(
    'SELECT kind FROM mails WHERE id IN (SELECT value FROM json_each(?)) ORDER BY kind',
    JSON.stringify(ids),
  )
}

it('the Cron of every minute reminds, tells the inviter that an invitation expired, and gathers what there is to tell, each once', async () => {
  await run("UPDATE mails SET state = 'sent'")
  const now = Date.now()
  expect(await queuedAt(now)).toEqual([])
  expect(await queuedAt(now + DAY_MS)).toEqual([{ kind: 'reminder' }])
  await run("UPDATE mails SET state = 'sent'")
  expect(await queuedAt(now + DAY_MS)).toEqual([])

  for (let i = 0; i < 3; i++) await queuedAt(now + 3 * DAY_MS)
  expect(await all("SELECT kind, to_key FROM mails WHERE kind = 'notice'")).toEqual([{ kind: 'notice', to_key: 'ada@acme.test' }])
})

it('the Cron of every minute tells whoever needs a second factor, at once', async () => {
  await willAskForFactor()
  await run("UPDATE mails SET state = 'sent'")
  await run("INSERT INTO factor_reminders (tenant_id, member_id, stage, due_at) VALUES ('acme', '', 'begins', 1)")
  const now = Date.now()

  expect(await queuedAt(now)).toEqual([{ kind: 'factor_reminder' }, { kind: 'factor_reminder' }])
  await run("UPDATE mails SET state = 'sent'")
  expect(await queuedAt(now + 60_000)).toEqual([])
})

it('an answer in the browser is told to the inviter with the next run', async () => {
  const { decline } = await pageOf('pia@acme.test')
  await new Client().post(decline, { token: await tokenOf('pia@acme.test') })
  await run("UPDATE mails SET state = 'sent'")

  expect(await queuedAt(Date.now())).toEqual([{ kind: 'notice' }])
})

async function heard(act: () => Promise<void>) {
  const ear = listen()
  await act()
  return ear.stop().map((line) => JSON.parse(line))
}

it('a run writes one line with what each task dealt with', async () => {
  await run("INSERT INTO throttles VALUES ('a', 1, 0, 0), ('b', 1, 0, 0)")
  const lines = await heard(() => runCron(env, NIGHT, Date.now()))
  expect(lines).toEqual([
    expect.objectContaining({ action: 'cron every night', outcome: 'done', pruneThrottles: 2, pruneSessions: 0, pruneMails: 0 }),
  ])
})

it('what fails in one task keeps no other from its work, and both are said', async () => {
  await run("INSERT INTO throttles VALUES ('a', 1, 0, 0)")
  await run("CREATE TRIGGER trouble BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'trouble'); END")
  await run(
    "INSERT INTO sessions (id, secret_hash, user_id, user_agent, ip, created_at, last_seen_at, expires_at) VALUES ('s', ?, 'user-bob', '', '', 0, 0, 0)",
    's'.repeat(64),
  )
  const lines = await heard(() => runCron(env, NIGHT, Date.now()))

  expect(await all('SELECT 1 FROM throttles')).toEqual([])
  expect(lines).toContainEqual(expect.objectContaining({ action: 'pruneSessions', outcome: 'failed', code: 'SQLITE_CONSTRAINT' }))
  expect(lines).toContainEqual(expect.objectContaining({ action: 'cron every night', outcome: 'incomplete', pruneThrottles: 1 }))
})

it.each([MINUTE, '17 3 * * *'])('a run of %s that finds nothing asks D1 a few times', async (cron) => {
  const DB = counted(env.DB)
  await heard(() => runCron({ ...env, DB }, cron, Date.now()))
  expect(DB.roundTrips()).toBeLessThanOrEqual(28)
})

it('a night seals authenticator apps with the newest key, and says how many no key opens', async () => {
  await hasAuthenticatorApp('bob')
  const newest = { kid: '20260102T0000Z', startsAt: Date.UTC(2026, 0, 2), key: new Uint8Array(32) }
  const night = (TOTP_KEYS: typeof env.TOTP_KEYS) => heard(() => runCron({ ...env, TOTP_KEYS }, NIGHT, Date.now()))
  const done = { action: 'cron every night', outcome: 'done' }
  expect(await night([...env.TOTP_KEYS, newest])).toContainEqual(
    expect.objectContaining({ ...done, resealTotpSecrets: 1, unreadableTotpSecrets: 0 }),
  )

  const lines = await night(env.TOTP_KEYS)
  expect(lines).toContainEqual(expect.objectContaining({ action: 'unreadableTotpSecrets', outcome: 'misconfigured', count: 1 }))
  expect(lines).toContainEqual(expect.objectContaining({ ...done, unreadableTotpSecrets: 1 }))
})

it('a night forgets sign-ins that no second factor came for, and browsers that were not used for ninety days', async () => {
  const now = Date.now()
  const hash = 'a'.repeat(64)
  await run("INSERT INTO sign_ins VALUES ('old', 'user-bob', ?1, 0, 1, ?2), ('new', 'user-bob', ?1, 0, 1, ?2 + 1)", hash, now)
  await run(
    `INSERT INTO known_browsers SELECT 'user-bob', value, value || substr(?1, 2), 'Test', 'local', 1, ?2 - (value = 'a') FROM json_each('["a","b"]')`,
    hash,
    now - 90 * DAY_MS + 1,
  )
  await runCron(env, NIGHT, now)

  expect([await all('SELECT id FROM sign_ins'), await all('SELECT id FROM known_browsers')]).toEqual([
    [{ id: 'new' }],
    [{ id: 'b' }],
  ])
})

it('a night forgets challenges that nobody answered, and links for a second factor that expired a month ago', async () => {
  const now = Date.now()
  const link =
    "INSERT INTO factor_links (id, user_id, purpose, jti, state, created_at, expires_at) VALUES (?1, 'user-bob', 'lost', ?2, 'open', 1, ?3)"
  await run(link, 'old', 'o'.repeat(43), now - 30 * DAY_MS - 1)
  await run(link, 'new', 'n'.repeat(43), now - 30 * DAY_MS)
  await run("INSERT INTO challenges VALUES ('old', 'sign_in', 'a', 1, ?1), ('new', 'sign_in', 'a', 1, ?1 + 1)", now)
  await runCron(env, NIGHT, now)

  expect([await all('SELECT id FROM factor_links'), await all('SELECT challenge FROM challenges')]).toEqual([
    [{ id: 'new' }],
    [{ challenge: 'new' }],
  ])
})
