import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, one, run } from '../../../test/database'
import { asksForFactor, hasPasskey, provedFactor } from '../../../test/factors'
import { PASS_PHRASE } from '../../../test/routes'
import { begin, CALLBACK, connected, finish, type Tool, tool } from '../../../test/tool'

let traces: Tool
let bob: Client

beforeEach(async () => {
  await connected()
  traces = await tool()
  bob = await signedIn('bob')
})

const path = async (params: Record<string, string> = {}) => (await begin(traces, params)).path
const asked = async (params: Record<string, string> = {}, by = bob) => by.get(await path(params))
const hour = 60 * 60 * 1000
const signedInLongAgo = () => run('UPDATE sessions SET created_at = created_at - ?, last_seen_at = last_seen_at', 2 * hour)

/** Where an answer leads, and what it says there. */
function leads(answer: Response) {
  const to = new URL(answer.headers.get('Location') ?? '', env.APP_ORIGIN)
  const says = to.hash ? new URLSearchParams(to.hash.slice(1)) : to.searchParams
  return { status: answer.status, to: to.origin === env.APP_ORIGIN ? to.pathname : to.origin + to.pathname, says }
}
const toldOf = ({ says }: ReturnType<typeof leads>) => [says.get('error'), says.get('state'), says.get('iss')]
const REFUSED = (error: string) => [error, 'state', env.APP_ORIGIN]

describe('somebody who is not signed in', () => {
  it('signs in first, and goes on to the tool from a page, since no form may end there', async () => {
    const visitor = new Client()
    const first = leads(await asked({}, visitor))
    expect([first.status, first.to]).toEqual([303, '/login'])
    const form = { email: 'bob@acme.test', password: PASS_PHRASE, next: first.says.get('next') ?? '' }
    const next = (await visitor.post('/login', form)).headers.get('Location') ?? ''
    expect(next).toMatch(/^\/oauth\/continue\?/)
    const page = await visitor.get(next)
    expect([page.status, page.headers.get('Refresh')]).toEqual([200, `0; url=${next.replace('continue', 'authorize')}`])
    expect(await page.text()).toContain(`href="${next.replace('continue', 'authorize').replaceAll('&', '&amp;')}"`)
    expect(leads(await visitor.get(next.replace('continue', 'authorize'))).to).toBe(CALLBACK)
  })

  it('is not asked where the tool wants no page', async () => {
    const answer = leads(await asked({ prompt: 'none' }, new Client()))
    expect([answer.to, ...toldOf(answer)]).toEqual([CALLBACK, ...REFUSED('login_required')])
  })
})

describe('a new proof', () => {
  it('is asked for once where the tool wants one, however fresh the last one is', async () => {
    const first = leads(await asked({ prompt: 'login' }))
    expect([first.status, first.to]).toEqual([303, '/confirm'])
    const next = first.says.get('next') ?? ''
    expect(new URLSearchParams(next.split('?')[1]).get('prompt')).toBeNull()
    expect((await bob.get(`/confirm?next=${encodeURIComponent(next)}`)).status).toBe(200)
    expect(leads(await bob.get(next)).to).toBe(CALLBACK)
    await signedInLongAgo()
    expect(leads(await bob.get(next)).to).toBe('/confirm')
    const confirmed = await bob.post('/confirm', { password: PASS_PHRASE, next })
    expect(leads(confirmed).to).toBe('/oauth/continue')
    expect(leads(await bob.get(next)).to).toBe(CALLBACK)
  })

  it.each([
    [{ max_age: '0' }, '/confirm'],
    [{ max_age: '3600' }, '/confirm'],
    [{ max_age: '10800' }, CALLBACK],
    [{}, CALLBACK],
  ])('for %j of a session of two hours leads to %s', async (params, to) => {
    await signedInLongAgo()
    expect(leads(await asked(params)).to).toBe(to)
  })

  it('is not asked for where the tool wants no page', async () => {
    await signedInLongAgo()
    expect(toldOf(leads(await asked({ prompt: 'none', max_age: '60' })))).toEqual(REFUSED('login_required'))
  })

  it('of a second factor is asked for where the workspace of the app wants one, and of no other workspace', async () => {
    await asksForFactor('globex')
    expect(leads(await asked()).to).toBe(CALLBACK)
    await asksForFactor('acme')
    expect(leads(await asked()).to).toBe('/account/second-factor')
    await hasPasskey('bob')
    expect(leads(await asked()).to).toBe('/confirm')
    await provedFactor('bob')
    expect(leads(await asked()).to).toBe(CALLBACK)
  })
})

