import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env as bindings } from 'cloudflare:workers'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { Client } from '../../test/client'
import { all, one, run } from '../../test/database'
import { listen } from '../../test/logged'
import type { LogoutMood, Told } from '../../test/logout-endpoint'
import { together, tryOften } from '../../test/race'
import { connected, signsInTo, tool } from '../../test/tool'
import { type Bindings, LOGOUTS_DUE, type LogoutMessage, readEnv } from '../env'
import { DAY_MS, LOGOUTS, OUTBOX } from '../limits'
import { consumeLogouts, sweepLogouts, tellApps } from './logouts'

const sent: { message: unknown; delay: number | undefined }[] = []
const JOB_QUEUE = Object.assign(Object.create(bindings.JOB_QUEUE) as Bindings['JOB_QUEUE'], {
  send: async (message: unknown, options?: QueueSendOptions) => void sent.push({ message, delay: options?.delaySeconds }),
})
const env = { ...readEnv(bindings), JOB_QUEUE }

let key = ''
let uri = ''
let ids = 0
beforeEach(async () => {
  sent.length = 0
  key = crypto.randomUUID()
  uri = `${inject('providerUrl')}/tool/${key}`
  await connected({ logout_uri: uri })
})

const does = (...moods: LogoutMood[]) => fetch(uri, { method: 'PUT', body: JSON.stringify(moods) })
const told = async (): Promise<Told[]> => (await fetch(uri)).json()

/** Somebody's sign-in to the app is over, which it has yet to be told. */
async function over(columns: Record<string, string | number> = {}) {
  const row = {
    id: `over-${ids++}`,
    tenant_id: 'acme',
    app_id: 'traces',
    member_id: 'bob',
    uri,
    sub: 'sub',
    sid: 'sid',
    due_at: 1,
    created_at: Date.now(),
    ...columns,
  }
  await run(
    `INSERT INTO app_logouts (${Object.keys(row).join()}) VALUES (${Object.keys(row)
      .map(() => '?')
      .join()})`,
    ...Object.values(row),
  )
  return row.id
}
const rowOf = (id: string) =>
  one<{ state: string; attempts: number; detail: string | null; due_at: number }>(
    'SELECT state, attempts, detail, due_at FROM app_logouts WHERE id = ?',
    id,
  )
const tell = (now = Date.now(), fetcher?: typeof fetch) => tellApps(env, now, fetcher)
const dueAgain = () => run("UPDATE app_logouts SET due_at = 1 WHERE state = 'waiting'")

