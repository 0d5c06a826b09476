import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { AGENT, agrees, begins, codeIn, describes, letsIn, PROGRAM, Program } from '../../../test/mcp'
import { connected } from '../../../test/tool'
import { HOUR_MS } from '../../limits'
import { DOCUMENT } from '../../models/apps/metadata-client'

const BACK = 'http://127.0.0.1:33418/callback'
const OTHER = 'https://other.example/mcp'

let bob: Client
let asked: string[]

beforeEach(async () => {
  await connected({ id: 'helper', section: null, agent_id: 'agent-release-notes', resource: AGENT })
  await run("UPDATE tenants SET metadata_clients = 1 WHERE id = 'acme'")
  bob = await signedIn('bob')
  asked = describes()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** What a program asks for; null leaves a parameter out. */
function asking(changes: Record<string, string | string[] | null> = {}) {
  const params = {
    client_id: PROGRAM,
    redirect_uri: BACK,
    resource: AGENT,
    response_type: 'code',
    scope: 'openid profile',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...changes,
  }
  const pairs = Object.entries(params).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => (each === null ? [] : [[name, each]])),
  )
  return `/oauth/authorize?${new URLSearchParams(pairs)}`
}

describe('a document is read', () => {
  it('of no program while nobody is signed in, who is asked to sign in', async () => {
    const answer = await new Client().get(asking())
    expect([answer.status, answer.headers.get('Location')?.split('?')[0]]).toEqual([303, '/login'])
    expect(asked).toEqual([])
  })

  it('not for somebody who is no member of the workspace of the agent, nor for one that does not take such programs', async () => {
    const cat = await signedIn('cat')
    expect((await cat.get(asking())).status).toBe(404)
    await run("UPDATE tenants SET metadata_clients = 0 WHERE id = 'acme'")
    expect((await bob.get(asking())).status).toBe(404)
    expect(asked).toEqual([])
  })

  it('not before the second factor that the workspace asks for', async () => {
    await run("UPDATE tenants SET factor_policy = 'everybody', factor_policy_at = 1, factor_grace_days = 0 WHERE id = 'acme'")
    const answer = await bob.get(asking())
    expect([answer.status, answer.headers.get('Location')?.split('?')[0]]).toEqual([303, '/account/second-factor'])
    expect(asked).toEqual([])
  })

  it('for a member, once in an hour, and for nobody at the other endpoints', async () => {
    const program = new Program()
    await letsIn(bob, program)
    expect((await bob.get(asking())).status).toBe(303)
    if (program.tokenSet) program.tokenSet.access_token = 'over'
    await program.whoami()
    expect(asked).toEqual([PROGRAM])
    vi.setSystemTime(Date.now() + DOCUMENT.freshMs)
    await run('UPDATE sessions SET last_seen_at = ?', Date.now())
    expect((await bob.get(asking())).status).toBe(303)
    expect(asked).toEqual([PROGRAM, PROGRAM])
  })

  it('in two more round trips, and in none where it was read before', async () => {
    await bob.get(asking())
    expect(bob.roundTrips).toBe(3)
    await bob.get(asking())
    expect(bob.roundTrips).toBe(1)
  })

  it('20 times an hour for a person, whatever they ask for, and then for others still', async () => {
    for (let i = 0; i < 20; i++) expect((await bob.get(asking({ client_id: `${PROGRAM}?${i}` }))).status).toBe(400)
    const refused = await bob.get(asking())
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, String(HOUR_MS / 1000)])
    expect(asked).toHaveLength(20)
    const ada = await signedIn('ada')
    expect((await ada.get(asking())).status).toBe(200)
  })

  it('60 times an hour of one host, and then of others still, and of what it is known for', async () => {
    await run(
      "INSERT INTO metadata_clients (id, redirect_uris, read_at) VALUES (?, '[]', ?)",
      `${PROGRAM}?known`,
      Date.now() - HOUR_MS,
    )
    await run(
      "INSERT OR REPLACE INTO throttles (key, hits, blocked_until, resets_at) VALUES ('document:host:program.example', 60, ?, ?)",
      Date.now() + HOUR_MS,
      Date.now() + HOUR_MS,
    )
    expect((await bob.get(asking())).status).toBe(429)
    asked = describes({}, 'https://another.example/app')
    expect((await bob.get(asking({ client_id: 'https://another.example/app' }))).status).toBe(200)
    asked = describes({}, `${PROGRAM}?known`)
    expect((await bob.get(asking({ client_id: `${PROGRAM}?known` }))).status).toBe(200)
  })
})