describe('consent', () => {
  beforeEach(() => run('UPDATE apps SET granted_at = NULL'))

  const fieldsIn = (html: string) =>
    Object.fromEntries(
      [...html.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value?.replaceAll('&amp;', '&')]),
    )
  async function agrees(params: Record<string, string> = {}) {
    const html = await (await asked(params)).text()
    const { app = '', version = '', scope = '', next = '', whose = '' } = fieldsIn(html.slice(0, html.indexOf('action="/logout"')))
    return { app, version, scope, next: next.replaceAll('&amp;', '&'), whose }
  }
  const allows = async (params?: Record<string, string>) => bob.post('/oauth/consent', await agrees(params))

  it('is asked for once, by a page that says who, where and what', async () => {
    const page = await asked()
    const words = (await page.text()).replace(/<[^>]*>/g, ' ')
    expect(page.status).toBe(200)
    for (const said of [
      'Sign in to Traces',
      'Bob Okafor',
      'bob@acme.test',
      'Acme',
      'Tenant User',
      'See that you have access to Traces',
    ])
      expect(words).toContain(said)
    const answer = await allows()
    expect([answer.status, bob.roundTrips, leads(answer).to]).toEqual([303, 2, '/oauth/continue'])
    expect(leads(await asked()).to).toBe(CALLBACK)
    expect(await all('SELECT member_id, app_id, client, scope FROM app_consents')).toEqual([
      { member_id: 'bob', app_id: 'traces', client: '', scope: 'openid profile email groups' },
    ])
  })

  it('is asked for again for more, and then all of it counts', async () => {
    await allows({ scope: 'openid email' })
    expect(leads(await asked({ scope: 'openid email' })).to).toBe(CALLBACK)
    expect((await asked({ scope: 'openid profile' })).status).toBe(200)
    await allows({ scope: 'openid profile' })
    for (const scope of ['openid email', 'openid profile email']) expect(leads(await asked({ scope })).to).toBe(CALLBACK)
    expect((await asked({ scope: 'openid offline_access' })).status).toBe(200)
  })

  it('is asked for anew where the tool wants that, and leads on', async () => {
    await allows()
    expect((await asked({ prompt: 'consent' })).status).toBe(200)
    const next = (await allows({ prompt: 'consent' })).headers.get('Location')?.replace('continue', 'authorize') ?? ''
    expect(leads(await bob.get(next)).to).toBe(CALLBACK)
  })

  it('of everybody is given by an admin; who somebody is they are shown all the same where the tool wants that', async () => {
    await run('UPDATE apps SET granted_at = 1')
    expect(leads(await asked({ prompt: 'consent' })).to).toBe(CALLBACK)
    expect(await (await asked({ prompt: 'select_account' })).text()).toContain('Not you?')
    const next = (await allows({ prompt: 'select_account' })).headers.get('Location')?.replace('continue', 'authorize') ?? ''
    expect(leads(await bob.get(next)).to).toBe(CALLBACK)
  })

  it('for staying signed in is asked for once as well, and no more is given than was agreed to', async () => {
    await allows({ scope: 'openid offline_access' })
    const { path: again, verifier } = await begin(traces, { scope: 'openid offline_access' })
    const back = (await bob.get(again)).headers.get('Location') ?? ''
    expect((await finish(traces, back, verifier)).scope).toBe('openid offline_access')
    expect(await all('SELECT offline, scope FROM app_grants')).toEqual([{ offline: 1, scope: 'openid offline_access' }])
  })

  it('is refused by going back', async () => {
    const page = await (await asked()).text()
    const cancel = page.match(/href="(\/oauth\/cancel[^"]*)"/)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const answer = leads(await bob.get(cancel))
    expect([answer.to, ...toldOf(answer), bob.roundTrips]).toEqual([CALLBACK, ...REFUSED('access_denied'), 1])
    expect(toldOf(leads(await new Client().get(cancel)))).toEqual(REFUSED('access_denied'))
    expect(await all('SELECT id FROM app_grants')).toEqual([])
  })

  it('is not asked for where the tool wants no page', async () => {
    expect(toldOf(leads(await asked({ prompt: 'none' })))).toEqual(REFUSED('consent_required'))
  })

  it('of a page whose app was changed since counts for nothing, and is asked for anew', async () => {
    const form = await agrees()
    await run("UPDATE apps SET section = NULL, version = version + 1 WHERE id = 'traces'")
    const answer = await bob.post('/oauth/consent', form)
    expect(answer.status).toBe(409)
    expect(bob.roundTrips).toBe(2)
    const html = await answer.text()
    expect(html).toContain('See which sections and agents you have access to')
    expect(html).toMatch(/name="whose".*href="\/oauth\/cancel\?/s)
    expect(await all('SELECT app_id FROM app_consents')).toEqual([])
  })

  it('is nobody else’s: not of another person in this browser, of an outsider, of another site, or of whoever has no access', async () => {
    const form = await agrees()
    const ada = await signedIn('ada')
    expect((await ada.post('/oauth/consent', form)).status).toBe(409)
    const cat = await signedIn('cat')
    const { whose: _, ...unsaid } = form
    expect((await cat.post('/oauth/consent', unsaid)).status).toBe(404)
    expect((await bob.post('/oauth/consent', form, { headers: { Origin: 'https://evil.test' } })).status).toBe(403)
    expect((await new Client().post('/oauth/consent', form)).status).toBe(401)
    await run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', 'traces', 'off')")
    expect((await bob.post('/oauth/consent', form)).status).toBe(303)
    expect(await all('SELECT app_id FROM app_consents')).toEqual([])
  })
})

