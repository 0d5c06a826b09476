import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { Client } from '../../../test/client'
import { all, run } from '../../../test/database'
import { behindProxy, TOOL_HOST, Visitor, visitor } from '../../../test/proxy'
import { CALLBACK, connected, TOOL_SECRET } from '../../../test/tool'
import { sha256 } from '../../models/core/random'

const OTHER_HOST = 'logs.acme.example'
const OTHER = { id: 'logs', name: 'Logs', section: 'logs', secret_hash: '' }

beforeEach(async () => {
  await behindProxy()
  await behindProxy({ ...OTHER, secret_hash: await sha256('the-secret-of-logs') }, OTHER_HOST)
})

const TO_LOGS = { app: 'logs', secret: 'the-secret-of-logs', host: OTHER_HOST }

/** Bob at Latchkey, with what he is sent back to the tool with. */
async function backToTool(bob: Visitor) {
  const way = await bob.asks('/')
  const answer = await bob.atLatchkey.get(pathTo(way))
  return pathTo(answer)
}
const pathTo = (answer: Response) => {
  const { pathname, search } = new URL(answer.headers.get('Location') ?? '', env.APP_ORIGIN)
  return pathname + search
}

describe('a proxy', () => {
  it.each([
    ['with another secret', { secret: 'not-the-secret' }],
    ['with the secret of another app', { secret: 'the-secret-of-logs' }],
    ['that names no app of ours', { app: 'nobody' }],
  ])('%s hears nothing', async (_, proxy) => {
    const bob = await visitor('bob')
    await bob.opens('/')
    for (const answer of [await bob.asks('/', proxy), await bob.checks('/', proxy)]) {
      expect([answer.status, answer.headers.get('X-Latchkey-User'), answer.headers.get('Location')]).toEqual([403, null, null])
    }
  })

  it('without a proof hears nothing either, and an app without a secret has no proxy', async () => {
    await connected({ id: 'public', auth: 'none', secret_hash: null })
    await run("INSERT INTO app_hosts (host, app_id) VALUES ('public.acme.example', 'public')")
    const bob = await visitor('bob')
    const bare = await bob.asks('/', { headers: { Authorization: undefined } })
    const open = await bob.asks('/', { app: 'public', secret: 'null', host: 'public.acme.example' })
    const hashed = await bob.asks('/', { app: 'traces', secret: await sha256(TOOL_SECRET) })
    expect([bare.status, open.status, hashed.status]).toEqual([403, 403, 403])
  })

  it('goes on with its former secret until that ends', async () => {
    await run(
      'UPDATE apps SET secret_hash = ?, former_secret_hash = secret_hash, former_secret_until = ?',
      await sha256('new'),
      Date.now() + 60_000,
    )
    const bob = await visitor('bob')
    expect([(await bob.asks('/')).status, (await bob.asks('/', { secret: 'new' })).status]).toEqual([303, 303])
    await run('UPDATE apps SET former_secret_until = 1')
    expect((await bob.asks('/')).status).toBe(403)
  })

  it('that guesses is stopped for its network and its app, and nobody locks out one that knows the secret', async () => {
    const bob = await visitor('bob')
    for (let i = 0; i < 20; i++) expect((await bob.asks('/', { secret: `guess-${i}` })).status).toBe(403)
    const late = await bob.asks('/', { secret: 'guess-20' })
    expect([late.status, Number(late.headers.get('Retry-After')) > 200]).toEqual([429, true])
    expect([(await bob.asks('/')).status, (await bob.asks('/', TO_LOGS)).status]).toEqual([303, 303])
    await bob.asks('/', { app: 'nobody', secret: 'guess' })
    expect(await all("SELECT key FROM throttles WHERE key LIKE 'app:%' AND key NOT LIKE 'app:traces:%'")).toEqual([])
  })

  it('asks for the hosts of its own app alone', async () => {
    const bob = await visitor('bob')
    await bob.opens('/', TO_LOGS)
    for (const host of [OTHER_HOST, 'evil.test', `${TOOL_HOST}.evil.test`, `${TOOL_HOST}:8443`]) {
      const answer = await bob.asks('/', { host })
      expect([answer.status, answer.headers.get('Location')]).toEqual([403, null])
    }
    for (const host of ['', `${TOOL_HOST}/x`, `a@${TOOL_HOST}`, `${TOOL_HOST}#`])
      expect((await bob.asks('/', { host })).status).toBe(400)
    expect((await bob.asks('/', { host: TOOL_HOST.toUpperCase() })).status).toBe(303)
  })
})

describe('two apps', () => {
  it('cannot have one host', async () => {
    await expect(run("INSERT INTO app_hosts (host, app_id) VALUES (?, 'logs')", TOOL_HOST)).rejects.toThrow('UNIQUE')
  })
})