describe('an app', () => {
  it('is told with a token that its client library believes, once', async () => {
    const traces = await tool()
    const { client, tokens } = await signsInTo(traces, 'bob')
    await client.post('/logout')
    expect(client.wakes).toBe(1)
    await tell()
    await tell()
    const [{ token = '', type = '' } = {}, ...others] = await told()
    expect(others).toEqual([])
    expect(type).toBe('application/x-www-form-urlencoded;charset=UTF-8')
    const keys = (await (await new Client().get('/oauth/jwks')).json()) as JSONWebKeySet
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: bindings.APP_ORIGIN,
      audience: 'traces',
      typ: 'logout+jwt',
      algorithms: ['RS256'],
      requiredClaims: ['iat', 'exp', 'jti', 'sub', 'sid', 'events'],
    })
    const { sub, sid } = tokens.claims() ?? { sub: '', sid: '' }
    expect(payload).toMatchObject({ sub, sid, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })
    expect([payload.nonce, (payload.exp ?? 0) - (payload.iat ?? 0)]).toEqual([undefined, 120])
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', kid: expect.stringMatching(/Z$/) })
    expect(await all('SELECT state, done_at > 0 AS done FROM app_logouts')).toEqual([{ state: 'sent', done: 1 }])
  })

  it.each([200, 204])('that answers %d has been told', async (status) => {
    await does(status)
    const id = await over()
    await tell()
    expect(await rowOf(id)).toMatchObject({ state: 'sent', attempts: 1, detail: null })
    expect(sent).toEqual([])
  })

  it('that answers 400 is not told again', async () => {
    await does(400)
    const id = await over()
    await tell()
    expect(await rowOf(id)).toMatchObject({ state: 'failed', detail: 'refused 400' })
    expect(sent).toEqual([])
  })

  it.each([
    [500, 'status 500'],
    [404, 'status 404'],
    [202, 'status 202'],
    ['redirecting', 'moved 307'],
    ['resetting', 'unreachable'],
  ] as [LogoutMood, string][])('that is %s is told again', async (mood, detail) => {
    await does(mood, 200)
    const id = await over()
    await tell()
    expect(await rowOf(id)).toMatchObject({ state: 'waiting', attempts: 1, detail })
    expect(sent).toEqual([{ message: LOGOUTS_DUE, delay: expect.toSatisfy((s: number) => s >= 0 && s <= 5) }])
    await dueAgain()
    await tell()
    expect(await rowOf(id)).toMatchObject({ state: 'sent', attempts: 2, detail: null })
    expect((await told()).map(({ path }) => path)).toEqual([`/tool/${key}`, `/tool/${key}`])
  })

  it('that hangs is given five seconds, also in which it has begun to answer without end', async () => {
    await does('hanging', 'endless', 200)
    const id = await over()
    const start = Date.now()
    await tell()
    expect([await rowOf(id), Date.now() - start]).toEqual([
      expect.objectContaining({ state: 'waiting', detail: 'timeout' }),
      expect.toSatisfy((ms: number) => ms >= LOGOUTS.timeoutMs - 50 && ms < LOGOUTS.timeoutMs + 3000),
    ])
    await dueAgain()
    await tell()
    expect(await rowOf(id)).toMatchObject({ state: 'sent' })
  })

  it('that asks for time is given it', async () => {
    await does('later')
    const [id, start] = [await over(), Date.now()]
    await tell()
    expect((await rowOf(id))?.due_at).toBeGreaterThanOrEqual(start + 120_000)
  })

  it('is told for a day, and not any more after it', async () => {
    await does(500)
    const [young, old] = [
      await over({ created_at: Date.now() - DAY_MS + 60_000 }),
      await over({ created_at: Date.now() - DAY_MS - 1 }),
    ]
    await tell()
    expect([await rowOf(young), await rowOf(old)]).toMatchObject([{ state: 'waiting' }, { state: 'failed', detail: 'status 500' }])
  })

  it('that moved is told there, and one without an address any more is not told', async () => {
    const [moved, gone] = [await over({ uri: 'https://old.example/' }), await over({ app_id: 'logs', uri })]
    await connected({ id: 'logs', section: 'logs' })
    await tell()
    expect([await rowOf(moved), await rowOf(gone)]).toMatchObject([{ state: 'sent' }, { state: 'failed', detail: 'address' }])
  })

  it('that was disconnected is told where it was', async () => {
    const id = await over({ app_id: 'gone' })
    await tell()
    expect(await rowOf(id)).toMatchObject({ state: 'sent' })
  })
})

describe('nothing is sent', () => {
  it.each([
    'https://192.0.2.7/x',
    'https://localhost/x',
    'https://latchkey.test/x',
    'http://tool.example/x',
    'https://tool.example:8443/x',
  ])('to %s', async (address) => {
    const fetcher = vi.fn<typeof fetch>()
    const id = await over({ app_id: 'gone', uri: address })
    await tell(Date.now(), fetcher)
    expect([fetcher.mock.calls, await rowOf(id)]).toEqual([[], expect.objectContaining({ state: 'failed', detail: 'address' })])
  })

  it('to loopback in production', async () => {
    const fetcher = vi.fn<typeof fetch>()
    await over()
    await tellApps({ ...env, ENVIRONMENT: 'production' }, Date.now(), fetcher)
    expect(fetcher.mock.calls).toEqual([])
  })
})

