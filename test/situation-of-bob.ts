import { expect } from 'vitest'
import { signedIn } from './client'
import { run } from './database'
import type { Deed, For, Situation } from './situations'

const BOB = { workspace: 'acme', member: 'bob', other: 'globex', memberOfOther: 'bob-of-globex' }
const ADMINS: Record<string, 'ada' | 'cat'> = { acme: 'ada', globex: 'cat' }

export async function happensToBob({ deeds }: Situation, app: For = { section: 'traces' }) {
  for (const deed of deeds(BOB, app)) await carriedOut(deed)
}

async function carriedOut(deed: Deed) {
  if ('sql' in deed) return run(deed.sql, ...deed.params)
  const admin = await signedIn(ADMINS[deed.workspace] ?? 'ada')
  const answer = await admin.send('POST', deed.path, new URLSearchParams(deed.fields))
  expect(answer.status, deed.path).toBe(303)
}

/** Bob belongs to both workspaces from now on. */
export const joinsGlobex = () =>
  run(
    `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
     SELECT ?, 'globex', user_id, email, email_key, role, status, agent_mode, created_at, joined_at FROM members WHERE id = 'bob'`,
    BOB.memberOfOther,
  )