describe('a code', () => {
  it.each([
    [
      'another browser',
      async (bob: Visitor, code: string) => {
        const mallory = new Visitor(bob.atLatchkey)
        await mallory.asks('/')
        return mallory.asks(code)
      },
    ],
    ['a browser that never set out', (bob: Visitor, code: string) => new Visitor(bob.atLatchkey).asks(code)],
    ['another app', (bob: Visitor, code: string) => bob.asks(code, TO_LOGS)],
    [
      'another host of the same app',
      async (bob: Visitor, code: string) => {
        await run("INSERT INTO app_hosts (host, app_id) VALUES ('more.acme.example', 'traces')")
        return bob.asks(code, { host: 'more.acme.example' })
      },
    ],
  ])('is of no use to %s, and goes on to work where it belongs', async (_, steal) => {
    const bob = await visitor('bob')
    const code = await backToTool(bob)
    const answer = await steal(bob, code)
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []])
    expect((await bob.asks(code)).headers.getSetCookie().join()).toContain('__Host-latchkey=')
  })

  it('counts once: whoever brings it again ends what it gave', async () => {
    const bob = await visitor('bob')
    const code = await backToTool(bob)
    await bob.asks(code)
    expect((await bob.asks('/')).status).toBe(200)
    expect((await bob.asks(code)).status).toBe(400)
    expect((await bob.checks('/')).status).toBe(401)
    expect(await all('SELECT ended_at > 0 AS ended FROM app_grants')).toEqual([{ ended: 1 }])
  })

  it('counts for a minute', async () => {
    const bob = await visitor('bob')
    const code = await backToTool(bob)
    await run("UPDATE app_tokens SET expires_at = ? WHERE kind = 'forward_code'", Date.now())
    expect((await bob.asks(code)).status).toBe(400)
    expect((await bob.checks('/')).status).toBe(401)
  })

  it('of an app is none for a proxy, and none of a proxy is for an app', async () => {
    const bob = await visitor('bob')
    const code = new URLSearchParams((await backToTool(bob)).split('?')[1]).get('code') ?? ''
    const fields = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: CALLBACK,
      client_id: 'traces',
      client_secret: TOOL_SECRET,
    }
    const answer = await new Client().post('/oauth/token', fields, { headers: { Origin: undefined } })
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_grant' }])
    await run("UPDATE app_tokens SET kind = 'AuthorizationCode'")
    expect((await bob.asks(`/.latchkey/callback?code=${code}`)).status).toBe(400)
  })
})

describe('a ticket', () => {
  it.each([
    ['another app', TO_LOGS],
    ['another host of its app', { host: 'more.acme.example' }],
  ])('is of no use for %s', async (_, there) => {
    await run("INSERT INTO app_hosts (host, app_id) VALUES ('more.acme.example', 'traces')")
    const bob = await visitor('bob')
    await bob.opens('/')
    expect((await bob.asks('/', there)).status).toBe(303)
  })

  it('and a code are of no use once the host belongs to another app', async () => {
    const [bob, ada] = [await visitor('bob'), await visitor('ada')]
    await bob.opens('/')
    const code = await backToTool(ada)
    await run("UPDATE app_hosts SET app_id = 'logs' WHERE host = ?", TOOL_HOST)
    expect((await ada.asks(code, { ...TO_LOGS, host: TOOL_HOST })).status).toBe(400)
    expect((await bob.checks('/', { ...TO_LOGS, host: TOOL_HOST })).status).toBe(401)
  })

  it('is not the code that it was given for, nor any other token', async () => {
    const bob = await visitor('bob')
    const code = new URLSearchParams((await backToTool(bob)).split('?')[1]).get('code') ?? ''
    bob.atTool.cookies.set('__Host-latchkey', code)
    expect((await bob.checks('/')).status).toBe(401)
  })

  it('ends with its twelve hours, and with the session that it was given by', async () => {
    const bob = await visitor('bob')
    await bob.opens('/')
    await run("UPDATE app_tokens SET expires_at = ? WHERE kind = 'ticket'", Date.now())
    expect((await bob.checks('/')).status).toBe(401)
    await bob.opens('/')
    expect((await bob.checks('/')).status).toBe(200)
    await bob.atLatchkey.post('/logout')
    expect((await bob.checks('/')).status).toBe(401)
  })
})

describe('where somebody is led', () => {
  it.each([
    ['//evil.test/x', `https://${TOOL_HOST}//evil.test/x`],
    ['/\\evil.test', `https://${TOOL_HOST}//evil.test`],
    ['https://evil.test/', `https://${TOOL_HOST}/`],
    ['@evil.test/', `https://${TOOL_HOST}/`],
    [`/${'a'.repeat(2049)}?x`, `https://${TOOL_HOST}/`],
    [`/long?${'a'.repeat(2049)}`, `https://${TOOL_HOST}/long`],
  ])('is the host that they came from, whatever they asked for: %s', async (path, end) => {
    const bob = await visitor('bob')
    const { answer, way } = await bob.opens(path)
    expect([answer.status, way.at(-1)]).toEqual([200, end])
  })

  it.each([
    { forward_host: 'evil.test' },
    { forward_host: OTHER_HOST },
    { forward_host: `${TOOL_HOST}@evil.test` },
    { client_id: 'logs' },
    { client_id: 'nobody' },
    { nonce: '' },
    { nonce: 'x'.repeat(64) },
  ])('is nowhere where the address was made up: %o', async (made) => {
    const bob = await visitor('bob')
    const query = { client_id: 'traces', forward_host: TOOL_HOST, to: '/', nonce: await sha256('nonce'), ...made }
    const answer = await bob.atLatchkey.get(`/oauth/forward?${new URLSearchParams(query)}`)
    expect([answer.status, answer.headers.get('Location')]).toEqual([404, null])
    expect(await all('SELECT id FROM app_grants')).toEqual([])
  })

  it('is not to what a link says of where to go on', async () => {
    const bob = await visitor('bob')
    const query = { client_id: 'traces', forward_host: TOOL_HOST, to: 'https://evil.test/', nonce: await sha256('nonce') }
    await bob.atLatchkey.get(`/oauth/forward?${new URLSearchParams(query)}`)
    expect(await all('SELECT payload ->> \'to\' AS "to" FROM app_tokens')).toEqual([{ to: '/' }])
  })
})
