import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { actNamed, invitee, somebody } from '../../../test/cast'
import { signedIn } from '../../../test/client'
import { all, run } from '../../../test/database'
import { connected, signsInTo, tool } from '../../../test/tool'
import { startOver } from '../../../test/world'
import { runCron } from '../../cron'
import { readEnv } from '../../env'
import { DAY_MS } from '../../limits'
import { accept } from '../invitations/acceptance'
import { remove } from '../members/membership'

beforeEach(async () => {
  await startOver()
  await connected()
})

const subjectOf = async (name: 'ada' | 'bob' | 'cat') => (await signsInTo(await tool(), name)).tokens.claims()?.sub
const subjects = () => all("SELECT sub FROM subjects WHERE user_id = 'user-bob'")

it('an app calls somebody the same who was deleted and is invited again, by another membership', async () => {
  const before = await subjectOf('bob')
  const ada = await actNamed('ada')
  await remove(ada, { id: 'bob' })
  expect(await subjects()).toEqual([{ sub: before }])

  const again = await invitee(ada, 'bob@acme.test')
  expect(await accept(somebody(), again.jti, { userId: 'user-bob' })).toBe(true)
  expect(again.memberId).not.toBe('bob')
  await run("DELETE FROM departures WHERE user_id = 'user-bob'")
  await run('UPDATE members SET valid_from = 0 WHERE id = ?', again.memberId)
  expect(await subjectOf('bob')).toBe(before)
})

it('apps of two workspaces do not know each other’s name for somebody', async () => {
  await run(
    "INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at) SELECT 'bob-globex', 'globex', id, email, email_key, 'user', 'active', 'all', 1, 1 FROM users WHERE id = 'user-bob'",
  )
  const here = await subjectOf('bob')
  await connected({ id: 'elsewhere', tenant_id: 'globex' })
  const there = (await signsInTo(await tool('elsewhere'), await signedIn('bob', 'globex'))).tokens.claims()?.sub
  expect(there).toBeTruthy()
  expect(there).not.toBe(here)
  expect(await all('SELECT tenant_id FROM subjects ORDER BY tenant_id')).toEqual([{ tenant_id: 'acme' }, { tenant_id: 'globex' }])
})

it('an app knows nobody any more whose account is gone', async () => {
  await subjectOf('bob')
  await remove(await actNamed('ada'), { id: 'bob' })
  await run("UPDATE users SET alone_since = 1 WHERE id = 'user-bob'")
  await runCron(readEnv(env), '17 3 * * *', Date.now() + 91 * DAY_MS)
  expect(await subjects()).toEqual([])
})
