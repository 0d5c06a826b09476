import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { run } from '../../../test/database'
import { raw } from '../../db/raw'
import { membersPage } from '../members/member'
import type { Everybody } from './chosen'
import { howMany } from './how-many'

const FILTERS: Everybody[] = [
  { q: '' },
  { q: '', role: 'admin' },
  { q: '', status: 'active' },
  { q: '', status: 'active', role: 'user' },
  { q: '', status: 'ended' },
  { q: '', status: 'ended', role: 'admin' },
  { q: '', status: 'disabled' },
  { q: '', status: 'pending' },
  { q: '', status: 'expired' },
  { q: 'acme', role: 'user' },
]

it('as many people match as the list has, whoever ended a moment ago among them', async () => {
  const at = { ...(await actNamed('ada')), secretHash: '' }
  await run("UPDATE members SET ends_at = 2 WHERE id = 'bob'")
  for (const filter of FILTERS) {
    const listed = await membersPage(at, { status: undefined, role: undefined, ...filter, cursor: '' })
    const [count] = await raw<{ people: number }>(at.db, sql`SELECT ${howMany(at, filter)} AS people`)
    expect(count?.people, JSON.stringify(filter)).toBe(listed.length)
  }
})