describe('the outbox', () => {
  it('is one consumer’s, of many at once', async () => {
    await tryOften(async () => {
      await run('DELETE FROM app_logouts')
      await over()
      const posts: string[] = []
      const fetcher = async (url: RequestInfo | URL) => {
        posts.push(String(url))
        return new Response()
      }
      await together(() => tell(Date.now(), fetcher))
      expect(posts).toHaveLength(1)
    })
  })

  it('tells it again where its consumer died between telling and writing that down, and a dead one that comes back changes nothing', async () => {
    const id = await over()
    let die: (reason: Error) => void = () => {}
    const late = new Promise<Response>((_, reject) => {
      die = reject
    })
    const dead = tell(Date.now(), () => late)
    await vi.waitFor(async () => expect(await rowOf(id)).toMatchObject({ attempts: 1 }))
    await tell()
    expect(await told()).toEqual([])
    await tell(Date.now() + OUTBOX.leaseMs + 1)
    expect([(await told()).length, await rowOf(id)]).toEqual([1, expect.objectContaining({ state: 'sent', attempts: 2 })])
    die(new Error('lost'))
    await dead
    expect(await rowOf(id)).toMatchObject({ state: 'sent', attempts: 2, detail: null })
  })

  it('is not closed by a consumer whose lease has passed to another one, which is still at it', async () => {
    const id = await over()
    const [refuse, late] = [Promise.withResolvers<Response>(), Promise.withResolvers<Response>()]
    const dead = tell(Date.now(), () => refuse.promise)
    await vi.waitFor(async () => expect(await rowOf(id)).toMatchObject({ attempts: 1 }))
    const alive = tell(Date.now() + OUTBOX.leaseMs + 1, () => late.promise)
    await vi.waitFor(async () => expect(await rowOf(id)).toMatchObject({ attempts: 2 }))
    refuse.resolve(new Response(null, { status: 400 }))
    await dead
    expect(await rowOf(id)).toMatchObject({ state: 'waiting', attempts: 2, detail: null })
    late.resolve(new Response())
    await alive
    expect(await rowOf(id)).toMatchObject({ state: 'sent', attempts: 2 })
  })

  it('of many takes some, wakes another consumer for the rest, and has few connections open', async () => {
    for (let i = 0; i < LOGOUTS.atOnce + 1; i++) await over()
    let [open, most] = [0, 0]
    await tell(Date.now(), async () => {
      most = Math.max(most, ++open)
      await scheduler.wait(5)
      open--
      return new Response()
    })
    expect([most, sent]).toEqual([LOGOUTS.connections, [{ message: LOGOUTS_DUE, delay: undefined }]])
    expect(await all("SELECT count(*) AS n FROM app_logouts WHERE state = 'waiting'")).toEqual([{ n: 1 }])
  })

  it('asks an app that hangs no more than once a connection, and the others wait for it no longer', async () => {
    for (let i = 0; i < 20; i++) await over({ app_id: 'hanging', uri: 'https://hanging.example/' })
    const id = await over({ app_id: 'gone', due_at: 2 })
    const posts: string[] = []
    await tell(Date.now(), async (url) => {
      posts.push(String(url))
      if (String(url).includes('hanging')) throw new Error('down')
      return new Response()
    })
    expect(posts.filter((url) => url.includes('hanging')).length).toBeLessThanOrEqual(LOGOUTS.connections)
    expect(await rowOf(id)).toMatchObject({ state: 'sent' })
    expect(await all("SELECT DISTINCT state, attempts, detail FROM app_logouts WHERE app_id = 'hanging'")).toEqual([
      { state: 'waiting', attempts: 1, detail: 'unreachable' },
    ])
  })

  it('is swept for what the Queue lost, and for nothing else', async () => {
    await over({ due_at: Date.now() + 60_000 })
    expect([await sweepLogouts(env), sent]).toEqual([0, []])
    await over()
    expect([await sweepLogouts(env), sent]).toEqual([1, [{ message: LOGOUTS_DUE, delay: undefined }]])
  })

  it('is told by the Queue, and says in the log what became of it and nothing of the token', async () => {
    const ear = listen()
    const id = await over()
    const batch = createMessageBatch<LogoutMessage>('latchkey-jobs', [
      { id: 'm', timestamp: new Date(), attempts: 1, body: LOGOUTS_DUE },
    ])
    await consumeLogouts(batch, env)
    const lines = ear.stop().map((line) => JSON.parse(line))
    expect(await getQueueResult(batch, createExecutionContext())).toMatchObject({ explicitAcks: ['m'] })
    expect(lines).toEqual([{ at: expect.any(String), action: 'tell app', outcome: 'told', row: id, attempt: 1 }])
  })
})
