import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, dump, one, run } from '../../../test/database'
import { wordsOf } from '../../../test/late'
import { connected, signsInTo, tool } from '../../../test/tool'
import { sha256 } from '../../models/core/random'

let ada: Client
const APPS = '/w/acme/access/apps'
const GRAFANA = {
  for: 'section:traces',
  form: 'a-form-of-ada',
  name: 'Grafana',
  auth: 'secret',
  redirect_uris: 'https://traces.example/callback\r\nhttp://localhost:3000/cb',
}

beforeEach(async () => {
  ada = await signedIn('ada')
})

const words = async (answer: Response) => wordsOf(await answer.text())
const secretIn = (html: string) => /id="client-secret" value="([\w-]{43})"/.exec(html)?.[1] ?? ''
const appNamed = (name: string) => one<{ id: string; secret_hash: string }>('SELECT id, secret_hash FROM apps WHERE name = ?', name)

async function connect(fields: Record<string, string> = {}) {
  const answer = await ada.post(APPS, { ...GRAFANA, ...fields })
  const html = await answer.text()
  return { answer, html, secret: secretIn(html), id: (await appNamed(fields.name ?? 'Grafana'))?.id ?? '' }
}

describe('connecting an app', () => {
  it('shows the secret once, keeps its fingerprint alone, and the tool signs people in with it', async () => {
    const { answer, secret, id } = await connect()
    expect([answer.status, secret.length, answer.headers.get('Cache-Control')]).toEqual([200, 43, 'private, no-store'])
    expect((await appNamed('Grafana'))?.secret_hash).toBe(await sha256(secret))
    expect(JSON.stringify(await dump())).not.toContain(secret)
    expect(await (await ada.get(`${APPS}/${id}`)).text()).not.toContain(secret)

    await run('UPDATE apps SET granted_at = 1')
    const { tokens } = await signsInTo(await tool(id, secret), 'bob')
    expect(tokens.claims()).toMatchObject({ workspace: 'acme', groups: ['role:user', 'section:traces'] })
    expect(await words(await ada.get(`${APPS}/${id}`))).toMatch(/Bob Okafor bob@acme\.test Just now/)
    expect(await words(await ada.get(APPS))).toMatch(/Grafana Traces 1 Just now/)
  })

  it('sent twice connects one app, and says that its secret was shown', async () => {
    const { id } = await connect()
    const again = await ada.post(APPS, { ...GRAFANA, name: 'Other', hosts: 'mlflow.acme.test' })
    expect([again.status, again.headers.get('Location')]).toEqual([303, `${APPS}/${id}`])
    expect(await all('SELECT name FROM apps')).toEqual([{ name: 'Grafana' }])
    expect(await all('SELECT * FROM app_hosts')).toEqual([])
  })

  it.each([
    ['nothing to lead back to', { redirect_uris: '' }, 'Enter where the tool wants people to be sent back to'],
    ['an address without https', { redirect_uris: 'http://x.test/cb' }, '“http://x.test/cb” has to begin with https://.'],
    ['a wildcard', { redirect_uris: 'https://*.x.test/' }, '“https://*.x.test/” has a *.'],
    ['a fragment', { redirect_uris: 'https://x.test/#a' }, 'has a part after #'],
    ['a page of ours', { redirect_uris: 'https://latchkey.test/oauth/continue' }, 'is an address of Latchkey itself.'],
    ['an IP address to call', { logout_uri: 'https://10.0.0.1/out' }, 'It has to be a public host name.'],
    ['no name', { name: ' ' }, 'Enter a name for the app.'],
    [
      'a key that is private',
      { auth: 'key', jwks: '{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c"}' },
      'This is a private key.',
    ],
    ['something that is no host', { hosts: 'https://mlflow.test/' }, '“https://mlflow.test/” is not a host.'],
    ['an agent that is gone', { for: 'agent:agent-of-nobody' }, 'This agent was deleted.'],
  ])('with %s is refused, and loses nothing that was typed', async (_, fields, sentence) => {
    const { answer, html } = await connect({ ...fields, after_logout_uris: 'https://traces.example/bye' })
    expect(answer.status).toBe(422)
    expect(wordsOf(html)).toContain(sentence)
    expect(html).toContain('https://traces.example/bye')
    expect(html).toContain('value="a-form-of-ada"')
    expect(await all('SELECT id FROM apps')).toEqual([])
  })

  it('to an agent or a host that another workspace answers for is refused', async () => {
    await connected({
      id: 'of-globex',
      tenant_id: 'globex',
      section: null,
      agent_id: 'agent-route-planner',
      resource: 'https://x.test/mcp',
    })
    await run("INSERT INTO app_hosts VALUES ('mlflow.test', 'of-globex')")
    const agent = { for: 'agent:agent-support-triage' }
    expect(wordsOf((await connect({ ...agent, resource: 'https://x.test/mcp' })).html)).toContain(
      'This address belongs to another app',
    )
    expect(wordsOf((await connect({ hosts: 'MLflow.test' })).html)).toContain('One of these hosts belongs to another app')
    expect(await all("SELECT id FROM apps WHERE tenant_id = 'acme'")).toEqual([])
  })

  it('of a section that only admins see is for admins alone', async () => {
    await connect({ for: 'section:billing' })
    expect(await one('SELECT section, for_admins FROM apps')).toEqual({ section: 'billing', for_admins: 1 })
  })
})

