import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { one, run } from '../../../test/database'
import { named, rowsReadBy } from '../../../test/people'
import { connect } from '../../db/connect'
import { type Filter, membersPage } from './member'

const at = { db: connect(env.DB), secretHash: '', tenantId: 'acme', now: Date.now() }
const LACKING: Filter = { q: '', status: 'no_factor', role: undefined, cursor: '' }

const passkeyOf = (who: string) =>
  run(
    `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) SELECT 'key-' || id, id, 'passkey', 'k', 1, 1 FROM users WHERE id GLOB ?`,
    who,
  )
const hasFactor = async (id: string) =>
  (await one<{ has_factor: number }>('SELECT has_factor FROM members WHERE id = ?', id))?.has_factor

describe('whoever has no second factor', () => {
  it('is told from the others in every workspace of theirs, from the first one they have to the last', async () => {
    expect(await hasFactor('bob')).toBe(0)
    await passkeyOf('user-bob')
    await run(
      "INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES ('app', 'user-bob', 'totp', 's', 1, 1)",
    )
    expect(await hasFactor('bob')).toBe(1)
    await run("DELETE FROM credentials WHERE id = 'app'")
    expect(await hasFactor('bob')).toBe(1)
    await run("DELETE FROM credentials WHERE kind = 'passkey'")
    expect(await hasFactor('bob')).toBe(0)
  })

  it('is told of somebody who joins with an account, too', async () => {
    await passkeyOf('user-cat')
    await run("UPDATE members SET user_id = 'user-cat', status = 'active', joined_at = 1 WHERE id = 'pia'")
    expect(await hasFactor('pia')).toBe(1)
    await run("UPDATE members SET user_id = NULL, status = 'pending', joined_at = NULL WHERE id = 'pia'")
    expect(await hasFactor('pia')).toBe(0)
    await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
      VALUES ('cat-too', 'acme', 'user-cat', 'c@x.test', 'c@x.test', 'user', 'active', 'all', 1, 1)`)
    expect(await hasFactor('cat-too')).toBe(1)
  })

  it('costs the user table a page of rows, few or many, in every order', async () => {
    const everybody = Array.from({ length: 3000 }, (_, i) => ({ id: `p-${i}`, email: `p${i}@acme.test`, name: `P ${i}` }))
    for (const from of [0, 1000, 2000]) await named(everybody.slice(from, from + 1000))
    const read = () =>
      Promise.all(
        (['address', 'role', 'name', 'active'] as const).map((order) => rowsReadBy(membersPage(at, { ...LACKING, order }))),
      )
    const many = await read()
    await passkeyOf('user-p-*[0-8]')
    const few = await read()

    expect(Math.max(...many)).toBeLessThan(1000)
    expect(Math.max(...few.slice(0, 2))).toBeLessThan(1000)
  })
})
