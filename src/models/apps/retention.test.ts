import { env } from 'cloudflare:workers'
import * as oidc from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { asked, lacksTraces } from '../../../test/access-requests'
import { all, one, run } from '../../../test/database'
import { connected, signsInTo, tool } from '../../../test/tool'
import { startOver } from '../../../test/world'
import { runCron } from '../../cron'
import { readEnv } from '../../env'
import { DAY_MS, MINUTE_MS } from '../../limits'

const NOW = Date.now()
const night = (now = NOW) => runCron(readEnv(env), '17 3 * * *', now)

beforeEach(async () => {
  await startOver()
  await connected()
})

const grant = (id: string, columns: Record<string, string | number | null> = {}) => {
  const row = { ended_at: null, session_id: id, used_at: NOW, ...columns }
  return run(
    `INSERT INTO app_grants (id, tenant_id, app_id, member_id, user_id, session_id, offline, session_at, sid, sub, scope, created_at, used_at, ended_at, look_at)
     VALUES (?1, 'acme', 'traces', 'bob', 'user-bob', ?2, 1, 1, ?1, 'sub', 'openid', 1, ?3, ?4, 9e15)`,
    id,
    row.session_id,
    row.used_at,
    row.ended_at,
  )
}
const token = (id: string, expiresAt: number) =>
  run(
    "INSERT INTO app_tokens (id, kind, grant_id, payload, created_at, expires_at) VALUES (?, 'AccessToken', 'g', '{}', 1, ?)",
    id.padEnd(64, '0'),
    expiresAt,
  )
const logout = (id: string, state: string, createdAt: number) =>
  run(
    "INSERT INTO app_logouts (id, tenant_id, app_id, uri, sub, sid, state, due_at, created_at) VALUES (?, 'acme', 'traces', 'https://traces.example/out', 'sub', 'sid', ?, 9e15, ?)",
    id,
    state,
    createdAt,
  )
const idsIn = async (table: string) => (await all<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id)

describe('every night', () => {
  it('tokens go a day after they have expired', async () => {
    await grant('g')
    await token('a', NOW - DAY_MS - 1)
    await token('b', NOW - DAY_MS + MINUTE_MS)
    await night()
    expect((await idsIn('app_tokens')).map((id) => id[0])).toEqual(['b'])
  })

  it('grants go 90 days after they have ended, and none that lasts', async () => {
    await grant('lasts', { used_at: 1 })
    await grant('old', { ended_at: NOW - 90 * DAY_MS - 1 })
    await grant('newer', { ended_at: NOW - 90 * DAY_MS + MINUTE_MS })
    await night()
    expect(await idsIn('app_grants')).toEqual(['lasts', 'newer'])
  })

  it('what an app was told of, or could not be told of, goes after 30 days, and nothing that it has yet to be told', async () => {
    for (const state of ['waiting', 'sent', 'failed']) {
      await logout(`${state}, old`, state, NOW - 30 * DAY_MS - 1)
      await logout(`${state}, newer`, state, NOW - 30 * DAY_MS + MINUTE_MS)
    }
    await night()
    expect(await idsIn('app_logouts')).toEqual(['failed, newer', 'sent, newer', 'waiting, newer', 'waiting, old'])
  })

  it('requests go that wait for nothing, after the day in which they are not asked again, and after 90 days any other', async () => {
    const left = async (at: number, change?: string) => {
      await lacksTraces('bob')
      await asked('bob', 'traces', 'acme', at)
      if (change) await run(change)
      await night()
      return (await all('SELECT 1 FROM access_requests')).length
    }
    const given = "UPDATE access_requests SET state = 'given'"
    expect(await left(NOW - 90 * DAY_MS + MINUTE_MS)).toBe(1)
    expect(await left(NOW - DAY_MS + MINUTE_MS, given)).toBe(1)
    expect(await left(NOW - 90 * DAY_MS - 1)).toBe(0)
    expect(await left(NOW - DAY_MS - 1, given)).toBe(0)
    expect(await left(NOW - DAY_MS - 1, "DELETE FROM member_sections WHERE member_id = 'bob'")).toBe(0)
  })
})

it('whoever refreshes a token takes away what expired more than a day ago, and a token that was used is noticed for a week', async () => {
  const traces = await tool()
  const { tokens } = await signsInTo(traces, 'bob')
  await run("UPDATE app_tokens SET expires_at = ? WHERE kind = 'AccessToken'", Date.now() - DAY_MS - 1)
  await oidc.refreshTokenGrant(traces.config, tokens.refresh_token ?? '')

  expect(await all("SELECT count(*) AS tokens FROM app_tokens WHERE kind = 'AccessToken'")).toEqual([{ tokens: 1 }])
  const used = await one<{ left: number }>(
    "SELECT expires_at - consumed_at AS left FROM app_tokens WHERE kind = 'RefreshToken' AND consumed_at IS NOT NULL",
  )
  expect(used?.left).toBe(7 * DAY_MS)
  await expect(oidc.refreshTokenGrant(traces.config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
  expect(await all('SELECT 1 FROM app_grants WHERE ended_at IS NULL')).toEqual([])
})
