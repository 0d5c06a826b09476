import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, run } from '../../../test/database'
import { AGENT, agrees, begins, codeIn, describes, PROGRAM, Program } from '../../../test/mcp'
import { clientMeanwhile, type Meanwhile } from '../../../test/meanwhile'
import { connected } from '../../../test/tool'

let bob: Client
let path: string
let meanwhile: Meanwhile

beforeEach(async () => {
  describes()
  await connected({ id: 'helper', section: null, agent_id: 'agent-release-notes', resource: AGENT })
  await run("UPDATE tenants SET metadata_clients = 1 WHERE id = 'acme'")
  const before = await signedIn('bob')
  path = await begins(new Program())
  expect(codeIn(await agrees(before, path))).toBeDefined()
  await run('DELETE FROM app_grants')
  meanwhile = {}
  bob = clientMeanwhile(meanwhile)
  for (const [name, value] of before.cookies) bob.cookies.set(name, value)
})
afterEach(() => vi.restoreAllMocks())

/** After it was read who asks and for what, and before anything is written. */
it.each([
  ['the workspace takes no such programs any more', "UPDATE tenants SET metadata_clients = 0 WHERE id = 'acme'", 404],
  ['the person has taken back that they agreed', 'DELETE FROM app_consents', 200],
  ['it leads elsewhere', `UPDATE metadata_clients SET redirect_uris = '["http://localhost/"]' WHERE id = '${PROGRAM}'`, 404],
  ['its agent has another address', "UPDATE apps SET resource = 'https://moved.example/', version = 2", 404],
])('a program is not let in where %s while its person was sent back to it, and they are asked again', async (_, change, then) => {
  const again = path.replace('prompt=consent', '')
  meanwhile.happens = () => run(change)
  const answer = await bob.get(again)
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, again])
  expect([await all('SELECT id FROM app_grants'), await all('SELECT id FROM app_tokens')]).toEqual([[], []])
  expect((await bob.get(again)).status).toBe(then)
})
