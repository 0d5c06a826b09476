import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, dump, run } from '../../../test/database'
import { people } from '../../../test/people'
import { undo } from '../../../test/undo'

const PATH = '/access/permissions'
let ada: Client

beforeEach(async () => {
  ada = await signedIn('ada')
})

const own = () => all('SELECT member_id, section, access FROM member_sections ORDER BY 1, 2')
const segment = (html: string, id: string) => html.match(new RegExp(`<button id="${id}"[^>]*aria-pressed="(\\w+)"`))?.[1]

describe('the page', () => {
  it('costs one round trip and shows pending people, admins and what the default gives', async () => {
    const html = await (await ada.get(PATH)).text()
    expect(ada.roundTrips).toBe(1)
    expect(html).toContain('pia@acme.test')
    expect(html).toContain('Tenant Admin: always everything')
    expect([segment(html, 'traces-default-bob'), segment(html, 'traces-on-bob')]).toEqual(['true', 'false'])
    expect(html).not.toContain('cat@globex.test')
  })

  it.each([PATH, '/access/agents'])('at %s names what the user table names: pending, bounced, lapsed', async (path) => {
    const badge = async () => (await (await ada.get(path)).text()).match(/Invite \w+ed\b|Invite Pending/g)
    expect(await badge()).toEqual(['Invite Pending'])
    await run("UPDATE invitations SET expires_at = created_at + 1 WHERE member_id = 'pia'")
    expect(await badge()).toEqual(['Invite Expired'])
    await run("UPDATE mails SET state = 'bounced' WHERE member_id = 'pia'")
    expect(await badge()).toEqual(['Invite Bounced'])
  })

  it('is the same component as the fragment', async () => {
    const html = await (await ada.get(PATH, { htmx: true })).text()
    expect(html).toMatch(/^<title>Permission Matrix · Latchkey<\/title><section id="permissions">/)
  })

  it('finds people and pages through them', async () => {
    await people(30)
    const first = await (await ada.get(`${PATH}?q=person`)).text()
    const next = first.match(/href="(\/access\/permissions\?q=person&amp;cursor=[^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await (await ada.get(next)).text()
    expect([first.match(/<tr id="member-/g)?.length, second.match(/<tr id="member-/g)?.length]).toEqual([25, 5])
    expect(first).not.toContain('id="member-bob"')
  })
})

describe('a change', () => {
  it('takes two round trips, answers in the row and can be undone', async () => {
    const response = await ada.post(`${PATH}/bob`, { section: 'traces', access: 'off' })
    expect([response.status, response.headers.get('Location'), ada.roundTrips]).toEqual([303, PATH, 2])
    const html = await (await ada.get(PATH)).text()
    expect(segment(html, 'traces-off-bob')).toBe('true')
    expect(html).toContain('<tr id="member-bob" class="changed">')
    expect(await undo(ada, html)).toBe(303)
    expect(await own()).toEqual([])
  })

  it('holds on the next request of the person, and back', async () => {
    const bob = await signedIn('bob')
    await ada.post(`${PATH}/bob`, { section: 'agents', access: 'off' })
    expect((await bob.get('/agents')).status).toBe(403)
    await ada.post(`${PATH}/bob`, { section: 'agents', access: 'on' })
    expect((await bob.get('/agents', { htmx: true })).status).toBe(200)
  })

  it('of a default holds for whoever follows it', async () => {
    const bob = await signedIn('bob')
    const html = await (await ada.submit(`${PATH}/defaults`, { section: 'agents', access: 'off' })).text()
    expect((await bob.get('/agents')).status).toBe(403)
    expect(html).toContain('title="Default: off"')
    expect(await undo(ada, html)).toBe(303)
    expect((await bob.get('/agents')).status).toBe(200)
  })

  it('resets a row and brings it back', async () => {
    await ada.post(`${PATH}/bob`, { section: ['traces', 'logs'], access: ['on', 'off'] })
    const before = await own()
    const html = await (await ada.submit(`${PATH}/bob`, { section: ['traces', 'logs'], access: ['default', 'default'] })).text()
    expect(await own()).toEqual([])
    await undo(ada, html)
    expect(await own()).toEqual(before)
  })

  it('of a column reaches everybody named, and gives each back what they had', async () => {
    await ada.post(`${PATH}/bob`, { section: 'eval', access: 'on' })
    const before = await own()
    const html = await (
      await ada.submit(`${PATH}/columns`, { section: 'eval', member: ['bob', 'pia', 'dov'], access: 'off' })
    ).text()
    expect((await own()).map(({ access }) => access)).toEqual(['off', 'off', 'off'])
    await undo(ada, html)
    expect(await own()).toEqual(before)
  })

  it('of a whole page of long ids can still be undone', async () => {
    const ids = await people(25)
    for (const [i, id] of ids.entries()) ids[i] = `${id}-${'0'.repeat(35 - id.length)}`
    await Promise.all(
      ids.map((id, i) => all("UPDATE members SET id = ? WHERE email_key LIKE ? || '%'", id, `person-${`${i}`.padStart(5, '0')}`)),
    )
    const html = await (await ada.submit(`${PATH}/columns`, { section: 'eval', member: ids, access: 'off' })).text()
    expect(await undo(ada, html)).toBe(303)
    expect(await own()).toEqual([])
  })
})

const REFUSED: [string, string, Record<string, string | string[]>, number][] = [
  ['an unknown section', '/bob', { section: 'nope', access: 'on' }, 400],
  ['a section only for admins', '/bob', { section: 'billing', access: 'on' }, 400],
  ['an unknown access', '/bob', { section: 'traces', access: 'maybe' }, 400],
  ['no section', '/bob', { access: 'on' }, 400],
  ['more sections than accesses', '/bob', { section: ['traces', 'logs'], access: 'on' }, 400],
  ['one section twice', '/bob', { section: ['traces', 'traces'], access: ['on', 'off'] }, 400],
  ['an unknown field', '/bob', { section: 'traces', access: 'on', role: 'admin' }, 400],
  ['a default of default', '/defaults', { section: 'traces', access: 'default' }, 400],
  ['a default of two sections', '/defaults', { section: ['traces', 'logs'], access: 'on' }, 400],
  ['a column of nobody', '/columns', { section: 'traces', access: 'on' }, 400],
  ['a column with too few accesses', '/columns', { section: 'traces', member: ['bob', 'pia', 'dov'], access: ['on', 'off'] }, 400],
  ['an admin', '/ada', { section: 'traces', access: 'off' }, 409],
  ['a member of another workspace', '/cat', { section: 'traces', access: 'off' }, 404],
  ['nobody', '/nobody', { section: 'traces', access: 'off' }, 404],
  ['a column with somebody of another workspace', '/columns', { section: 'traces', member: ['bob', 'cat'], access: 'off' }, 404],
  ['a column with an admin', '/columns', { section: 'traces', member: ['bob', 'ada'], access: 'off' }, 404],
]

describe('nothing changes', () => {
  it.each(REFUSED)('for %s', async (_, path, fields, status) => {
    const before = await dump()
    expect((await ada.post(PATH + path, fields)).status).toBe(status)
    expect(await dump()).toEqual(before)
  })

  it.each(['/bob', '/defaults', '/columns'])('for a Tenant User at %s', async (path) => {
    const bob = await signedIn('bob')
    const before = await dump()
    const member: Record<string, string> = path === '/columns' ? { member: 'bob' } : {}
    expect((await bob.post(PATH + path, { section: 'traces', access: 'off', ...member })).status).toBe(403)
    expect((await bob.get(PATH)).status).toBe(403)
    expect(await dump()).toEqual(before)
  })

  it("for the other workspace's admin", async () => {
    const cat = await signedIn('cat')
    const before = await dump()
    expect((await cat.post(`${PATH}/bob`, { section: 'traces', access: 'off' })).status).toBe(404)
    expect((await cat.post(`${PATH}/columns`, { section: 'traces', member: ['bob'], access: 'off' })).status).toBe(404)
    expect(await dump()).toEqual(before)
  })
})