describe('a program cannot be let in, and nobody is asked', () => {
  const refused = async (changes: Parameters<typeof asking>[0], status = 404) => {
    const before = await dump()
    const answer = await bob.get(asking(changes))
    expect([answer.status, answer.headers.get('Location')]).toEqual([status, null])
    expect(asked).toEqual([])
    expect(await dump()).toEqual(before)
  }

  it.each([
    ['no agent', null],
    ['two agents', [AGENT, OTHER]],
    ['one agent twice', [AGENT, AGENT]],
    ['an agent that nobody knows', 'https://nobody.example/mcp'],
    ['a part of one', `${AGENT}/part`],
    ['something that is no URL', 'agent'],
    ['an agent by plain HTTP', 'http://agent.example/mcp'],
  ])('which asks for %s', (_, resource) => refused({ resource }))

  it.each([
    ['an IP address', 'https://192.0.2.1/app'],
    ['a machine', 'https://localhost/app'],
    ['another port', 'https://program.example:8443/app'],
    ['ourselves', 'https://latchkey.test/dev/app'],
    ['the root of a host', 'https://program.example/'],
    ['credentials', 'https://me:secret@program.example/app'],
    ['another spelling', 'https://PROGRAM.example/app'],
    ['a network of its own', 'https://router.local/app'],
  ])('which names itself by %s', (_, client_id) => refused({ client_id }, 400))

  it('which has the id of an app in another spelling', () => refused({ client_id: 'https://helper' }, 400))

  it('by the agent of a section, which has no resource', async () => {
    await connected()
    await refused({ resource: 'https://traces.example/' })
  })

  it('silently, while its person has to sign in', async () => {
    const answer = await new Client().get(asking({ prompt: 'none' }))
    expect([answer.status, answer.headers.get('Location')]).toEqual([404, null])
  })
})

describe('a document that is not one', () => {
  it.each([
    ['is not there', new Response('{}', { status: 404 })],
    ['fails', new Response('{}', { status: 500 })],
    ['leads elsewhere', new Response(null, { status: 302, headers: { Location: 'https://127.0.0.1/' } })],
    ['is a page', new Response('<h1>Hi</h1>', { headers: { 'Content-Type': 'text/html' } })],
    ['calls itself text', new Response(JSON.stringify({ client_id: PROGRAM, redirect_uris: [BACK] }))],
    ['is too large', Response.json({ client_id: PROGRAM, redirect_uris: [BACK], client_name: 'a'.repeat(5120) })],
    ['is about another program', Response.json({ client_id: `${PROGRAM}2`, redirect_uris: [BACK] })],
    ['has a secret', Response.json({ client_id: PROGRAM, redirect_uris: [BACK], client_secret: 'secret' })],
    ['leads to another host alone', Response.json({ client_id: PROGRAM, redirect_uris: ['https://evil.example/callback'] })],
  ])('because it %s lets nobody in, and is not kept', async (_, document) => {
    describes(document)
    const answer = await bob.get(asking())
    expect([answer.status, answer.headers.get('Location')]).toEqual([400, null])
    expect(await answer.text()).toContain('program.example')
    expect(await all('SELECT id FROM metadata_clients')).toEqual([])
  })

  it('counts as read before, where it was one within the hour', async () => {
    await bob.get(asking())
    describes(new Response('{}', { status: 500 }))
    expect((await bob.get(asking())).status).toBe(200)
  })
})

describe('where a program leads', () => {
  it.each(['http://127.0.0.1:1/callback', 'http://127.0.0.1/callback'])(
    'may be any port of the machine of whoever signs in: %s',
    async (redirect_uri) => {
      expect((await bob.get(asking({ redirect_uri }))).status).toBe(200)
    },
  )

  it.each([
    'http://127.0.0.1/other',
    'http://localhost/callback',
    'http://127.0.0.1.evil.example/callback',
    'http://127.0.0.1@evil.example/callback',
    'https://program.example/callback',
    'https://evil.example/callback',
  ])('is nowhere that its document does not say: %s', async (redirect_uri) => {
    const answer = await bob.get(asking({ redirect_uri }))
    expect([answer.status, answer.headers.get('Location')]).toEqual([404, null])
  })

  it('is a page of its own host exactly, where it says so', async () => {
    describes({ redirect_uris: ['https://program.example/callback'] })
    expect((await bob.get(asking({ redirect_uri: 'https://program.example/callback' }))).status).toBe(200)
    expect((await bob.get(asking({ redirect_uri: 'https://program.example:8443/callback' }))).status).toBe(404)
  })
})

