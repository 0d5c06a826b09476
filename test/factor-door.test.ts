import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { signedIn } from './client'
import { facts } from './database'
import { asksForFactor, hasNoFactor, hasPasskey, provedFactor, willAskForFactor } from './factors'
import { wordsOf } from './late'
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
      else expect([page.status, wordsOf(await page.text()).includes('Nothing was sent')]).toEqual([closed, true])
      expect([fragment.status, fragment.headers.get('HX-Retarget')]).toEqual([closed, '#notice'])
      expect(await facts()).toEqual(before)
    }
  },
)

const nextOf = (where: string, path: string) => (path === '/' ? where : `${where}?${new URLSearchParams({ next: path })}`)

it.each(OPEN)('%s is open to them', async (name) => {
  const answer = await (await asked(name)).ask()

  expect(answer.status).toBeLessThan(400)
  expect(answer.headers.get('Location') ?? '').not.toMatch(/^\/account(?!.*sent)/)
})

/** The first one is set up by an emailed link, and the last one cannot go: src/routes/identity/own-app.test.ts. */
const BY_LINK = [
  'GET /account/app',
  'POST /account/app',
  'POST /account/app/remove',
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

describe('a session', () => {
  it('that has proven a second factor enters', async () => {
    const bob = await signedIn('bob')
    await asksForFactor()
    await hasPasskey('bob')
    await provedFactor('bob')

    expect((await bob.get('/w/acme/agents')).status).toBe(200)
    expect((await bob.get('/account')).status).toBe(200)
  })
})
