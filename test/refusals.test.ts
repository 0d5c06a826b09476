import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { Client, signedIn } from './client'
import { dump, facts } from './database'
import { call, callerOf, fieldsOf, pathOf, patternOf, posters, routeNamed, routeNames } from './routes'
import { expectSecurityHeaders } from './security-headers'

const behind = (...callers: string[]) => routeNames.filter((name) => callers.includes(routeNamed(name).by))
const KIB = 1024
type Fields = Record<string, string | string[]>

/** Whatever it asks, every row stays as it was. */
async function changesNothing(ask: () => Promise<void>) {
  const before = await facts()
  await ask()
  expect(await facts()).toEqual(before)
}

/** A request that is refused with `status`, and mails nobody. */
async function refused(client: Client, name: string, status: number, options: Parameters<typeof call>[2] = {}) {
  const answer = await call(client, name, options)
  const what = `${name} ${JSON.stringify(options).slice(0, 120)}`

  expect(answer.status, what).toBe(status)
  expect(client.posted, what).toEqual([])
  expectSecurityHeaders(answer)
  return answer
}

describe('a change that another site asks for is refused before anything is read:', () => {
  const FOREIGN = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: undefined },
    { Origin: 'https://evil.test' },
    { Origin: 'https://latchkey.test.evil.test' },
    { Origin: 'http://latchkey.test' },
    { Origin: 'null' },
    { Origin: undefined },
    { Origin: 'https://evil.test', Host: 'evil.test' },
  ]

  it.each(posters)('%s', async (name) => {
    const client = await callerOf(name)
    const path = await pathOf(name)
    await changesNothing(async () => {
      for (const headers of FOREIGN) {
        await refused(client, name, 403, { path, headers })
        expect(client.roundTrips).toBe(0)
      }
    })
  })

  it('and told in words of its own, which name the address to open', async () => {
    const ada = await signedIn('ada')
    const answer = await call(ada, 'POST /account/name', { headers: { Origin: 'null' } })
    const page = await answer.text()

    expect(answer.status).toBe(403)
    expect(page).toContain('This form did not come from Latchkey')
    expect(page).toContain(`Open ${env.APP_ORIGIN} and try again. Nothing was changed.`)
    expect(page).not.toContain('ask an admin')
  })

  it('one that says it comes from us is taken, with or without an Origin', async () => {
    const ada = await signedIn('ada')
    for (const Origin of [undefined, env.APP_ORIGIN])
      expect((await call(ada, 'POST /account/name', { headers: { 'Sec-Fetch-Site': 'same-origin', Origin } })).status).toBe(303)
  })
})

describe('a form that no page of ours sends is refused:', () => {
  const TYPES: [string, string][] = [
    ['application/json', '{}'],
    ['text/plain', 'a=b'],
    ['multipart/form-data', 'a=b'],
  ]
  /** Those that some form may hold many times. */
  const REPEATABLE = new Set(['member', 'section', 'access', 'agent'])
  const once = (fields: Fields) =>
    Object.keys(fields).filter((field) => typeof fields[field] === 'string' && !REPEATABLE.has(field))

  it.each(posters)('%s', async (name) => {
    const fields = await fieldsOf(name)
    const client = await callerOf(name)
    const path = await pathOf(name)
    await changesNothing(async () => {
      await refused(client, name, 400, { path, fields: { ...fields, admin: '1' } })
      await refused(client, name, 413, { path, fields: { ...fields, name: 'x'.repeat(mostOf(name) * KIB) } })
      for (const field of once(fields)) await refused(client, name, 400, { path, fields: { ...fields, [field]: ['a', 'b'] } })
      for (const [type, body] of TYPES)
        expect((await client.send('POST', path, body, { headers: { 'Content-Type': type } })).status, type).toBe(400)
    })
  })
})

/** A whole list of people is longer than a form. */
const mostOf = (name: string) => (patternOf(name).endsWith('/invitations/many') ? 1024 : 64)

