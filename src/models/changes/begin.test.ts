import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, NO_CAPS } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import type { MemberAct } from '../core/act'
import { jobOf } from '../jobs/job'
import { beginUndo } from '../undo/many'
import { undoOf } from '../undo/undo'
import { beginChange } from './begin'
import type { ChangeName } from './change'
import type { Chosen } from './chosen'

let ada: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  await run(
    "INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, created_at) VALUES ('support', 'acme', 'Support', 'support', 'list', 1)",
  )
  await run("INSERT INTO preset_sections VALUES ('acme', 'support', 'traces', 'off')")
})

const EVERYBODY = named('ada', 'bob', 'dov', 'pia')

function named(...ids: string[]): Chosen {
  return { named: ids.map((id) => ({ id })) }
}

const change = (what: ChangeName, chosen: Chosen = EVERYBODY, act = ada, id = 'job-1') =>
  beginChange(act, { id, spec: { change: what, list: '', preset: 'support' }, chosen }, NO_CAPS)

/** Whom it was done to, and why not to the others. */
async function outcome(id = 'job-1') {
  const people = await all<{ member_id: string; left_for: string | null }>(
    'SELECT member_id, left_for FROM job_people WHERE job_id = ? ORDER BY member_id',
    id,
  )
  return Object.fromEntries(people.map(({ member_id, left_for }) => [member_id, left_for]))
}

const done = null

describe('a change of many', () => {
  it.each<[ChangeName, Record<string, string | null>]>([
    ['make_admin', { ada: 'already', bob: done, dov: done, pia: done }],
    ['make_user', { ada: 'last_admin', bob: 'already', dov: 'already', pia: 'already' }],
    ['disable', { ada: 'last_admin', bob: done, dov: 'already', pia: 'not_active' }],
    ['enable', { ada: 'already', bob: 'already', dov: done, pia: 'not_disabled' }],
    ['delete', { ada: 'last_admin', bob: done, dov: done, pia: 'pending' }],
    ['cancel', { ada: 'not_pending', bob: 'not_pending', dov: 'not_pending', pia: done }],
    ['resend', { ada: 'not_pending', bob: 'not_pending', dov: 'not_pending', pia: done }],
    ['end_date', { ada: 'is_admin', bob: done, dov: done, pia: done }],
    ['preset', { ada: 'is_admin', bob: done, dov: done, pia: done }],
  ])('to %s does it to those whom it fits, and remembers why not to the others', async (what, expected) => {
    const { job } = await change(what)
    expect(await outcome()).toEqual(expected)
    const left = Object.values(expected).filter((reason) => reason !== done).length
    expect(job).toMatchObject({ state: 'done', total: 4, done: 4, leftOut: left })
    expect(await one('SELECT count(*) AS n FROM activity WHERE at = ?', ada.now)).toEqual({ n: 4 - left })
  })

  it('leaves whoever does it where it would lock them out', async () => {
    await change('make_admin')
    await change('disable', EVERYBODY, { ...ada, now: ada.now + 1 }, 'job-2')
    expect(await outcome('job-2')).toEqual({ ada: 'self', bob: done, dov: 'already', pia: 'not_active' })
  })

  it('is made once, however often it is posted', async () => {
    await change('disable')
    const before = await all('SELECT * FROM members')
    expect(await change('disable')).toMatchObject({ job: { state: 'done', leftOut: 3 } })
    expect(await all('SELECT * FROM members')).toEqual(before)
    expect(await one("SELECT count(*) AS n FROM activity WHERE kind = 'disabled'")).toEqual({ n: 1 })
  })

  it('keeps nothing under the id of an undo of another workspace', async () => {
    await run(
      "INSERT INTO undos (id, tenant_id, admin_id, kind, created_at, expires_at) VALUES ('theirs', 'globex', 'cat', 'role', 1, 2)",
    )
    await change('make_admin', named('bob'), ada, 'theirs')
    expect(await outcome('theirs')).toEqual({ bob: done })
    expect([await all('SELECT expires_at FROM undos'), await all('SELECT * FROM undo_values')]).toEqual([[{ expires_at: 2 }], []])
  })

  it('leaves whoever is not what the page showed', async () => {
    await change('disable', {
      named: [
        { id: 'bob', state: 'disabled' },
        { id: 'dov', state: 'disabled' },
      ],
    })
    expect(await outcome()).toEqual({ bob: 'changed', dov: 'already' })
  })

  it('of somebody of another workspace does nothing at all', async () => {
    expect(await change('disable', named('bob', 'cat'))).toEqual({ job: undefined, mailIds: [] })
    expect(await outcome()).toEqual({})
  })

  it('of all that match does nothing when another number does', async () => {
    const filter = { q: '', status: 'active', role: 'user', cursor: '' } as const
    expect(await change('disable', { filter, shown: 2 })).toMatchObject({ job: undefined })
    expect(await change('disable', { filter, shown: 1 })).toMatchObject({ job: { state: 'done', leftOut: 0 } })
    expect(await outcome()).toEqual({ bob: done })
  })
})

describe('the undo of many', () => {
  async function undone(act = { ...ada, now: ada.now + 1000 }, id = 'job-1') {
    const [found] = await undoOf({ ...act, secretHash: '' }, id)
    const [job] = await jobOf(act, id)
    return found && job && beginUndo(act, { ...found, of: job })
  }

  it.each<[ChangeName, string[]]>([
    ['make_admin', ['bob', 'dov', 'pia']],
    ['disable', ['bob']],
    ['enable', ['dov']],
    ['end_date', ['bob', 'dov', 'pia']],
    ['preset', ['bob', 'dov', 'pia']],
  ])('of %s takes all of it back', async (what, people) => {
    const facts = () =>
      all(
        `SELECT id, role, status, ends_at, preset_id, agent_mode, (SELECT group_concat(section || access) FROM member_sections s WHERE s.member_id = m.id) AS sections
        FROM members m WHERE tenant_id = 'acme' ORDER BY id`,
      )
    const before = await facts()
    await change(what)
    expect(await facts()).not.toEqual(before)
    expect(await undone()).toMatchObject({ state: 'done', total: people.length, leftOut: 0 })
    expect(await facts()).toEqual(before)
  })

  it.each<ChangeName>(['delete', 'cancel', 'resend'])('of %s there is none', async (what) => {
    await change(what)
    expect(await all('SELECT id FROM undos')).toEqual([])
  })

  it('is done once, and leaves who was changed since', async () => {
    await change('make_admin')
    await change('make_user', named('bob'), { ...ada, now: ada.now + 1 }, 'job-2')
    expect(await undone()).toMatchObject({ state: 'done', total: 3, leftOut: 1 })
    expect(await outcome('undo-job-1')).toEqual({ bob: 'changed', dov: done, pia: done })
    const before = await all('SELECT * FROM members')
    expect(await undone()).toMatchObject({ total: 3, leftOut: 1 })
    expect(await all('SELECT * FROM members')).toEqual(before)
  })
})
