import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { Client } from '../../test/client'
import { all, run } from '../../test/database'
import { listen } from '../../test/logged'
import { MONITOR } from '../../test/routes'
import { insertSession } from '../../test/session'
import { runCron } from '../cron'
import { readEnv } from '../env'
import { newSession } from '../models/identity/session'

const MINUTE_MS = 60_000
const ask = (client = new Client()) => client.get('/healthz/deep', { headers: MONITOR })

async function ran(cron: string, ago: number) {
  await run('INSERT OR REPLACE INTO cron_runs VALUES (?, ?)', cron, Date.now() - ago)
}

async function problems() {
  const answer = await ask()
  const { ok, problems } = await answer.json<{ ok: boolean; problems: string[] }>()
  expect([answer.status, ok]).toEqual(problems.length > 0 ? [503, false] : [200, true])
  return problems
}

beforeEach(async () => {
  await run("UPDATE mails SET state = 'sent'")
  await ran('every minute', MINUTE_MS)
  await ran('every night', 60 * MINUTE_MS)
})

describe('a look at the health of the deployment', () => {
  it('says that all is well, in one question to the database, and changes nothing', async () => {
    const before = await all('SELECT * FROM cron_runs')
    const client = new Client()
    const answer = await ask(client)

    expect(await answer.json()).toMatchObject({ ok: true, problems: [], oldestQueuedMs: null, d1Ms: expect.any(Number) })
    expect([answer.status, client.roundTrips]).toEqual([200, 1])
    expect(await all('SELECT * FROM cron_runs')).toEqual(before)
  })

  it('finds a Cron that has stopped, or never ran', async () => {
    await ran('every minute', 6 * MINUTE_MS)
    expect(await problems()).toEqual(['cron_late'])
    await run('DELETE FROM cron_runs')
    expect(await problems()).toEqual(['cron_late'])
  })

  it('finds nights without a run', async () => {
    await ran('every night', 27 * 60 * MINUTE_MS)
    expect(await problems()).toEqual(['cron_night_late'])
  })

  it.each([
    [14, null, []],
    [16, 'provider_unreachable', ['email_late']],
    [1, 'misconfigured_key', ['email_misconfigured']],
  ])('finds an email that has waited %i minutes because of %s: %j', async (minutes, reason, found) => {
    await run(
      "UPDATE mails SET state = 'queued', reason = ?, created_at = ? WHERE id = 'mail-pia'",
      reason,
      Date.now() - minutes * MINUTE_MS,
    )
    expect(await problems()).toEqual(found)
  })

  it.each([
    [16, ['sign_outs_late']],
    [14, []],
    [-600, []],
  ])('finds sign-outs that nobody tells apps of, %i minutes after they were due: %j', async (minutes, found) => {
    await run(
      `INSERT INTO app_logouts (id, tenant_id, app_id, uri, sub, sid, due_at, created_at)
       VALUES ('out', 'acme', 'traces', 'https://tool.example/', 'sub', 'sid', ?, 1)`,
      Date.now() - minutes * MINUTE_MS,
    )
    expect(await problems()).toEqual(found)
  })

  it('is answered 503 when the database does not answer', async () => {
    const client = Object.assign(new Client(), { failsAt: 1, spell: { times: 9 } })
    const ear = listen()
    const answer = await ask(client)
    ear.stop()
    expect(answer.status).toBe(503)
  })

  it.each([undefined, {}, { Authorization: 'Bearer nothing' }, { Authorization: MONITOR.Authorization.slice(0, -1) }])(
    'is for nobody with %j, and asks the database nothing',
    async (headers) => {
      const client = new Client()
      const answer = await client.get('/healthz/deep', headers ? { headers } : {})
      expect([answer.status, client.roundTrips]).toEqual([404, 0])
    },
  )

  it('is for nobody where no token is set', async () => {
    const client = new Client({ HEALTH_TOKEN: '' } as object)
    expect((await ask(client)).status).toBe(404)
  })
})

it('each Cron notes that it came to its end, and one in which something failed does not', async () => {
  const bindings = readEnv(env)
  await run('DELETE FROM cron_runs')
  const ear = listen()
  await runCron(bindings, '* * * * *', 1_000)
  await runCron(bindings, '17 3 * * *', 2_000)
  await run("CREATE TRIGGER trouble BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'trouble'); END")
  await insertSession({ ...(await newSession()), id: 's' }, 'user-bob', 0)
  await runCron(bindings, '17 3 * * *', Date.now())
  ear.stop()

  expect(await all('SELECT * FROM cron_runs ORDER BY at')).toEqual([
    { cron: 'every minute', at: 1_000 },
    { cron: 'every night', at: 2_000 },
  ])
})
