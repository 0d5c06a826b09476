import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { Client } from '../../../test/client'
import { all, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { behindProxy, Visitor, visitor } from '../../../test/proxy'
import { PASS_PHRASE } from '../../../test/routes'

it('asks somebody once what the tool may know of them, and leads on from a page, since a form may not leave us', async () => {
  await behindProxy({ granted_at: null })
  const bob = await visitor('bob')
  const asked = (await bob.opens('/d/1')).answer
  const page = await asked.text()
  expect([asked.status, page]).toEqual([200, expect.stringContaining('Sign in to Traces')])
  expect(page).toContain('See your email address (bob@acme.test)')
  const agreed = await bob.atLatchkey.post('/oauth/consent', formIn(page, '/oauth/consent'))
  const onward = agreed.headers.get('Location') ?? ''
  expect(onward).toMatch(/^\/oauth\/forward\/continue\?/)
  const between = await bob.atLatchkey.get(onward)
  expect(between.headers.get('Refresh')).toBe(`0; url=${onward.replace('/continue', '')}`)
  expect((await bob.opens('/d/1')).answer.status).toBe(200)
  expect(await all('SELECT scope FROM app_consents')).toEqual([{ scope: 'openid profile email groups' }])
})

it('signs in somebody who was nobody, and leads on from a page', async () => {
  await behindProxy()
  const bob = new Visitor(new Client())
  const { answer, way } = await bob.opens('/d/1?tab=2')
  expect([answer.status, new URL(way.at(-1) ?? '').pathname]).toEqual([200, '/login'])
  const { next } = formIn(await answer.text(), '/login')
  const signed = await bob.atLatchkey.post('/login', { email: 'bob@acme.test', password: PASS_PHRASE, next: String(next) })
  expect(signed.headers.get('Location')).toMatch(/^\/oauth\/forward\/continue\?.*to=%2Fd%2F1%3Ftab%3D2/)
  expect((await bob.opens('/d/1?tab=2')).answer.status).toBe(200)
})

it('asks for the second factor that the workspace of the tool asks for', async () => {
  await behindProxy()
  await run("UPDATE tenants SET factor_policy = 'everybody', factor_policy_at = 1, factor_grace_days = 0 WHERE id = 'acme'")
  const bob = await visitor('bob')
  const { way } = await bob.opens('/')
  expect(way.map((url) => new URL(url).pathname)).toContain('/account/second-factor')
})

it('says whom to ask to somebody who has no access, and how', async () => {
  await behindProxy()
  await run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', 'traces', 'off')")
  const { answer } = await (await visitor('bob')).opens('/')
  const page = await answer.text()
  expect([answer.status, page]).toEqual([403, expect.stringContaining('Ask Ada Admin.')])
  expect(formIn(page, '/oauth/ask')).toMatchObject({
    app: 'traces',
    next: expect.stringContaining('/oauth/forward?client_id=traces'),
  })
  expect(page).not.toContain('Back to Traces')
})

it('gives nothing to what only looks', async () => {
  await behindProxy()
  const bob = await visitor('bob')
  const way = (await bob.asks('/')).headers.get('Location')?.slice(env.APP_ORIGIN.length) ?? ''
  await bob.atLatchkey.send('HEAD', way, undefined)
  expect(await all('SELECT id FROM app_grants')).toEqual([])
})

it('is in the activity log once for each session', async () => {
  await behindProxy()
  const bob = await visitor('bob')
  await bob.opens('/')
  bob.atTool.cookies.clear()
  await bob.opens('/')
  expect(await all("SELECT kind FROM activity WHERE kind = 'app_signed_in'")).toEqual([{ kind: 'app_signed_in' }])
})