describe('the secret', () => {
  it('is rotated with an overlap, which can be ended', async () => {
    const { id, secret } = await connect()
    await run('UPDATE apps SET granted_at = 1')
    const { secret_at } = (await one<{ secret_at: number }>('SELECT secret_at FROM apps')) ?? { secret_at: 0 }
    const answer = await ada.post(`${APPS}/${id}/secret`, { made: `${secret_at}` })
    const html = await answer.text()
    const next = secretIn(html)
    expect([answer.status, next.length, next === secret]).toEqual([200, 43, false])
    for (const each of [secret, next]) await signsInTo(await tool(id, each), 'bob')

    expect((await ada.post(`${APPS}/${id}/former-secret`)).status).toBe(303)
    await signsInTo(await tool(id, next), 'bob')
    await expect(signsInTo(await tool(id, secret), 'bob')).rejects.toMatchObject({ error: 'invalid_client' })
  })

  it('that somebody else has just made is not replaced', async () => {
    const { id } = await connect()
    const before = await dump()
    const answer = await ada.post(`${APPS}/${id}/secret`, { made: '1' })
    expect([answer.status, secretIn(await answer.text())]).toEqual([409, ''])
    expect(await dump()).toEqual(before)
  })
})

describe('an app that somebody changed meanwhile', () => {
  it('is not overwritten: what was typed stays, and what they made of it is said', async () => {
    const { id } = await connect()
    const page = await (await ada.get(`${APPS}/${id}/edit`)).text()
    const shown = /name="shown" value="([^"]+)"/.exec(page)?.[1] ?? ''
    const mine = { version: '1', shown, name: 'Mine', redirect_uris: 'https://traces.example/callback\nhttp://localhost:3000/cb' }
    expect((await ada.post(`${APPS}/${id}`, { ...mine, name: 'Theirs' })).status).toBe(303)

    const answer = await ada.post(`${APPS}/${id}`, mine)
    expect([answer.status, await one('SELECT name, version FROM apps')]).toEqual([409, { name: 'Theirs', version: 2 }])
    expect(await words(answer)).toContain('This is “Theirs” now, and you entered “Mine”.')
    expect((await ada.post(`${APPS}/${id}`, { ...mine, name: 'Theirs', logout_uri: 'https://traces.example/out' })).status).toBe(
      303,
    )
    expect(await one('SELECT logout_uri FROM apps')).toEqual({ logout_uri: 'https://traces.example/out' })
  })

  it('and disconnected says who did, and a form to it changes nothing', async () => {
    const { id } = await connect()
    expect((await ada.post(`${APPS}/${id}/disconnect`)).status).toBe(303)
    for (const path of ['', '/disconnect', '/consent', '/secret', '/former-secret']) {
      const fields = { '': { name: 'x' }, '/consent': { for_all: 'on' }, '/secret': { made: '' } }[path] ?? {}
      const answer = await ada.post(`${APPS}/${id}${path}`, fields as Record<string, string>)
      expect(answer.status, path).toBe(409)
      expect(await words(answer)).toMatch(/Ada Admin disconnected Grafana at \d\d:\d\d UTC\. Nothing was changed\./)
    }
  })
})

it('the page lists whose sign-in counts: not by a session that is over, unless it may go on without one', async () => {
  const { id, secret } = await connect()
  await run('UPDATE apps SET granted_at = 1')
  const grafana = await tool(id, secret)
  await signsInTo(grafana, 'bob')
  await run("UPDATE sessions SET last_seen_at = 1 WHERE user_id = 'user-bob'")
  expect(await words(await ada.get(`${APPS}/${id}`))).toContain('No one is signed in to it now.')
  expect(await words(await ada.get(APPS))).toContain('Grafana Traces No one')

  await signsInTo(grafana, 'bob', { scope: 'openid offline_access', prompt: 'consent' })
  await run("UPDATE sessions SET last_seen_at = 1 WHERE user_id = 'user-bob'")
  expect(await words(await ada.get(`${APPS}/${id}`))).toContain('Bob Okafor bob@acme.test Just now Just now After 30 days unused')
  await run('UPDATE app_grants SET used_at = used_at - 31 * 86400000')
  expect(await words(await ada.get(`${APPS}/${id}`))).toContain('No one is signed in to it now.')
})

