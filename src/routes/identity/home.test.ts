import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { one, run } from '../../../test/database'

const PATHS = ['/', '/agents', '/access']

const also = (name: 'ada' | 'bob', role: string) => {
  const columns = 'user_id, email, email_key, status, agent_mode, created_at, joined_at'
  return run(
    `INSERT INTO members (id, tenant_id, role, ${columns}) SELECT '${name}-2', 'globex', '${role}', ${columns} FROM members WHERE id = '${name}'`,
  )
}

async function leads(client: Client, path: string) {
  const answer = await client.get(path)
  expect(answer.status).toBe(303)
  return answer.headers.get('Location')
}

const seenLast = (name: string) => one<{ it: string }>('SELECT last_tenant_id AS it FROM users WHERE id = ?', `user-${name}`)

describe('a path without a workspace leads to', () => {
  it('sign-in, for somebody who is not signed in', async () => {
    const client = new Client()

    expect(await leads(client, '/')).toBe('/login')
    expect(await leads(client, '/agents')).toBe('/login?next=%2Fagents')
    expect(client.roundTrips).toBe(0)
  })

  it('sign-in with the reason, for somebody whose session has ended elsewhere', async () => {
    const bob = await signedIn('bob')
    await run('DELETE FROM sessions')

    expect(await leads(bob, '/')).toBe('/login?reason=ended')
    expect(await leads(bob, '/account')).toBe('/login?next=%2Faccount&reason=ended')
    expect(await leads(bob, '/w/acme/agents')).toBe('/login?next=%2Fw%2Facme%2Fagents&reason=ended')
    expect(await (await bob.get('/login?reason=ended')).text()).toContain('You were signed out.')
  })

  it('sign-in for a fragment, too, and a browser goes there as a whole', async () => {
    const answer = await new Client().get('/', { htmx: true, headers: { 'HX-Request-Type': 'full' } })

    expect([answer.status, answer.headers.get('HX-Redirect')]).toEqual([401, '/login'])
  })

  it('where a password manager changes a password', async () => {
    expect(await leads(new Client(), '/.well-known/change-password')).toBe('/account')
  })

  it('the workspace, in one question to the database', async () => {
    const ada = await signedIn('ada')

    expect([await leads(ada, '/'), await leads(ada, '/agents'), await leads(ada, '/access')]).toEqual([
      '/w/acme/agents',
      '/w/acme/agents',
      '/w/acme/access/users',
    ])
    expect(ada.roundTrips).toBe(1)
  })

  it.each([
    ['is disabled', "UPDATE members SET status = 'disabled' WHERE id = 'bob'"],
    ['belongs to none', "DELETE FROM members WHERE id = 'bob'"],
    ['belongs to one that is suspended', "UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'"],
  ])('the list of workspaces, for somebody who %s', async (_, change) => {
    const bob = await signedIn('bob')
    await run(change)

    for (const path of PATHS) expect(await leads(bob, path)).toBe('/workspaces')
  })

  it('the page that it means where a slash stands behind it', async () => {
    const ada = await signedIn('ada')

    expect([await leads(ada, '/access/'), await leads(ada, '/w/acme/access/users/?q=bob'), await leads(ada, '/login/')]).toEqual([
      '/access',
      '/w/acme/access/users?q=bob',
      '/login',
    ])
    expect((await ada.get('//evil.test/')).status).toBe(404)
  })

  it('and no other path without a workspace leads anywhere', async () => {
    const ada = await signedIn('ada')

    for (const path of ['/sections/traces', '/access/users', '/agents/new', '/acme']) expect((await ada.get(path)).status).toBe(404)
  })
})

describe('the workspace used last', () => {
  beforeEach(() => also('bob', 'user'))

  it('is the one whose page was opened last, in whichever session', async () => {
    const [bob, elsewhere] = [await signedIn('bob'), await signedIn('bob')]
    await bob.get('/w/globex/agents')
    expect(await seenLast('bob')).toEqual({ it: 'globex' })
    expect([await leads(bob, '/'), await leads(elsewhere, '/')]).toEqual(['/w/globex/agents', '/w/globex/agents'])

    await elsewhere.get('/w/acme/agents')
    await elsewhere.get('/w/acme/sections/traces')
    expect(await leads(bob, '/agents')).toBe('/w/acme/agents')
  })

  it('that is not open any more gives way to another that is', async () => {
    const bob = await signedIn('bob')
    await bob.get('/w/globex/agents')
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob-2'")

    expect(await leads(bob, '/')).toBe('/w/acme/agents')
  })

  it('that asks to sign in again gives way to another that does not', async () => {
    const bob = await signedIn('bob')
    await bob.get('/w/globex/agents')
    await run("UPDATE members SET valid_from = ? WHERE id = 'bob-2'", Date.now() + 60_000)

    expect(await leads(bob, '/')).toBe('/w/acme/agents')
  })

  it('is not changed by a page that turned somebody away', async () => {
    const bob = await signedIn('bob')
    await bob.get('/w/acme/agents')
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob-2'")
    await bob.get('/w/globex/agents')

    expect(await seenLast('bob')).toEqual({ it: 'acme' })
  })
})

it('two tabs in two workspaces never touch each other', async () => {
  await also('ada', 'admin')
  const ada = await signedIn('ada')
  await ada.get('/w/acme/access/users')
  const other = await (await ada.get('/w/globex/access/users')).text()
  expect(other).toContain('Cat Lindqvist')
  const page = await (await ada.submit('/w/acme/access/users/bob/role', { role: 'admin' })).text()

  expect(page).toContain('Bob Okafor')
  expect(page).not.toContain('Cat Lindqvist')
  expect(await one("SELECT role FROM members WHERE id = 'bob'")).toEqual({ role: 'admin' })
})
