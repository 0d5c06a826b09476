import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { type Client, signedIn } from './client'
import { facts, one, run } from './database'
import { alsoInGlobex, asksForFactor, hasNoFactor, hasPasskey, provedFactor, WEEK_MS, willAskForFactor } from './factors'
import { wordsOf } from './late'
import { named } from './people'
import { call, callerOf, fieldsOf, getters, pathOf, routeNamed, routeNames } from './routes'

const SIGNED_IN = routeNames.filter((name) => ['user', 'admin'].includes(routeNamed(name).by))

/** What answers somebody all the same whose workspace asks for a second factor: docs/rules.md, Second factor. */
const OPEN = [
  'GET /confirm',
  'POST /confirm',
  'POST /confirm/options',
  'POST /logout (signed in)',
  'GET /account/second-factor',
  'POST /account/second-factor/link',
]
const CLOSED = SIGNED_IN.filter((name) => !OPEN.includes(name))

async function asked(name: string) {
  const client = await callerOf(name)
  const [path, fields] = [await pathOf(name), await fieldsOf(name)]
  await hasNoFactor()
  await asksForFactor()
  return { path, ask: (htmx = false) => call(client, name, { path, fields, htmx, headers: FROM }) }
}
const FROM = { Referer: `${env.APP_ORIGIN}/account` }

const ownerOf = (name: string) => (routeNamed(name).by === 'admin' ? 'ada' : 'bob')

it.each(CLOSED)(
  '%s asks whoever has no second factor for one, and whoever has not proven theirs for that, and does nothing',
  async (name) => {
    const { path, ask } = await asked(name)
    const isPage = getters.includes(name)

    for (const [has, where, closed] of [
      [false, '/account/second-factor', 403],
      [true, '/confirm', 401],
    ] as const) {
      if (has) await hasPasskey(ownerOf(name))
      const before = await facts()
      const [page, fragment] = [await ask(), await ask(true)]

      if (isPage) expect(page.headers.get('Location')).toBe(nextOf(where, path))
      else expect([page.status, wordsOf(await page.text())]).toEqual([closed, NOTHING_SENT])
      expect([fragment.status, fragment.headers.get('HX-Retarget')]).toEqual([closed, '#notice'])
      expect(wordsOf(await fragment.text())).toEqual(NOTHING_SENT)
      expect(await facts()).toEqual(before)
    }
  },
)

const NOTHING_SENT = expect.stringMatching(/Nothing (was|has been) sent/)

const nextOf = (where: string, path: string) => (path === '/' ? where : `${where}?${new URLSearchParams({ next: path })}`)

it.each(OPEN)('%s is open to them', async (name) => {
  const answer = await (await asked(name)).ask()

  expect(answer.status).toBeLessThan(400)
  expect(answer.headers.get('Location') ?? '').not.toMatch(/^\/account(?!.*sent)/)
})

/** The first one is set up by an emailed link, and the last one cannot go: src/routes/identity/own-authenticator-app.test.ts. */
const BY_LINK = [
  'GET /account/authenticator-app',
  'POST /account/authenticator-app',
  'POST /account/authenticator-app/remove',
  'POST /account/passkeys/options',
  'POST /account/passkeys',
]

it.each(SIGNED_IN.filter((name) => !BY_LINK.includes(name)))('%s is open to whoever has days left to set one up', async (name) => {
  const client = await callerOf(name)
  const [path, fields] = [await pathOf(name), await fieldsOf(name)]
  await willAskForFactor()
  const answer = await call(client, name, { path, fields })

  expect(answer.status).toBeLessThan(400)
  expect(answer.headers.get('Location') ?? '').not.toMatch(/^\/(account\/second-factor(?!.*sent)|confirm)/)
})

const openedBy = async (client: Client, ...paths: string[]) => {
  const answers = []
  for (const path of paths) {
    const { status, headers } = await client.get(path)
    answers.push(status === 303 ? (headers.get('Location') ?? '').replace(/\?.*/, '') : status)
  }
  return answers
}
const [AGENTS, ENROL, PROVE] = ['/w/acme/agents', '/account/second-factor', '/confirm']

