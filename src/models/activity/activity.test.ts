import { beforeEach, describe, expect, it } from 'vitest'
import { all, one, run } from '../../../test/database'

const ENTRY = { id: 'entry', tenant_id: 'acme', at: 1, kind: 'invited', actor_id: 'ada', actor_name: 'Ada Admin', member_id: 'pia' }
const WHOLE = {
  ...ENTRY,
  actor_email: 'ada@acme.test',
  member_email: 'pia@acme.test',
  member_name: 'Pia Berg',
  before: '{}',
  after: '{"role":"user"}',
  ip: '203.0.113.7',
}
const COLUMNS = Object.keys(WHOLE) as (keyof typeof WHOLE)[]

beforeEach(async () => {
  await run(`INSERT INTO activity (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`, ...Object.values(WHOLE))
})

const entry = () => one("SELECT * FROM activity WHERE id = 'entry'")

describe('an entry', () => {
  it('has no column that this test does not know', async () => {
    expect(Object.keys((await entry()) ?? {}).toSorted()).toEqual(COLUMNS.toSorted())
  })

  it.each(COLUMNS)('cannot be changed in its %s', async (column) => {
    const value = column === 'tenant_id' ? 'globex' : column === 'at' ? 2 : 'changed'
    await expect(run(`UPDATE activity SET ${column} = ? WHERE id = 'entry'`, value)).rejects.toThrow('activity is insert-only')
    expect(await entry()).toEqual(WHOLE)
  })

  it('cannot be deleted', async () => {
    const before = await all('SELECT * FROM activity')
    await expect(run('DELETE FROM activity')).rejects.toThrow('activity is insert-only')
    expect(await all('SELECT * FROM activity')).toEqual(before)
  })

  it.each([null, ''])('loses the name with the address it names, as %o, and nothing else', async (email) => {
    await run("UPDATE activity SET member_email = ? WHERE id = 'entry'", email)
    expect(await entry()).toEqual({ ...WHOLE, member_email: email, member_name: null })
  })

  it('loses neither by itself', async () => {
    await expect(run("UPDATE activity SET member_name = NULL WHERE id = 'entry'")).rejects.toThrow('activity is insert-only')

    await expect(run("UPDATE activity SET member_email = NULL, ip = NULL WHERE id = 'entry'")).rejects.toThrow()
    await expect(run("UPDATE activity SET member_email = 'eve@acme.test' WHERE id = 'entry'")).rejects.toThrow()
  })

  it('outlives whom it is about', async () => {
    await run("UPDATE invitations SET state = 'cancelled', closed_at = 1, write_nonce = 'c' WHERE member_id = 'pia'")
    await run("DELETE FROM members WHERE id = 'pia'")

    expect(await entry()).toEqual(WHOLE)
  })
})