describe('nobody is sent to sign in, without a look at the database:', () => {
  const forged = async (change: (value: string) => string) => {
    const client = await signedIn('ada')
    client.cookies.set('__Host-session', change(client.cookies.get('__Host-session') ?? ''))
    return client
  }
  const NOBODY = [
    async () => new Client(),
    () => forged((value) => value.slice(0, -8)),
    () => forged((value) => value.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))),
    () => forged(() => 'nonsense'),
    () => forged(() => ''),
  ]

  const guarded = behind('user', 'admin').filter((name) => patternOf(name) !== 'POST /logout')

  it.each(guarded)('%s', async (name) => {
    const path = await pathOf(name)
    const isForm = name.startsWith('POST')
    const leadsTo = isForm ? null : path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`
    const nobodies = await Promise.all(NOBODY.map((make) => make()))
    await changesNothing(async () => {
      for (const client of nobodies) {
        const page = await refused(client, name, isForm ? 401 : 303, { path })
        expect(page.headers.get('Location')).toBe(leadsTo)
        expect(client.roundTrips).toBe(0)
      }
      await leavesThePageAlone(name, path)
    })
  })

  /** What htmx would fill an element with stays as it is, and a notice beside it says why. */
  async function leavesThePageAlone(name: string, path: string) {
    const headers = { 'HX-Current-URL': `${env.APP_ORIGIN}/w/acme/access/users?q=a` }
    const answer = await refused(new Client(), name, 401, { path, htmx: true, headers })
    expect([answer.headers.get('HX-Retarget'), answer.headers.get('HX-Reswap')]).toEqual(['#notice', 'innerHTML'])
    expect(await answer.text()).toContain('href="/login?next=%2Fw%2Facme%2Faccess%2Fusers%3Fq%3Da"')
  }
})

it.each(behind('admin'))('%s is not for a Tenant User', async (name) => {
  const bob = await signedIn('bob')
  const path = await pathOf(name)
  await changesNothing(async () => {
    const page = await refused(bob, name, 403, { path })
    expect(await page.text()).toContain('You do not have access to this')
    expect(bob.roundTrips).toBe(1)

    const fragment = await refused(bob, name, 403, { path, htmx: true })
    expect([fragment.headers.get('HX-Retarget'), fragment.headers.get('HX-Reswap')]).toEqual(['#notice', 'innerHTML'])
    expect(await fragment.text()).not.toContain('<html')
  })
})

describe('while the database fails, nothing is done by half:', () => {
  it.each(routeNames.filter((name) => routeNamed(name).trips > 0))('%s', async (name) => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const path = await pathOf(name)
    for (let trip = 1; trip <= routeNamed(name).trips; trip++) {
      const client = await callerOf(name)
      client.posted.length = 0
      const before = await facts()
      client.failsAt = trip
      const answer = await call(client, name, { path })
      if (client.roundTrips < trip) continue

      expect(answer.status, `trip ${trip}`).toBe(503)
      expect(await facts(), `trip ${trip}`).toEqual(before)
      expect(client.posted).toEqual([])
      expectSecurityHeaders(answer)
      const [, id = 'no request id'] = (await answer.text()).match(/Request ID: ([0-9a-f-]{36})/) ?? []
      expect(log.mock.lastCall?.[0]).toContain(id)
    }
    log.mockRestore()
  })
})

describe('there is nothing at', () => {
  it.each(['/nothing', '/w/acme/access/nothing', '/dev/mailbox', '/.env', '/nothing/a/b', '/%ff', '//login/', '/login//'])(
    '%s',
    async (path) => {
      const answer = await new Client().get(path)
      expect(answer.status).toBe(404)
      expectSecurityHeaders(answer)
    },
  )

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('%s, as a method', async (method) => {
    const ada = await signedIn('ada')
    const before = await dump()
    const answer = await ada.send(method, '/w/acme/access/users', undefined).catch(() => undefined)
    if (answer) {
      expect([403, 404]).toContain(answer.status)
      expectSecurityHeaders(answer)
    }
    expect(await dump()).toEqual(before)
  })
})

it('after a hundred changes in a minute a network is turned away before anything is read', async () => {
  const client = new Client()
  const change = () => client.post('/invitation/AAAAAAAAAAAAAAAA/decline')
  let answer = await change()
  let admitted = 0
  // A minute of the clock may begin in between, and with it another hundred.
  for (; answer.status !== 429 && admitted < 200; admitted++) answer = await change()

  expect(admitted).toBeGreaterThanOrEqual(100)
  expect([answer.status, answer.headers.get('Retry-After'), client.roundTrips]).toEqual([429, '60', 0])
  expect(await answer.text()).toContain('Wait a minute')
  expectSecurityHeaders(answer)
})
