import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { signedIn } from '../../test/client'
import { all } from '../../test/database'
import { runCron } from '../cron'
import { readEnv } from '../env'
import { month } from './month'

beforeEach(async () => {
  await env.DB.batch(month({ now: Date.now() }).map((statement) => env.DB.prepare(statement)))
})

const page = async (path: string) => (await (await signedIn('ada')).get(path)).text()

it('a developer finds every state of a person in the first minute', async () => {
  const users = await page('/w/acme/access/users')
  for (const words of [
    'Active',
    'Disabled',
    'Invite Pending',
    'Invite Expired',
    'Invite Bounced',
    'Ended',
    'Ends in',
    '1 person is waiting for approval',
    '5 of 7',
    '3 of 5',
    'Differs from Support team',
  ])
    expect(users).toContain(words)
  expect(await (await (await signedIn('bob')).get('/w/acme/agents')).text()).not.toContain('Contract Reader')
})

it('a developer finds apps, who is signed in to one, and who asks for one', async () => {
  expect(await page('/w/acme/access/apps')).toMatch(/Grafana[\s\S]*Langfuse[\s\S]*Release Notes over MCP/)
  expect(await page('/w/acme/access/apps/seeded-grafana')).toContain('Bob Okafor')
  expect(await page('/w/acme/access/users')).toContain('1 request for access to an app')
  expect(await page('/w/acme/access/requests/apps')).toMatch(/Bob Okafor[\s\S]*Langfuse/)
})

it('what is seeded to be signed in stays so when the Cron looks', async () => {
  await runCron(readEnv(env), '* * * * *', Date.now())
  expect(await all('SELECT ended_at FROM app_grants')).toEqual([{ ended_at: null }])
})

it('the activity log tells the month, and every person of it is there', async () => {
  const kinds = await all<{ kind: string }>("SELECT DISTINCT kind FROM activity WHERE tenant_id = 'acme'")
  expect(kinds.length).toBeGreaterThan(7)
  const strangers = 'SELECT kind, member_id FROM activity WHERE member_id IS NOT NULL AND member_id NOT IN (SELECT id FROM members)'
  expect(await all(strangers)).toEqual([])
  expect(await page('/w/acme/access/activity')).toContain('Eval: on → off')
})

it('a seeded agent opens a page of this server', async () => {
  const answer = await (await signedIn('ada')).get('/w/acme/agents/agent-release-notes/open')
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/dev/agents/release-notes'])
})

it('the page of the bounced invitation says what the mail server said', async () => {
  expect(await page('/w/acme/access/users/legal')).toContain('There is no mailbox with this address')
})
