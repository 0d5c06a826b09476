import { beforeEach, describe, expect, it } from 'vitest'
import { cellIn } from '../../../test/cell'
import { type Client, signedIn } from '../../../test/client'
import { all, dump, run } from '../../../test/database'
import { people } from '../../../test/people'
import { undo } from '../../../test/undo'

const PATH = '/w/acme/access/permissions'
let ada: Client

beforeEach(async () => {
  ada = await signedIn('ada')
})

const own = () => all('SELECT member_id, section, access FROM member_sections ORDER BY 1, 2')

describe('the page', () => {
  it('costs one round trip and shows pending people, admins and what the default gives', async () => {
    const html = await (await ada.get(PATH)).text()
    expect(ada.roundTrips).toBe(1)
    expect(html).toContain('pia@acme.test')
    expect(html).toContain('Tenant Admin: always everything')
    expect(cellIn(html, 'bob', 'traces', 'default')).toContain('aria-pressed="true"')
    expect(cellIn(html, 'bob', 'traces', 'on')).toContain('aria-pressed="false"')
    expect(html).not.toContain('cat@globex.test')
  })

  it.each([PATH, '/w/acme/access/agents'])('at %s names what the user table names: pending, bounced, expired', async (path) => {
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
    const next =
      first.match(/href="(\/w\/acme\/access\/permissions\?q=person&amp;cursor=[^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? ''
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
    expect(cellIn(html, 'bob', 'traces', 'off')).toContain('aria-pressed="true"')
    expect(html).toContain('<tr id="member-bob" class="changed">')
    expect(await undo(ada, html)).toBe(303)
    expect(await own()).toEqual([])
  })

  it('holds on the next request of the person, and back', async () => {
    const bob = await signedIn('bob')
    await ada.post(`${PATH}/bob`, { section: 'agents', access: 'off' })
    expect((await bob.get('/w/acme/agents')).status).toBe(403)
    await ada.post(`${PATH}/bob`, { section: 'agents', access: 'on' })
    expect((await bob.get('/w/acme/agents', { htmx: true })).status).toBe(200)
  })

  it('of a default holds for whoever follows it', async () => {
    const bob = await signedIn('bob')
    const html = await (await ada.submit(`${PATH}/defaults`, { section: 'agents', access: 'off' })).text()
    expect((await bob.get('/w/acme/agents')).status).toBe(403)
    expect(html).toContain('title="Default: off"')
    expect(await undo(ada, html)).toBe(303)
    expect((await bob.get('/w/acme/agents')).status).toBe(200)
  })

  it('resets a row and brings it back', async () => {
    await ada.post(`${PATH}/bob`, { section: ['traces', 'logs'], access: ['on', 'off'] })
    const before = await own()
    const html = await (await ada.submit(`${PATH}/bob`, { section: ['traces', 'logs'], access: ['default', 'default'] })).text()
    expect(await own()).toEqual([])
    expect(html).toContain('Traces and Logs now follow the workspace default for Bob Okafor.')
    await undo(ada, html)
    expect(await own()).toEqual(before)
  })

  it('of several sections of a person says what each is now', async () => {
    const html = await (await ada.submit(`${PATH}/bob`, { section: ['traces', 'logs'], access: ['on', 'off'] })).text()
    expect(html).toContain('Traces is now on for Bob Okafor. Logs is now off for Bob Okafor.')
  })

  it('of a column reaches everybody named, and gives each back what they had', async () => {
    await ada.post(`${PATH}/bob`, { section: 'eval', access: 'on' })
    const before = await own()
    const html = await (
      await ada.submit(`${PATH}/columns`, { section: 'eval', member: ['bob', 'pia', 'dov'], access: 'off' })
    ).text()
    expect((await own()).map(({ access }) => access)).toEqual(['off', 'off', 'off'])
    expect(html).toContain('Eval is now off for 3 people.')
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
  ['a column of an admin', '/columns', { section: 'traces', member: ['ada'], access: 'off' }, 409],
]

const removed = async (id: string) => {
  await run(
    "INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, member_id, member_email) VALUES (?1, 'acme', ?2, 'deleted', 'ada', 'Cat', ?1, ?1 || '@acme.test')",
    id,
    Date.now(),
  )
  await run('DELETE FROM members WHERE id = ?', id)
}

describe('a page that people have left meanwhile', () => {
  const FROM = { headers: { 'HX-Current-URL': `https://latchkey.test${PATH}?q=acme` } }

  it('changes the column for the others, says whom it left, and takes back what it did', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'pia'")
    await removed('dov')
    const html = await (
      await ada.submit(`${PATH}/columns`, { section: 'eval', member: ['bob', 'pia', 'dov'], access: 'off' })
    ).text()
    expect(html).toContain(
      'Eval is now off for Bob Okafor. pia@acme.test is a Tenant Admin now. dov@acme.test is no longer in this workspace.',
    )
    expect(await own()).toEqual([{ member_id: 'bob', section: 'eval', access: 'off' }])
    expect(html).not.toContain('id="member-dov"')
    expect(await undo(ada, html)).toBe(303)
    expect(await own()).toEqual([])
  })

  it('answers for one who is gone with the page as it is now, in place, and who removed them', async () => {
    await removed('dov')
    const before = await dump()
    const answer = await ada.post(`${PATH}/dov`, { section: 'traces', access: 'off' }, { htmx: true, ...FROM })
    const html = await answer.text()
    expect(answer.status).toBe(409)
    expect(html).toMatch(/<section id="permissions">[\s\S]*dov@acme.test at \d\d:\d\d UTC. Nothing was changed./)
    expect(html).toContain('id="member-bob"')
    expect(html).not.toContain('There is nothing here')
    expect(html).not.toContain('id="member-dov"')
    expect(answer.headers.get('HX-Retarget')).toBeNull()
    expect(await dump()).toEqual(before)
  })

  it('answers for an admin of now with the page as it is now', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    const answer = await ada.post(`${PATH}/bob`, { section: 'traces', access: 'off' }, { htmx: true })
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('Bob Okafor is a Tenant Admin now.')
  })

  it('is not undone where somebody else has set the cell since', async () => {
    const html = await (await ada.submit(`${PATH}/bob`, { section: 'traces', access: 'off' })).text()
    await run("UPDATE member_sections SET access = 'on' WHERE member_id = 'bob'")
    await undo(ada, html)
    expect(await own()).toEqual([{ member_id: 'bob', section: 'traces', access: 'on' }])
  })
})

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