describe('the very next request', () => {
  it('meets a rule that began meanwhile, with days left or without, and none that was taken back', async () => {
    const bob = await signedIn('bob')
    expect(await openedBy(bob, AGENTS)).toEqual([200])
    await willAskForFactor()
    expect(await openedBy(bob, AGENTS, '/account')).toEqual([200, 200])
    expect(await (await bob.get(AGENTS)).text()).toContain('id="factor-due"')
    await asksForFactor()
    expect(await openedBy(bob, AGENTS, '/account', '/')).toEqual([ENROL, ENROL, ENROL])
    await asksForFactor('acme', { policy: 'optional' })
    expect(await openedBy(bob, AGENTS, '/account')).toEqual([200, 200])
    expect(await (await bob.get(AGENTS)).text()).not.toContain('id="factor-due"')
  })

  it('of a session that has proven a second factor enters; of another of theirs it does not', async () => {
    const bob = await signedIn('bob')
    await asksForFactor()
    await hasPasskey('bob')
    await provedFactor('bob')
    expect(await openedBy(bob, AGENTS, '/account')).toEqual([200, 200])
    expect(await openedBy(await signedIn('bob'), AGENTS, '/account')).toEqual([PROVE, PROVE])
  })

  it('asks for no proof while there are days left', async () => {
    await willAskForFactor()
    await hasPasskey('bob')
    const bob = await signedIn('bob')
    expect(await openedBy(bob, AGENTS, '/account')).toEqual([200, 200])
    expect(await (await bob.get(AGENTS)).text()).not.toContain('id="factor-due"')
  })

  it('counts the days from when somebody joined, where that was later', async () => {
    await asksForFactor('acme', { graceDays: 7 })
    const joined = (at: number) => run("UPDATE members SET joined_at = ? WHERE id = 'bob'", at)
    await joined(Date.now() - WEEK_MS + 60_000)
    const bob = await signedIn('bob')
    expect(await openedBy(bob, AGENTS, '/account')).toEqual([200, 200])
    await joined(Date.now() - WEEK_MS)
    expect(await openedBy(bob, AGENTS, '/account')).toEqual([ENROL, ENROL])
  })

  it('of a user passes a rule for admins, until they are made one', async () => {
    await asksForFactor('acme', { policy: 'admins' })
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')]
    expect(await openedBy(ada, AGENTS)).toEqual([ENROL])
    expect(await openedBy(bob, AGENTS, '/account')).toEqual([200, 200])
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    expect(await openedBy(bob, AGENTS, '/account')).toEqual([ENROL, ENROL])
  })

  it('notes no visit of somebody who is not let in', async () => {
    const bob = await signedIn('bob')
    await asksForFactor()
    await run('DELETE FROM visits')
    await bob.get(AGENTS)
    expect(await one("SELECT 1 FROM visits WHERE member_id = 'bob'")).toBeUndefined()
  })
})

describe('somebody in two workspaces', () => {
  it('meets in each what it asks, and on their own pages the stricter of the two', async () => {
    await alsoInGlobex()
    const bob = await signedIn('bob')
    await asksForFactor('globex')
    expect(await openedBy(bob, AGENTS, '/w/globex/agents', '/account', '/workspaces', '/')).toEqual([
      200,
      ENROL,
      ENROL,
      ENROL,
      ENROL,
    ])
    await asksForFactor('globex', { policy: 'admins' })
    expect(await openedBy(bob, '/w/globex/agents', '/account')).toEqual([200, 200])
  })

  it.each([
    ['acme', 'globex'],
    ['globex', 'acme'],
  ])('is asked on their own pages by %s, which waits no longer, although %s still does', async (now, later) => {
    await alsoInGlobex()
    await asksForFactor(now)
    await willAskForFactor(later)
    expect(await openedBy(await signedIn('bob'), '/account', `/w/${later}/agents`)).toEqual([ENROL, 200])
  })

  it.each([
    ['is disabled in', "UPDATE members SET status = 'disabled' WHERE id = 'bob-globex'"],
    ['whose time has ended in', "UPDATE members SET ends_at = 1 WHERE id = 'bob-globex'"],
    ['belongs to a suspended', "UPDATE tenants SET suspended_at = 1 WHERE id = 'globex'"],
  ])('and %s the stricter one is asked for nothing by it', async (_, change) => {
    await alsoInGlobex()
    await asksForFactor('globex')
    await run(change)
    expect(await openedBy(await signedIn('bob'), '/account', AGENTS)).toEqual([200, 200])
  })
})

it('an invitation can be accepted by whoever lacks what its workspace asks for, and opens nothing', async () => {
  await asksForFactor()
  const name = 'POST /invitation/:link/accept (joining)'
  const joiner = await callerOf(name)
  const answer = await call(joiner, name)

  expect(answer.status).toBe(303)
  expect(await openedBy(joiner, AGENTS)).toEqual([ENROL])
})

it('an export that runs is broken off by a rule that begins, at its next part', async () => {
  const people = Array.from({ length: 5001 }, (_, i) => ({ id: `p-${i}`, email: `p${i}@acme.test`, name: null }))
  for (let i = 0; i < people.length; i += 1000) await named(people.slice(i, i + 1000))
  vi.spyOn(console, 'error').mockReturnValue()
  vi.spyOn(console, 'log').mockReturnValue()
  const ada = await signedIn('ada')
  const { body } = await ada.post('/w/acme/access/users/export', { format: 'csv' })
  const reader = body?.getReader()
  await reader?.read()
  await asksForFactor()
  const rest = async () => {
    for (;;) if ((await reader?.read())?.done) return
  }

  await expect(rest()).rejects.toThrow()
})
