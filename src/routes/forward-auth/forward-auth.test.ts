import { beforeEach, describe, expect, it } from 'vitest'
import { all, run } from '../../../test/database'
import { behindProxy, TOOL_HOST, visitor } from '../../../test/proxy'

beforeEach(() => behindProxy())

const latchkeyHeaders = (answer: Response) =>
  Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('x-latchkey-')))

describe('a proxy', () => {
  it('leads somebody to sign in and back to where they were going, and is told who they are from then on', async () => {
    const bob = await visitor('bob')
    const { answer, way } = await bob.opens('/d/1?tab=2&from=%2Fhome')
    expect(answer.status).toBe(200)
    expect(way.map((url) => url.replace(/=[\w-]{40,}/, '=...'))).toEqual([
      `https://latchkey.test/oauth/forward?client_id=traces&forward_host=${TOOL_HOST}&to=%2Fd%2F1%3Ftab%3D2%26from%3D%252Fhome&nonce=...`,
      `https://${TOOL_HOST}/.latchkey/callback?code=...`,
      `https://${TOOL_HOST}/d/1?tab=2&from=%2Fhome`,
    ])
    const [subject] = await all<{ sub: string }>('SELECT sub FROM subjects')
    expect(latchkeyHeaders(answer)).toEqual({
      'x-latchkey-user': subject?.sub,
      'x-latchkey-email': 'bob@acme.test',
      'x-latchkey-name': 'Bob Okafor',
      'x-latchkey-role': 'user',
      'x-latchkey-groups': 'role:user,section:traces',
    })
  })

  it('asks the database once for each request, and twice where a code is used', async () => {
    const bob = await visitor('bob')
    const first = await bob.asks('/')
    expect([first.status, bob.atTool.roundTrips]).toEqual([303, 1])
    const there = await bob.atLatchkey.get(new URL(first.headers.get('Location') ?? '').href.replace('https://latchkey.test', ''))
    expect([there.status, bob.atLatchkey.roundTrips]).toEqual([303, 2])
    const back = new URL(there.headers.get('Location') ?? '')
    const ticket = await bob.asks(back.pathname + back.search)
    expect([ticket.status, bob.atTool.roundTrips]).toEqual([303, 2])
    expect([(await bob.asks('/')).status, bob.atTool.roundTrips]).toEqual([200, 1])
    expect([(await bob.checks('/')).status, bob.atTool.roundTrips]).toEqual([200, 1])
    expect(bob.atTool.bill).toMatchObject({ read: 11, written: 0 })
  })
})

describe('nginx', () => {
  it('is told by status whether somebody may go on, and where to by the next question', async () => {
    const bob = await visitor('bob')
    const first = await bob.checks('/d/1')
    expect([first.status, first.headers.get('Location'), first.headers.getSetCookie()]).toEqual([401, null, []])
    expect((await bob.starts('/d/1')).headers.get('Location')).toContain('https://latchkey.test/oauth/forward?')
    await bob.opens('/')
    const then = await bob.checks('/d/1')
    expect([then.status, then.headers.get('X-Latchkey-Email'), then.headers.get('Cookie')]).toEqual([200, 'bob@acme.test', null])
  })

  it('is never let through by what a browser is shown', async () => {
    const bob = await visitor('bob')
    await bob.opens('/')
    const start = await bob.starts('/d/1')
    expect([start.status, start.headers.get('Location'), latchkeyHeaders(start)]).toEqual([303, `https://${TOOL_HOST}/d/1`, {}])
    for (const asks of [bob.starts('/.latchkey/other'), bob.asks('/.latchkey/other')]) expect((await asks).status).toBe(404)
  })
})

describe('the tool', () => {
  it('gets the cookies of its own, and neither the ticket nor the nonce', async () => {
    const bob = await visitor('bob')
    bob.atTool.cookies.set('theme', 'dark')
    await bob.opens('/')
    bob.atTool.cookies.set('grafana', 'a=b')
    expect([...bob.atTool.cookies.keys()]).toEqual(['theme', '__Host-latchkey-nonce', '__Host-latchkey', 'grafana'])
    expect((await bob.asks('/')).headers.get('Cookie')).toBe('theme=dark; grafana=a=b')
  })

  it.each([
    ['Zoë 50% 日本', 'Zo%C3%AB 50%25 %E6%97%A5%E6%9C%AC'],
    ['Eve\r\nX-Latchkey-Role: admin', 'Eve%0D%0AX-Latchkey-Role: admin'],
    [null, ''],
  ])('is told of %o without a break in its headers', async (name, told) => {
    await run("UPDATE users SET name = ? WHERE id = 'user-bob'", name)
    const bob = await visitor('bob')
    expect(latchkeyHeaders((await bob.opens('/')).answer)).toMatchObject({ 'x-latchkey-name': told, 'x-latchkey-role': 'user' })
  })

  it('is told of no address that nobody has proven, by a header that is empty', async () => {
    const bob = await visitor('bob')
    await run("UPDATE users SET proved_at = NULL WHERE id = 'user-bob'")
    expect(latchkeyHeaders((await bob.opens('/')).answer)).toMatchObject({ 'x-latchkey-email': '' })
  })

  it('of an agent learns neither sections nor other agents', async () => {
    await run("UPDATE apps SET section = NULL, agent_id = 'agent-support-triage'")
    expect(latchkeyHeaders((await (await visitor('bob')).opens('/')).answer)).toMatchObject({ 'x-latchkey-groups': '' })
  })
})

describe('every request', () => {
  it('is decided by what the database says then, not by what ended before', async () => {
    const bob = await visitor('bob')
    await bob.opens('/')
    await run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', 'traces', 'off')")
    expect(await all('SELECT ended_at FROM app_grants')).toEqual([{ ended_at: null }])
    expect((await bob.checks('/')).status).toBe(401)
    expect((await bob.opens('/')).answer.status).toBe(403)
    await run("UPDATE member_sections SET access = 'on'")
    expect((await bob.checks('/')).status).toBe(200)
  })
})

describe('a session', () => {
  it('is in use while its tool is, which is noted once a minute', async () => {
    const bob = await visitor('bob')
    await bob.opens('/')
    const seen = () =>
      all<{ at: number; used: number }>(
        'SELECT s.last_seen_at AS at, g.used_at AS used FROM sessions s JOIN app_grants g ON g.session_id = s.id',
      )
    const before = await seen()
    await bob.checks('/')
    expect(await seen()).toEqual(before)
    await run('UPDATE sessions SET last_seen_at = last_seen_at - 1740000')
    await run('UPDATE app_grants SET used_at = used_at - 1740000')
    const [old] = await seen()
    expect((await bob.checks('/')).status).toBe(200)
    const [now] = await seen()
    expect([(now?.at ?? 0) - (old?.at ?? 0) > 1_700_000, (now?.used ?? 0) - (old?.used ?? 0) > 1_700_000]).toEqual([true, true])
  })

  it('that was idle for half an hour lets nobody through', async () => {
    const bob = await visitor('bob')
    await bob.opens('/')
    await run('UPDATE sessions SET last_seen_at = last_seen_at - 1800001')
    expect((await bob.checks('/')).status).toBe(401)
  })

  it('keeps what it has granted the app by other ways', async () => {
    const bob = await visitor('bob')
    await bob.opens('/')
    await run("UPDATE app_grants SET offline = 1, scope = 'openid offline_access'")
    bob.atTool.cookies.clear()
    await bob.opens('/')
    expect(await all('SELECT offline, scope FROM app_grants')).toEqual([
      { offline: 1, scope: 'openid offline_access profile email groups' },
    ])
  })
})
