import { beforeEach, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, run } from '../../../test/database'
import { clientMeanwhile, type Meanwhile } from '../../../test/meanwhile'
import { begin, connected, type Tool, tool } from '../../../test/tool'

let bob: Client
let traces: Tool
let meanwhile: Meanwhile

beforeEach(async () => {
  await connected()
  traces = await tool()
  meanwhile = {}
  bob = clientMeanwhile(meanwhile)
  for (const [name, value] of (await signedIn('bob')).cookies) bob.cookies.set(name, value)
})

/** After it was read who asks and for what, and before anything is written. */
it.each([
  ['the session ended', "DELETE FROM sessions WHERE user_id = 'user-bob'", '/login'],
  ['the address was taken from the app', `UPDATE apps SET redirect_uris = '["https://traces.example/other"]', version = 2`, 404],
  ['the app was disconnected', 'DELETE FROM apps', 404],
])('nobody is signed in to an app where %s while they were sent back to it, and they are asked again', async (_, change, then) => {
  const { path } = await begin(traces, { scope: 'openid offline_access' })
  meanwhile.happens = () => run(change)
  const answer = await bob.get(path)
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, path])
  expect([await all('SELECT id FROM app_grants'), await all('SELECT id FROM app_tokens')]).toEqual([[], []])
  const again = await bob.get(path)
  expect(again.headers.get('Location')?.split('?')[0] ?? again.status).toBe(then)
})

it('nobody is signed in by a consent that they took back while they were sent back to the app', async () => {
  await run('UPDATE apps SET granted_at = NULL')
  await run("INSERT INTO app_consents (member_id, app_id, scope, at) VALUES ('bob', 'traces', 'openid', 1)")
  const { path } = await begin(traces, { scope: 'openid' })
  meanwhile.happens = () => run('DELETE FROM app_consents')
  const answer = await bob.get(path)
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, path])
  expect(await all('SELECT id FROM app_grants')).toEqual([])
  expect((await bob.get(path)).status).toBe(200)
})
