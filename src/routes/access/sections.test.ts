import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { run } from '../../../test/database'

let ada: Client
let bob: Client

beforeEach(async () => {
  ada = await signedIn('ada')
  bob = await signedIn('bob')
})

const connectTraces = (url = 'https://traces.example/') => run("INSERT INTO section_urls VALUES ('acme', 'traces', ?)", url)
const answer = async (client: Client, path: string) => {
  const response = await client.get(path)
  return [response.status, response.headers.get('Location')]
}

describe('a section', () => {
  it('that leads somewhere has a button and goes there', async () => {
    await connectTraces()
    const page = await (await bob.get('/w/acme/sections/traces')).text()

    expect(bob.roundTrips).toBe(1)
    expect(page).toContain('href="/w/acme/sections/traces/open"')
    expect(page).not.toContain('https://traces.example')
    expect(await answer(bob, '/w/acme/sections/traces/open')).toEqual([303, 'https://traces.example/'])
    expect(bob.roundTrips).toBe(1)
  })

  it.each([
    ['/w/acme/sections/traces', 200],
    ['/w/acme/sections/traces/open', 409],
  ])('without a URL says so at %s', async (path, status) => {
    const asUser = await bob.get(path)
    const asAdmin = await ada.get(path)

    expect([asUser.status, asAdmin.status]).toEqual([status, status])
    expect(await asUser.text()).toContain('Ask Ada Admin.')
    expect(await asAdmin.text()).toContain('href="/w/acme/access/settings#url_traces"')
  })

  it('never leads to what no browser may open', async () => {
    await connectTraces('javascript:alert(1)')
    expect(await answer(bob, '/w/acme/sections/traces/open')).toEqual([409, null])
  })

  it('leads only its own workspace there', async () => {
    await connectTraces()
    const cat = await signedIn('cat')
    expect(await answer(cat, '/w/globex/sections/traces/open')).toEqual([409, null])
    expect(await answer(cat, '/w/acme/sections/traces/open')).toEqual([404, null])
  })

  it('that somebody lacks is refused from the next request on', async () => {
    await connectTraces()
    await run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', 'traces', 'off')")

    expect(await answer(bob, '/w/acme/sections/traces')).toEqual([403, null])
    expect(await answer(bob, '/w/acme/sections/traces/open')).toEqual([403, null])
    expect((await bob.get('/w/acme/sections/traces', { htmx: true })).status).toBe(403)
    expect(await (await bob.get('/w/acme/sections/traces')).text()).toContain('If you need it, ask Ada Admin.')
  })

  it('for admins only has a page for them and none for others', async () => {
    expect(await answer(ada, '/w/acme/sections/billing')).toEqual([200, null])
    expect(await answer(bob, '/w/acme/sections/billing')).toEqual([403, null])
    expect(await answer(bob, '/w/acme/sections/billing/open')).toEqual([403, null])
  })

  it('that does not exist is the same 404 for everybody, and a reason to sign in', async () => {
    for (const client of [ada, bob]) expect(await answer(client, '/w/acme/sections/gossip')).toEqual([404, null])
    expect(await answer(bob, '/w/acme/sections/gossip/open')).toEqual([404, null])
    expect(await answer(new Client(), '/w/acme/sections/gossip')).toEqual([303, '/login?next=%2Fw%2Facme%2Fsections%2Fgossip'])
  })

  it.each(['', '/open'])('that is a page of Latchkey leads to it%s', async (end) => {
    expect(await answer(bob, `/w/acme/sections/agents${end}`)).toEqual([303, '/w/acme/agents'])
    expect(await answer(ada, `/w/acme/sections/access-management${end}`)).toEqual([303, '/w/acme/access/users'])
    expect(await answer(bob, `/w/acme/sections/access-management${end}`)).toEqual([403, null])
  })

  it('answers a fragment with itself and nothing around it', async () => {
    const fragment = await (await bob.get('/w/acme/sections/traces', { htmx: true })).text()
    expect(fragment).toContain('<section id="section" ')
    expect(fragment).not.toContain('<nav class="sidebar"')
  })
})