describe('a member who may not see the section', () => {
  beforeEach(() =>
    run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', 'traces', 'off')"),
  )

  it('is told so, whom to ask, and how to go back', async () => {
    const page = await asked()
    const html = await page.text()
    expect([page.status, bob.roundTrips]).toEqual([403, 2])
    expect(html.replace(/<[^>]*>/g, ' ')).toMatch(/You do not have access to Traces\s+Ask Ada Admin\./)
    expect(html).toContain('action="/oauth/ask"')
    expect(html).toContain('action="/oauth/ask"')
    const back = html.match(/href="(\/oauth\/cancel[^"]*)"/)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(toldOf(leads(await bob.get(back)))).toEqual(REFUSED('access_denied'))
  })

  it('is not asked to ask for what only admins have', async () => {
    await run("UPDATE apps SET section = 'billing', for_admins = 1")
    const html = await (await asked()).text()
    expect(html).toContain('Only Tenant Admins of Acme have access to it.')
    expect(html).not.toContain('action="/oauth/ask"')
  })
})

describe('one page', () => {
  const bare = (html: string) => html.replaceAll(/request ID: \S+/gi, '')

  it('is for everything that is not known here, and leads nowhere', async () => {
    const cat = await signedIn('cat')
    const answers = [
      await cat.get(await path()),
      await bob.get((await path()).replace('client_id=traces', 'client_id=nothing')),
      await bob.get((await path()).replace('client_id=traces', '')),
      await asked({ redirect_uri: 'https://evil.test/' }),
      await asked({ redirect_uri: 'https://evil.test/' }, new Client()),
      await cat.get(await path({ prompt: 'none' })),
    ]
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob'")
    answers.push(await asked())
    await run("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'")
    for (const by of [bob, new Client(), await signedIn('ada')]) answers.push(await asked({ prompt: 'none' }, by))
    const pages = await Promise.all(answers.map(async (answer) => ({ status: answer.status, html: bare(await answer.text()) })))
    expect(pages[0]?.html).toContain('This app is not known here')
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([404]))
    expect(new Set(pages.map(({ html }) => html)).size).toBe(1)
  })

  it('answers what is longer than any tool asks', async () => {
    expect((await asked({ state: 'x'.repeat(6000) })).status).toBe(400)
  })
})

