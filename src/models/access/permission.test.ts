import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { people, rowsReadBy } from '../../../test/people'
import type { MemberAct } from '../core/act'
import { type SectionAccess, setSectionDefault, setSections } from './permission'
import { permissionsPage, toPermissions } from './permission-page'
import type { SectionSlug } from './section'

let ada: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
})

const set = (...cells: [string, SectionSlug, SectionAccess][]) =>
  setSections(
    ada,
    cells.map(([member, section, access]) => ({ member, section, access })),
  )
const own = () => all('SELECT member_id, section, access FROM member_sections ORDER BY member_id, section')
const entries = (kind: string) => all('SELECT member_id, before, after FROM activity WHERE kind = ? ORDER BY at, member_id', kind)
const kept = () =>
  all('SELECT subject, field, was, became FROM undo_values v JOIN undos u ON u.id = v.undo_id ORDER BY u.created_at, 1, 2, 3')
const deleteDov = async () => {
  await run(
    "INSERT INTO activity (id, tenant_id, at, kind, member_id, member_email) VALUES ('gone', 'acme', 1, 'deleted', 'dov', 'dov@acme.test')",
  )
  await run("DELETE FROM members WHERE id = 'dov'")
}

describe('a cell', () => {
  it('goes from any state to any other, and keeps what it was', async () => {
    await set(['bob', 'traces', 'off'])
    await set(['bob', 'traces', 'on'])
    expect(await own()).toEqual([{ member_id: 'bob', section: 'traces', access: 'on' }])
    await set(['bob', 'traces', 'default'])
    expect(await own()).toEqual([])
    expect((await kept()).map(({ was, became }) => [was, became])).toEqual([
      ['default', 'off'],
      ['off', 'on'],
      ['on', 'default'],
    ])
  })

  it('that already is as wanted leaves no entry and nothing to undo', async () => {
    expect(await set(['bob', 'traces', 'off'])).toMatchObject({ changed: [{ name: 'Bob Okafor' }], undo: expect.any(String) })
    const before = await dump()
    expect(await set(['bob', 'traces', 'off'])).toMatchObject({ left: [], undo: undefined })
    expect(await dump()).toEqual(before)
  })
})

describe('many cells', () => {
  it('of two people leave one entry each, of what changed', async () => {
    await set(['bob', 'logs', 'off'])
    await set(['bob', 'traces', 'off'], ['bob', 'logs', 'off'], ['pia', 'traces', 'on'], ['pia', 'eval', 'default'])
    expect((await entries('section_changed')).slice(1)).toEqual([
      { member_id: 'bob', before: '{"traces":"default"}', after: '{"traces":"off"}' },
      { member_id: 'pia', before: '{"traces":"default"}', after: '{"traces":"on"}' },
    ])
    expect(await own()).toHaveLength(3)
  })

  it('are all refused when one person never belonged here', async () => {
    const before = await dump()
    expect(await set(['bob', 'traces', 'off'], ['cat', 'traces', 'off'])).toEqual({ reason: 'not_found' })
    expect(await set(['bob', 'traces', 'off'], ['nobody', 'traces', 'off'])).toEqual({ reason: 'not_found' })
    expect(await dump()).toEqual(before)
  })

  it('change those they still fit, and name an admin of now and somebody deleted since', async () => {
    await deleteDov()
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    expect(await set(['bob', 'traces', 'off'], ['pia', 'traces', 'off'], ['dov', 'traces', 'off'])).toEqual({
      changed: [{ name: 'pia@acme.test' }],
      left: [
        { member: 'bob', reason: 'is_admin', name: 'Bob Okafor' },
        { member: 'dov', reason: 'gone', name: 'dov@acme.test' },
      ],
      undo: expect.any(String),
    })
    expect(await own()).toEqual([{ member_id: 'pia', section: 'traces', access: 'off' }])
  })

  it('of nobody they fit change nothing', async () => {
    await deleteDov()
    const before = await dump()
    expect(await set(['ada', 'traces', 'off'], ['dov', 'traces', 'off'])).toMatchObject({ changed: [], undo: undefined })
    expect(await dump()).toEqual(before)
  })

  it('of a whole page fit one statement', async () => {
    const ids = await people(60)
    await set(...ids.map((id): [string, SectionSlug, SectionAccess] => [id, 'eval', 'off']))
    expect(await own()).toHaveLength(60)
  })
})

describe('a default', () => {
  it('leaves one entry and an undo, and none when nothing changes', async () => {
    const setDefault = (access: 'on' | 'off') => setSectionDefault(ada, { section: 'eval', access })
    const undos = [await setDefault('off'), await setDefault('off'), await setDefault('on')]
    expect(undos).toEqual([expect.any(String), undefined, expect.any(String)])
    expect(await one("SELECT access FROM section_defaults WHERE tenant_id = 'acme'")).toEqual({ access: 'on' })
    expect(await entries('section_default_changed')).toEqual([
      { member_id: null, before: '{"eval":"on"}', after: '{"eval":"off"}' },
      { member_id: null, before: '{"eval":"off"}', after: '{"eval":"on"}' },
    ])
  })
})

describe('a page of the matrix', () => {
  const page = (cursor = '') => permissionsPage({ ...ada, secretHash: '' }, { q: '', cursor })

  it('holds 25 people in address order, and the next ones follow', async () => {
    await people(40)
    const first = toPermissions(await page(), Date.now())
    const second = toPermissions(await page(first.paging.next?.cursor), Date.now())
    const emails = [...first.people, ...second.people].map(({ email }) => email)
    expect([first.people.length, second.people.length, second.paging.next]).toEqual([25, 19, undefined])
    expect(emails).toEqual([...emails].sort())
  })

  it('reads as many rows of 1,000 people as of 50', async () => {
    await people(46)
    const few = await rowsReadBy(page())
    await people(950, 46)
    expect(await rowsReadBy(page())).toBe(few)
  })
})
