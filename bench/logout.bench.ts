import { env } from 'cloudflare:workers'
import { expect, inject, it } from 'vitest'
import { SETTLED_AT_ONCE } from '../src/db/settle'
import { Client, signedIn } from '../test/client'
import { all, one, run } from '../test/database'
import { isSignedInTo } from '../test/grants'
import type { LogoutMood, Told } from '../test/logout-endpoint'
import { connected } from '../test/tool'
import { startOver } from '../test/world'

const ROUNDS = 20
const MANY = 1_000

const endpoint = () => `${inject('providerUrl')}/tool/${crypto.randomUUID()}`
const does = (uri: string, ...moods: LogoutMood[]) => fetch(uri, { method: 'PUT', body: JSON.stringify(moods) })
const told = async (uri: string): Promise<Told[]> => (await fetch(uri)).json()

/** An admin whose requests reach the Queue as those of a deployment do. */
async function admin() {
  const ada = await signedIn('ada')
  const client = new Client({ JOB_QUEUE: env.JOB_QUEUE })
  for (const [name, value] of ada.cookies) client.cookies.set(name, value)
  return client
}

async function hits(uri: string, count: number) {
  for (;;) {
    const found = await told(uri)
    if (found.length >= count) return found
    await scheduler.wait(20)
  }
}

/** The median and the longest, in ms. */
const summed = (times: number[]) => {
  const sorted = times.toSorted((a, b) => a - b)
  return `median ${sorted[Math.floor(sorted.length / 2)]} ms, longest ${sorted.at(-1)} ms`
}

it('prints how long after an admin has disabled somebody the tool is told, whose endpoint fails twice first', {
  timeout: 900_000,
}, async () => {
  const times: number[][] = [[], [], []]
  for (let round = 0; round < ROUNDS; round++) {
    await startOver()
    const [uri, ada] = [endpoint(), await admin()]
    await does(uri, 500, 500, 200)
    await connected({ logout_uri: uri })
    await signedIn('bob')
    await isSignedInTo('bob', { apps: ['traces'] })
    const start = Date.now()
    expect((await ada.post('/w/acme/access/users/bob/disable')).status).toBe(303)
    for (const [i, { at }] of (await hits(uri, 3)).entries()) times[i]?.push(at - start)
    while (!(await one("SELECT 1 FROM app_logouts WHERE state = 'sent'"))) await scheduler.wait(20)
  }
  console.info(['first', 'second', 'third'].map((which, i) => `${which} request after ${summed(times[i] ?? [])}`).join('\n'))
})

it('prints what it costs when many lose a section at once, and how long it takes to tell the tool of all', {
  timeout: 900_000,
}, async () => {
  await startOver()
  const [uri, ada] = [endpoint(), await admin()]
  await connected({ logout_uri: uri })
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})`
  await run(`INSERT INTO users (id, email, email_key, created_at) ${numbers} SELECT 'many ' || i, i, i, 1 FROM n`)
  await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    ${numbers} SELECT 'many ' || i, 'acme', 'many ' || i, i, i, 'user', 'active', 'all', 1, 1 FROM n`)
  await run(`INSERT INTO app_grants (id, tenant_id, app_id, member_id, user_id, session_id, offline, session_at, sid, sub, scope, created_at, used_at)
    SELECT id, tenant_id, 'traces', id, user_id, id, 1, 1, id, id, 'openid', 1, ${Date.now()} FROM members WHERE id GLOB 'many *'`)
  await run(`INSERT INTO app_tokens (id, kind, grant_id, payload, created_at, expires_at)
    SELECT lower(hex(randomblob(32))), 'RefreshToken', id, '{}', 1, 9e12 FROM app_grants`)
  await run('DELETE FROM access_changes')
  const start = Date.now()
  await ada.post('/w/acme/access/permissions/defaults', { section: 'traces', access: 'off' })
  const answered = Date.now() - start
  const { read, written } = ada.bill
  const last = (await hits(uri, MANY)).map(({ at }) => at - start).toSorted((a, b) => a - b)
  console.info(
    `${MANY} people lose a section, of at most ${SETTLED_AT_ONCE} at once: answered after ${answered} ms, ${read} rows read and ${written} written; the tool is told of the first after ${last[0]} ms, of half of them after ${last[MANY / 2]} ms, of all after ${last.at(-1)} ms`,
  )
  expect(await all('SELECT 1 FROM app_grants WHERE ended_at IS NULL')).toEqual([])
})
