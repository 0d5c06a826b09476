import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actorFor, viewerNamed } from '../../../test/cast'
import { all, dump } from '../../../test/database'
import { people, rowsReadBy } from '../../../test/people'
import { connect } from '../../db/connect'
import type { Viewer } from '../members/viewer'
import { permissionsPage, type SectionAccess, setSectionDefault, setSections, toPermissions } from './permission'
import type { SectionSlug } from './section'

const db = connect(env.DB)
let ada: Viewer

beforeEach(async () => {
  ada = await viewerNamed('ada')
})

const set = (...cells: [string, SectionSlug, SectionAccess][]) =>
  setSections(
    db,
    ada,
    actorFor(ada),
    cells.map(([member, section, access]) => ({ member, section, access })),
    Date.now(),
  )
const own = () => all('SELECT member_id, section, access FROM member_sections ORDER BY member_id, section')
const entries = (kind: string) => all('SELECT member_id, before, after FROM activity WHERE kind = ? ORDER BY member_id', kind)

describe('a cell', () => {
  it('goes from any state to any other, and says what it was', async () => {
    expect(await set(['bob', 'traces', 'off'])).toEqual({ former: [{ member: 'bob', section: 'traces', access: 'default' }] })
    expect(await set(['bob', 'traces', 'on'])).toEqual({ former: [{ member: 'bob', section: 'traces', access: 'off' }] })
    expect(await set(['bob', 'traces', 'default'])).toEqual({ former: [{ member: 'bob', section: 'traces', access: 'on' }] })
    expect(await own()).toEqual([])
  })

  it('that already is as wanted leaves no entry', async () => {
    await set(['bob', 'traces', 'off'])
    expect(await set(['bob', 'traces', 'off'])).toEqual({ former: [] })
    expect(await entries('section_changed')).toHaveLength(1)
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

  it('are all refused when one person is of another workspace', async () => {
    const before = await dump()
    expect(await set(['bob', 'traces', 'off'], ['cat', 'traces', 'off'])).toEqual({ reason: 'not_found' })
    expect(await dump()).toEqual(before)
  })

  it('are all refused when one person is an admin', async () => {
    await set(['bob', 'logs', 'on'])
    const before = await dump()
    expect(await set(['bob', 'logs', 'default'], ['ada', 'traces', 'off'])).toEqual({ reason: 'is_admin' })
    expect(await dump()).toEqual(before)
  })

  it('of a whole page fit one statement', async () => {
    const ids = await people(60)
    await set(...ids.map((id): [string, SectionSlug, SectionAccess] => [id, 'eval', 'off']))
    expect(await own()).toHaveLength(60)
  })
})

describe('a default', () => {
  it('says what it was and leaves one entry, and none when nothing changes', async () => {
    const setDefault = (access: 'on' | 'off') => setSectionDefault(db, ada, actorFor(ada), 'eval', access, Date.now())
    expect([await setDefault('off'), await setDefault('off'), await setDefault('on')]).toEqual(['on', 'off', 'off'])
    expect(await entries('section_default_changed')).toEqual([
      { member_id: null, before: '{"eval":"on"}', after: '{"eval":"off"}' },
      { member_id: null, before: '{"eval":"off"}', after: '{"eval":"on"}' },
    ])
  })
})

describe('a page of the matrix', () => {
  it('holds 25 people in address order, and the next ones follow', async () => {
    await people(40)
    const first = toPermissions(await permissionsPage(db, 'acme', { q: '', cursor: '' }), Date.now())
    const second = toPermissions(await permissionsPage(db, 'acme', { q: '', cursor: first.next ?? '' }), Date.now())
    const emails = [...first.people, ...second.people].map(({ email }) => email)
    expect([first.people.length, second.people.length, second.next]).toEqual([25, 19, undefined])
    expect(emails).toEqual([...emails].sort())
  })

  it('reads as many rows of 1,000 people as of 50', async () => {
    const read = () => rowsReadBy(permissionsPage(db, 'acme', { q: '', cursor: '' }))
    await people(46)
    const few = await read()
    await people(950, 46)
    expect(await read()).toBe(few)
  })
})