it('disconnecting signs everybody out of it, and the tool is told', async () => {
  const { id, secret } = await connect({ logout_uri: 'https://traces.example/out' })
  await run('UPDATE apps SET granted_at = 1')
  await signsInTo(await tool(id, secret), 'bob')
  await ada.post(`${APPS}/${id}/disconnect`)
  expect(await all('SELECT id FROM app_grants')).toEqual([])
  expect(await all('SELECT app_id, uri, state FROM app_logouts')).toEqual([
    { app_id: id, uri: 'https://traces.example/out', state: 'waiting' },
  ])
})

it('a new address for sign-outs counts for whoever is signed in already', async () => {
  const { id, secret } = await connect()
  await run('UPDATE apps SET granted_at = 1')
  await signsInTo(await tool(id, secret), 'bob')
  await ada.post(`${APPS}/${id}`, {
    name: 'Grafana',
    redirect_uris: GRAFANA.redirect_uris,
    logout_uri: 'https://traces.example/out',
  })
  await ada.post(`${APPS}/${id}/disconnect`)
  expect(await all('SELECT uri FROM app_logouts')).toEqual([{ uri: 'https://traces.example/out' }])
})

it('consent for everybody is given and taken back, and stands in the log once', async () => {
  const { id } = await connect()
  for (const for_all of ['on', 'on', 'off', 'off']) expect((await ada.post(`${APPS}/${id}/consent`, { for_all })).status).toBe(303)
  expect(await all("SELECT after ->> 'for_all' AS told FROM activity WHERE kind = 'app_granted_for_all' ORDER BY at, id")).toEqual([
    { told: 'on' },
    { told: 'off' },
  ])
})

describe('where an app is shown, besides its own page', () => {
  it('the page of its section and of its agent name it to admins alone', async () => {
    await connect()
    await connect({ for: 'agent:agent-support-triage', form: 'another-form-of-ada', name: 'Triage MCP' })
    const bob = await signedIn('bob')
    for (const [path, name, wanted] of [
      ['/w/acme/sections/traces', 'Grafana', 'section%3Atraces'],
      ['/w/acme/agents/agent-support-triage', 'Triage MCP', 'agent%3Aagent-support-triage'],
    ] as const) {
      const html = await (await ada.get(path)).text()
      expect(html).toContain(`>${name}</a>`)
      expect(html).toContain(`href="${APPS}/new?for=${wanted}"`)
      expect(await (await bob.get(path)).text()).not.toMatch(new RegExp(`${name}|access/apps`))
    }
  })

  it('deleting an agent says which app goes with it, and signs everybody out of it', async () => {
    const { id, secret } = await connect({
      for: 'agent:agent-support-triage',
      name: 'Triage MCP',
      logout_uri: 'https://traces.example/out',
    })
    await run('UPDATE apps SET granted_at = 1')
    await signsInTo(await tool(id, secret), 'bob')
    expect(await words(await ada.get('/w/acme/agents/agent-support-triage'))).toContain('Triage MCP is disconnected with it')
    expect((await ada.post('/w/acme/agents/agent-support-triage/delete')).status).toBe(303)
    expect([await all('SELECT id FROM apps'), await all('SELECT id FROM app_grants')]).toEqual([[], []])
    expect(await all('SELECT app_id FROM app_logouts')).toEqual([{ app_id: id }])
  })
})

describe('signing in to an app as oneself', () => {
  it('shows what the tool would learn, by the provider itself, and keeps and counts nothing', async () => {
    const { id } = await connect({ no_pkce: 'on' })
    await run('UPDATE sessions SET last_seen_at = unixepoch() * 1000')
    const before = await dump()
    const answer = await ada.get(`${APPS}/${id}/try`)
    expect([answer.status, ada.roundTrips]).toEqual([200, 1])
    const text = await words(answer)
    expect(text).toContain('You would be signed in to Grafana.')
    expect(text).toMatch(/ID token sub [\w-]{22} .*aud [\da-f]{32} .*iss https:\/\/latchkey\.test/)
    expect(text).toMatch(
      /Userinfo sub [\w-]{22} workspace acme name Ada Admin role admin email ada@acme\.test email_verified true groups role:admin, section:traces/,
    )
    expect(await dump()).toEqual(before)
  })

  it('gives an app of an agent neither groups nor agents', async () => {
    const { id } = await connect({ for: 'agent:agent-support-triage' })
    expect(await words(await ada.get(`${APPS}/${id}/try`))).not.toMatch(/groups|agents /)
  })
})
