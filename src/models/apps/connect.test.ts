import { beforeEach, expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import type { MemberAct } from '../core/act'
import { changeApp, type ReadApp } from './change'
import { connectApp } from './connect'
import { disconnectApp } from './disconnect'
import { type AppFacts, BLANK_APP, checkApp } from './draft'
import { endFormerSecret, rotateSecret } from './secret'

const TRACES = { section: 'traces', agentId: null }

let ada: MemberAct
let cat: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  cat = await actNamed('cat')
})

function facts(wanted: Partial<AppFacts> = {}): AppFacts {
  const checked = checkApp(
    { ...BLANK_APP, name: 'Grafana', redirect_uris: 'https://grafana.test/cb' },
    { agentId: null },
    'https://latchkey.test',
  )
  if ('problems' in checked) throw new Error('not an app')
  return { ...checked.facts, ...wanted }
}

const read = async (id: string): Promise<ReadApp> => ({
  ...facts(),
  id,
  version: (await one<{ version: number }>('SELECT version FROM apps WHERE id = ?', id))?.version ?? 0,
})

it('one form connects one app, however many send it at once, and one of them has its secret', async () => {
  await tryOften(async (i) => {
    const made = await together(() => connectApp(ada, TRACES, facts(), `form-of-try-${i}`))
    expect(made.filter((each) => 'secret' in each)).toHaveLength(1)
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(await all("SELECT 1 FROM activity WHERE kind = 'app_connected'")).toHaveLength(i + 1)
    await run('DELETE FROM apps')
  })
})

it('one host is one app’s, whichever workspaces want it at once', async () => {
  await tryOften(async (i) => {
    const made = await together((j) => connectApp(j % 2 ? ada : cat, TRACES, facts({ hosts: ['mlflow.test'] }), `form ${i} ${j}`))
    expect(made.filter((each) => !('reason' in each))).toHaveLength(1)
    expect(await all('SELECT host FROM app_hosts')).toEqual([{ host: 'mlflow.test' }])
    await run('DELETE FROM apps')
  })
})

it('a workspace has at most a hundred apps', async () => {
  await run(`INSERT INTO apps (id, tenant_id, name, auth, redirect_uris, after_logout_uris, created_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99) SELECT 'app' || i, 'acme', 'App', 'none', '[]', '[]', 1 FROM n`)
  expect(await connectApp(ada, TRACES, facts(), 'the hundredth')).toMatchObject({ secret: expect.any(String) })
  expect(await connectApp(ada, TRACES, facts(), 'one more')).toMatchObject({ reason: 'too_many' })
  expect(await connectApp(cat, TRACES, facts(), 'one more')).toMatchObject({ secret: expect.any(String) })
})

it('nobody can choose a client id: the same form in another workspace is another app', async () => {
  const [one, other] = [await connectApp(ada, TRACES, facts(), 'form'), await connectApp(cat, TRACES, facts(), 'form')]
  expect(one.id).not.toBe(other.id)
})

it('of many who rotate the secret that they see, one does, and the one before goes on', async () => {
  await tryOften(async (i) => {
    const { id } = await connectApp(ada, TRACES, facts(), `form ${i}`)
    const secrets = await together(() => rotateSecret({ ...ada, now: ada.now + 1 }, id, ada.now))
    expect(secrets.filter(Boolean)).toHaveLength(1)
    const row = await one('SELECT former_secret_until - secret_at AS overlap FROM apps WHERE id = ?', id)
    expect(row).toEqual({ overlap: 7 * 24 * 3_600_000 })
    await run('DELETE FROM apps')
  })
})

it('a change of an app rests on how it was read, and takes its hosts along', async () => {
  const { id } = await connectApp(ada, TRACES, facts({ hosts: ['a.test', 'b.test'] }), 'form')
  const app = { ...(await read(id)), hosts: ['a.test', 'b.test'] }
  expect(await changeApp(ada, app, facts({ hosts: ['b.test', 'c.test'] }))).toBeUndefined()
  expect(await all('SELECT host FROM app_hosts ORDER BY 1')).toEqual([{ host: 'b.test' }, { host: 'c.test' }])

  const before = await dump()
  expect(await changeApp(ada, app, facts({ name: 'Late', hosts: [] }))).toEqual({ reason: 'stale' })
  expect(await changeApp(cat, await read(id), facts({ name: 'Theirs' }))).toEqual({ reason: 'stale' })
  expect(await dump()).toEqual(before)
})

it('the admin of another workspace changes nothing of an app', async () => {
  const { id } = await connectApp(ada, TRACES, facts(), 'form')
  await rotateSecret(ada, id, ada.now)
  const before = await dump()
  expect([await rotateSecret(cat, id, ada.now), await endFormerSecret(cat, id), await disconnectApp(cat, id)]).toEqual([
    undefined,
    false,
    false,
  ])
  expect(await dump()).toEqual(before)
})
