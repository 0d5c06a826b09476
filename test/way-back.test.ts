import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { run } from './database'
import { HALF_AN_HOUR_MS } from './late'
import { call, callerOf, fieldsOf, pathOf, posters, routeNamed } from './routes'

const BEHIND_SESSION = posters.filter((name) => ['user', 'admin'].includes(routeNamed(name).by) && !name.startsWith('POST /logout'))

/** Without JavaScript a refused form leaves the browser at the path it posted to, which is no page. */
it.each(BEHIND_SESSION)('%s, refused before, leads on to a page after sign-in', async (name) => {
  const client = await callerOf(name)
  const [path, fields] = [await pathOf(name), await fieldsOf(name)]
  const idleFor = (ms: number) => run('UPDATE sessions SET last_seen_at = last_seen_at - ?', ms)
  await idleFor(HALF_AN_HOUR_MS)
  const signIn = await call(client, name, { path, fields, headers: { Referer: env.APP_ORIGIN + path } })
  const next = (await signIn.text()).match(/name="next" value="([^"]+)"/)?.[1] ?? ''
  await idleFor(-HALF_AN_HOUR_MS)

  expect(next).toMatch(/^\/./)
  expect((await client.get(next)).status, next).toBeLessThan(400)
})