describe('each person is asked', () => {
  const pageFor = async (client: Client) => (await client.get(asking())).text()

  it('on a page that names the host and nothing that the program says of itself', async () => {
    describes({ client_name: 'Your Bank', client_uri: 'https://bank.example', logo_uri: 'https://bank.example/logo' })
    const page = await pageFor(bob)
    expect(page).toContain('<b>program.example</b>')
    expect(page).toContain('runs on this computer')
    expect(page).not.toMatch(/bank/i)
  })

  it('also where an admin has agreed to the app for everybody, and by whom another person has let in', async () => {
    await run("UPDATE apps SET granted_at = 1 WHERE id = 'helper'")
    await letsIn(bob, new Program())
    const ada = await signedIn('ada')
    expect((await ada.get(asking())).status).toBe(200)
    expect((await bob.get(asking())).status).toBe(303)
  })

  it.each([null, '', 'tools:run'])('also where a program asks for nothing that we know: %s', async (scope) => {
    expect(await (await bob.get(asking({ scope }))).text()).toContain('you belong to Acme')
    expect(codeIn(await agrees(bob, asking({ scope })))).toBeDefined()
    expect(await all('SELECT scope FROM app_grants')).toEqual([{ scope: 'openid' }])
  })

  it('for each program, and for each agent', async () => {
    await connected({ id: 'other', section: null, agent_id: 'agent-support-triage', resource: OTHER })
    await letsIn(bob, new Program())
    expect((await bob.get(asking({ resource: OTHER }))).status).toBe(200)
    describes({}, `${PROGRAM}2`)
    expect((await bob.get(asking({ client_id: `${PROGRAM}2` }))).status).toBe(200)
    expect((await bob.get(asking())).status).toBe(303)
  })

  it('anew once its document leads elsewhere, at once', async () => {
    await letsIn(bob, new Program())
    describes({ redirect_uris: ['http://127.0.0.1/callback', 'https://program.example/callback'] })
    vi.setSystemTime(Date.now() + DOCUMENT.freshMs)
    await run('UPDATE sessions SET last_seen_at = ?', Date.now())
    expect((await bob.get(asking())).status).toBe(200)
    expect(await all('SELECT client FROM app_consents')).toEqual([])
  })

  it('and what they agree to on an old page signs nobody in once the workspace takes no such programs any more', async () => {
    const page = await pageFor(bob)
    await run("UPDATE tenants SET metadata_clients = 0 WHERE id = 'acme'")
    expect((await bob.post('/oauth/consent', formIn(page, '/oauth/consent'))).status).toBe(404)
    expect(await all('SELECT client FROM app_consents')).toEqual([])
  })

  it('and agrees to no program that Latchkey has not read', async () => {
    const fields = formIn(await pageFor(bob), '/oauth/consent')
    await bob.post('/oauth/consent', { ...fields, client: 'https://unread.example/app' })
    expect(await all('SELECT client FROM app_consents')).toEqual([])
  })
})

describe('what a program was given', () => {
  it('ends with the setting of the workspace, and is asked for anew when it is on again', async () => {
    const program = new Program()
    await letsIn(bob, program)
    const ada = await signedIn('ada')
    await ada.post('/w/acme/access/settings', { metadata_clients: '' })
    expect(await all('SELECT ended_at > 0 AS ended FROM app_grants')).toEqual([{ ended: 1 }])
    expect(await all('SELECT id FROM app_tokens')).toEqual([])
    await ada.post('/w/acme/access/settings', { metadata_clients: 'on' })
    expect((await bob.get(asking())).status).toBe(200)
  })

  it('is over without a word to the server of the agent, which is told of its own sign-ins alone', async () => {
    await run("UPDATE apps SET logout_uri = 'https://agent.example/logout' WHERE id = 'helper'")
    await letsIn(bob, new Program())
    const ada = await signedIn('ada')
    await ada.post('/w/acme/access/users/bob/disable')
    expect(await all('SELECT ended_at > 0 AS ended FROM app_grants')).toEqual([{ ended: 1 }])
    expect(await all('SELECT uri FROM app_logouts')).toEqual([])
  })

  it('is no token of the app, which cannot use its codes, and it none of the app', async () => {
    const program = new Program()
    const code = codeIn(await agrees(bob, await begins(program))) ?? ''
    await run("UPDATE apps SET auth = 'none', secret_hash = NULL WHERE id = 'helper'")
    const asApp = new Program({ registered: { client_id: 'helper' } })
    asApp.saveCodeVerifier(program.codeVerifier())
    await expect(asApp.finish(code)).rejects.toThrow('grant request is invalid')
    await program.finish(code)
  })

  it('is in the log by its host, and in the name of whoever let it in', async () => {
    await letsIn(bob, new Program())
    expect(await all("SELECT member_id, after FROM activity WHERE kind = 'app_signed_in'")).toEqual([
      { member_id: 'bob', after: '{"app":"Traces","program":"program.example"}' },
    ])
  })

  it('is found by the agent’s server that asks with the secret of its app', async () => {
    const program = new Program()
    await letsIn(bob, program)
    const token = program.tokenSet?.access_token ?? ''
    expect(await introspected('helper', token)).toMatchObject({ active: true, client_id: PROGRAM, aud: AGENT, workspace: 'acme' })
    await connected({ id: 'other', section: null, agent_id: 'agent-support-triage', resource: OTHER })
    expect(await introspected('other', token)).toEqual({ active: false })
  })
})

async function introspected(id: string, token: string) {
  const headers = {
    Authorization: `Basic ${btoa(`${id}:a-secret-of-the-tests-that-nobody-else-has`)}`,
    Origin: undefined,
    'Sec-Fetch-Site': undefined,
  }
  return (await new Client().send('POST', '/oauth/introspect', new URLSearchParams({ token }), { headers })).json()
}
