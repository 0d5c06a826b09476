import { describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, facts, one, run } from '../../../test/database'

const ADMIN_TOO = "UPDATE members SET role = 'admin' WHERE id = 'bob'"
const NO_SECTION =
  'INSERT INTO member_sections (tenant_id, member_id, section, access) SELECT \'acme\', \'bob\', value, \'off\' FROM json_each(\'["agents","traces","logs","eval","session","prompts","mcp-debug"]\')'

describe('the address of a workspace', () => {
  it('leads a member to where they start, and an admin’s /access to the people', async () => {
    const [bob, ada] = [await signedIn('bob'), await signedIn('ada')]

    expect((await bob.get('/w/acme')).headers.get('Location')).toBe('/w/acme/agents')
    expect((await ada.get('/w/acme/access')).headers.get('Location')).toBe('/w/acme/access/users')
    expect((await bob.get('/w/acme/access')).status).toBe(403)
  })

  it('says whom to ask, for somebody without any section', async () => {
    await run(NO_SECTION)
    const page = await (await (await signedIn('bob')).get('/w/acme')).text()

    expect(page).toContain('Ask Ada Admin')
  })

  it.each(['/w/globex', '/w/nowhere', '/w/Acme'])('%s is nothing for somebody who does not belong there', async (path) => {
    const bob = await signedIn('bob')
    const answers = [await bob.get(path), await bob.get('/w/nobody')]

    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    const [one, other] = await Promise.all(answers.map((answer) => answer.text()))
    expect(one).toBe(other)
  })

  it('of a suspended workspace is nothing, for its own people too', async () => {
    await run("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'")

    expect((await (await signedIn('ada')).get('/w/acme/access/users')).status).toBe(404)
  })

  it('asks everybody who is not signed in to sign in, whether there is such a workspace or not', async () => {
    for (const slug of ['acme', 'nowhere'])
      expect((await new Client().get(`/w/${slug}`)).headers.get('Location')).toBe(`/login?next=%2Fw%2F${slug}`)
  })
})

describe('leaving a workspace', () => {
  it('ends on the page of one’s workspaces, which says so', async () => {
    const bob = await signedIn('bob')
    const answer = await bob.post('/w/acme/leave')
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/workspaces'])
    const page = await (await bob.get('/workspaces')).text()

    expect(page).toContain('You left Acme.')
    expect(page).not.toContain('Undo')
    expect((await bob.get('/w/acme/agents')).status).toBe(404)
    expect(await all("SELECT kind, actor_name FROM activity WHERE member_id = 'bob'")).toEqual([
      { kind: 'left', actor_name: 'Bob Okafor' },
    ])
  })

  it('is refused to the last admin, and changes nothing', async () => {
    const ada = await signedIn('ada')
    const before = await facts()
    const answer = await ada.post('/w/acme/leave')

    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('The last admin cannot leave')
    expect(await facts()).toEqual(before)
  })

  it('is free to an admin while another stays', async () => {
    await run(ADMIN_TOO)

    expect((await (await signedIn('ada')).post('/w/acme/leave')).status).toBe(303)
  })

  it('pressed twice leads both to the workspaces, and calls nobody the last admin', async () => {
    const bob = await signedIn('bob')
    const answers = await Promise.all([bob.post('/w/acme/leave'), bob.post('/w/acme/leave')])

    expect(answers.map((answer) => answer.headers.get('Location'))).toEqual(['/workspaces', '/workspaces'])
    expect(await all("SELECT id FROM activity WHERE kind = 'left'")).toHaveLength(1)
  })

  it('leaves other workspaces alone', async () => {
    const columns = 'user_id, email, email_key, role, status, agent_mode, created_at, joined_at'
    await run(`INSERT INTO members (id, tenant_id, ${columns}) SELECT 'bob-2', 'globex', ${columns} FROM members WHERE id = 'bob'`)
    const bob = await signedIn('bob')
    await bob.post('/w/acme/leave')

    expect((await bob.get('/w/globex/agents')).status).toBe(200)
    expect((await bob.get('/')).headers.get('Location')).toBe('/w/globex/agents')
  })
})

describe('the choice of notices', () => {
  const choice = (id: string) => one(`SELECT notices FROM members WHERE id = '${id}'`)

  it('is an admin’s, for one workspace', async () => {
    const ada = await signedIn('ada')
    expect(await (await ada.get('/workspaces')).text()).toMatch(/<option value="each" selected/)
    const page = await (await ada.submit('/w/acme/notices', { notices: 'daily' })).text()

    expect(page).toContain('Your email setting for Acme is saved.')
    expect(page).toMatch(/<option value="daily" selected/)
    expect([await choice('ada'), await choice('cat')]).toEqual([{ notices: 'daily' }, { notices: 'each' }])
  })

  it('is not a Tenant User’s, and none outside the list', async () => {
    const [bob, ada] = [await signedIn('bob'), await signedIn('ada')]
    const before = await dump()

    expect((await bob.post('/w/acme/notices', { notices: 'off' })).status).toBe(403)
    expect((await ada.post('/w/acme/notices', { notices: 'weekly' })).status).toBe(400)
    expect(await dump()).toEqual(before)
  })
})