describe('the answer', () => {
  it.each([
    ['request', 'eyJhbGciOiJub25lIn0.e30.', 'request_not_supported'],
    ['request_uri', 'https://evil.test/', 'request_uri_not_supported'],
    ['registration', '{}', 'registration_not_supported'],
    ['response_type', 'token', 'unsupported_response_type'],
    ['response_mode', 'web_message', 'unsupported_response_mode'],
    ['prompt', 'access', 'invalid_request'],
    ['prompt', 'none login', 'invalid_request'],
    ['max_age', '-1', 'invalid_request'],
  ])('to %s=%s is an error that goes back', async (name, value, error) => {
    const answer = leads(await asked({ [name]: value }))
    expect([answer.status, answer.to, ...toldOf(answer)]).toEqual([303, CALLBACK, ...REFUSED(error)])
  })

  it('to a claims parameter heeds none of it', async () => {
    const { path: asking, verifier } = await begin(traces, { scope: 'openid', claims: '{"id_token":{"email":{"essential":true}}}' })
    const tokens = await finish(traces, (await bob.get(asking)).headers.get('Location') ?? '', verifier)
    expect(tokens.claims()).not.toHaveProperty('email')
  })

  it('can stand in the fragment', async () => {
    const to = (await asked({ response_mode: 'fragment' })).headers.get('Location') ?? ''
    expect(to).toMatch(/^https:\/\/traces\.example\/callback#code=[^&]+&state=state&iss=/)
  })

  it('can be posted, by a page whose policy lets its one form go to the tool', async () => {
    const page = await asked({ response_mode: 'form_post' })
    const html = await page.text()
    expect([page.status, page.headers.get('Location')]).toEqual([200, null])
    expect(page.headers.get('Content-Security-Policy')).toContain('form-action https://traces.example https:;')
    expect(html).toMatch(/<form method="post" action="https:\/\/traces\.example\/callback" data-continue="">/)
    expect([...html.matchAll(/type="hidden" name="(\w+)"/g)].map(([, name]) => name)).toEqual(['code', 'state', 'iss'])
    const refused = await (await asked({ response_mode: 'form_post', max_age: '-1' })).text()
    expect(refused).toMatch(/name="error" value="invalid_request"/)
  })

  it('to a form is the same as to an address', async () => {
    const [, query] = (await path()).split('?')
    const tools = new Client()
    const answer = await tools.send('POST', '/oauth/authorize', new URLSearchParams(query), {
      headers: { Origin: 'https://traces.example' },
    })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, `/oauth/authorize?${query}`])
  })

  it('is kept by nobody, shown in no frame, and tells no other site where it came from', async () => {
    const { headers } = await asked({ prompt: 'select_account' })
    expect(headers.get('Cache-Control')).toBe('private, no-store')
    expect([headers.get('X-Frame-Options'), headers.get('Referrer-Policy')]).toEqual(['DENY', 'same-origin'])
    expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'")
  })

  it('to whoever only looks is nothing, and writes nothing', async () => {
    const answer = await bob.send('HEAD', await path(), undefined)
    expect([answer.status, answer.headers.get('Location'), bob.roundTrips]).toEqual([200, null, 0])
  })
})

describe('the log', () => {
  it('says once for each session that somebody signed in to an app', async () => {
    for (const _ of [1, 2]) await asked()
    await asked({}, await signedIn('bob'))
    const entries = await all("SELECT kind, actor_id, member_id, after FROM activity WHERE kind = 'app_signed_in'")
    expect(entries).toEqual(
      [1, 2].map(() => ({ kind: 'app_signed_in', actor_id: 'bob', member_id: 'bob', after: '{"app":"Traces"}' })),
    )
    expect(await one('SELECT count(*) AS n FROM app_grants')).toEqual({ n: 2 })
  })
})
