import { expect, it } from 'vitest'
import type { Client } from './client'
import { dump, run } from './database'
import { withoutPresence } from './presence'
import { call, callerOf, fieldsOf, pathOf, posters, routeNamed } from './routes'

/** Ada and Bob belong to both workspaces, as admin and as user. */
const BOTH = ['ada', 'bob'].map(
  (name) => `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    VALUES ('${name}-globex', 'globex', 'user-${name}', '${name}@acme.test', '${name}@acme.test', '${name === 'ada' ? 'admin' : 'user'}', 'active',
      'all', 1, 1)`,
)

const IN_WORKSPACE = posters.filter((name) => routeNamed(name).pattern.startsWith('/w/:workspace'))

/** What the other tab does meanwhile: it opens pages of Globex, as a switch of workspaces does. */
async function workInGlobex(client: Client) {
  for (const page of ['/w/globex/agents', '/w/globex/sections/traces']) expect((await client.get(page)).status, page).toBe(200)
}

/** What being there leaves behind is no change of the workspace. */
async function of(tenantId: string) {
  const tables = Object.entries(withoutPresence(await dump()))
  return tables.map(([table, all]) => [table, all.filter((row) => row.tenant_id === tenantId || row.id === tenantId)])
}

it('there are forms to try', () => expect(IN_WORKSPACE.length).toBeGreaterThan(15))

it.each(IN_WORKSPACE)('%s acts in the workspace of its page, whatever another tab has entered since', async (name) => {
  for (const statement of BOTH) await run(statement)
  const client = await callerOf(name)
  const [path, fields] = [await pathOf(name), await fieldsOf(name)]
  await workInGlobex(client)
  const before = { acme: await of('acme'), globex: await of('globex') }
  const answer = await call(client, name, { path, fields })

  expect([200, 303]).toContain(answer.status)
  expect(answer.headers.get('Location') ?? '').not.toContain('globex')
  expect(await of('globex')).toEqual(before.globex)
  expect(await of('acme')).not.toEqual(before.acme)
})
