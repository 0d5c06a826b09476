import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, dump, one, run } from '../../../test/database'
import { unproven, wordsOf } from '../../../test/late'
import { readEnv } from '../../env'
import { runJobs } from '../../jobs/run'
import { STEPS } from '../../jobs/steps'

const USERS = '/w/acme/access/users'
const at = (change: string) => `/w/acme/access/changes/${change}`
let ada: Client

beforeEach(async () => {
  ada = await signedIn('ada')
})

type Fields = Record<string, string | string[]>
const ID = '5b0f9d9e-2d4c-4f8e-9a47-0d6f3a1c2b11'
const people = (...members: [id: string, state: string][]): Fields => ({
  id: ID,
  list: '',
  member: members.map(([id]) => id),
  state: members.map(([, state]) => state),
})

const question = async (path: string) => {
  const answer = await ada.get(path)
  return { status: answer.status, text: wordsOf(await answer.text()), trips: ada.roundTrips }
}

describe('the question before many people are changed', () => {
  it('names how many, whoever stays and why, and what it means', async () => {
    const { status, text, trips } = await question(`${at('disable')}?member=bob&member=pia&member=ada`)
    expect([status, trips]).toEqual([200, 1])
    expect(text).toContain('Disable Bob Okafor?')
    expect(text).toContain('2 people stay as they are: Ada Admin the last Tenant Admin pia@acme.test not active')
    expect(text).toContain('They are signed out of this workspace')
  })

  it('of all that match says how many that is, and of whom', async () => {
    const { text } = await question(`${at('make_admin')}?all=on&list=role%3Duser`)
    expect(text).toContain('Make 3 people Tenant Admins? Bob Okafor, Dov Stern, and pia@acme.test They see everything')
  })

  it.each([
    'status=pending',
    'status=attention',
    'status=expired',
    'status=bounced',
    'status=ended',
    'status=active&role=admin&order=name&dir=desc',
    'q=pia',
    'q=acme&status=pending&cursor=z',
  ])('of all that match %s is about as many as the list shows, on whatever page', async (list) => {
    await run("UPDATE invitations SET expires_at = 2, created_at = 1 WHERE member_id = 'pia' AND ?1 GLOB '*e[xt]*'", list)
    const shown = await (await ada.get(`${USERS}?${list.replace('&cursor=z', '')}`)).text()
    const rows = shown.match(/<tr id="member-/g)?.length ?? 0
    const answer = await ada.get(`${at('resend')}?all=on&list=${encodeURIComponent(list)}`)
    const asked = await answer.text()
    expect(answer.status).toBe(200)
    const able = Number(asked.match(/name="all" value="(\d+)"/)?.[1] ?? 0)
    const left = [...asked.matchAll(/<li>/g)].length
    expect(able || left).toBe(able ? rows : left)
    expect(ada.roundTrips).toBe(1)
    if (rows === 0) expect(wordsOf(asked)).toContain('No one matches.')
  })

  it('counts who is over the limit of the day', async () => {
    await run('UPDATE mail_days SET sent = 100000, resets_at = ?', Date.now() + 1e6)
    const { text } = await question(`${at('resend')}?member=pia`)
    expect(text).toContain('No one can be changed')
    expect(text).toContain('over today’s email limit')
  })

  it('offers nothing where no one can be changed', async () => {
    const answer = await ada.get(`${at('enable')}?member=bob`)
    expect(await answer.text()).not.toMatch(/<form[^>]* action="[^"]*changes/)
  })

  it.each(['member=cat', 'member=bob&member=nobody'])('of %s, who is not of this workspace, is not found', async (query) => {
    expect((await ada.get(`${at('disable')}?${query}`)).status).toBe(404)
  })

  it('that is about nobody leads back to the list', async () => {
    const answer = await ada.get(`${at('disable')}?list=status%3Dactive`)
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, `${USERS}?status=active`])
  })

  it('of what nobody can do is not found', async () => {
    expect((await ada.get(`${at('explode')}?member=bob`)).status).toBe(404)
  })
})

describe('the answer', () => {
  it('leads back to the list and says what was done, with an undo', async () => {
    const answer = await ada.submit(at('disable'), { ...people(['bob', 'active']), list: 'status=active' })
    const page = await answer.text()
    expect(wordsOf(page)).toContain('1 person is disabled and signed out of this workspace.')
    expect(page).toContain(`action="/w/acme/access/undo/${ID}"`)
    await ada.post(`/w/acme/access/undo/${ID}`)
    expect(await one("SELECT status FROM members WHERE id = 'bob'")).toEqual({ status: 'active' })
  })

  it('leads to the report where somebody was left', async () => {
    const answer = await ada.post(at('make_admin'), people(['bob', 'active'], ['ada', 'active']))
    expect(answer.headers.get('Location')).toBe(`/w/acme/access/jobs/${ID}`)
    const report = await (await ada.get(`/w/acme/access/jobs/${ID}`)).text()
    expect(wordsOf(report)).toContain('1 person is now a Tenant Admin.')
    expect(wordsOf(report)).toContain('1 person stays as they are Ada Admin a Tenant Admin already')
    const file = await (await ada.get(`/w/acme/access/jobs/${ID}/report.csv`)).text()
    expect(file).toContain('ada,Ada Admin,ada@acme.test,active,a Tenant Admin already,')
  })

  it('undone in part leads to a report that names whoever was changed since, and by whom', async () => {
    await ada.post(at('make_admin'), people(['bob', 'active'], ['dov', 'disabled']))
    await (await signedIn('bob')).post(`${USERS}/dov/role`, { role: 'user' })
    const answer = await ada.post(`/w/acme/access/undo/${ID}`)
    expect(answer.headers.get('Location')).toBe(`/w/acme/access/jobs/undo-${ID}`)
    const report = wordsOf(await (await ada.get(`/w/acme/access/jobs/undo-${ID}`)).text())
    expect(report).toContain('The change to 1 person was undone.')
    expect(report).toContain('Dov Stern changed in the meantime by Bob Okafor')
    expect(await one("SELECT role FROM members WHERE id = 'bob'")).toEqual({ role: 'user' })
  })

  it('is undone by nobody else', async () => {
    await ada.post(at('make_admin'), people(['bob', 'active']))
    const before = await dump()
    expect((await (await signedIn('bob')).post(`/w/acme/access/undo/${ID}`)).status).toBe(404)
    expect((await dump()).members).toEqual(before.members)
  })

  it('posted twice changes once, and both say so', async () => {
    const answers = [
      await ada.post(at('disable'), people(['bob', 'active'])),
      await ada.post(at('disable'), people(['bob', 'active'])),
    ]
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect(await one("SELECT count(*) AS n FROM activity WHERE kind = 'disabled'")).toEqual({ n: 1 })
  })

  it('leaves whoever is something else by now, and names who made them so', async () => {
    const ben = await signedIn('ada')
    await ben.post(`${USERS}/bob/disable`, { state: 'active' })
    await ada.post(at('delete'), { ...people(['bob', 'active'], ['dov', 'disabled']), people: '2', typed: '2' })
    expect(await all("SELECT id FROM members WHERE id IN ('bob', 'dov')")).toEqual([{ id: 'bob' }])
    expect(wordsOf(await (await ada.get(`/w/acme/access/jobs/${ID}`)).text())).toContain(
      'Bob Okafor changed in the meantime by Ada Admin',
    )
  })

  it('is asked for again when another number matches by now', async () => {
    const fields = { id: ID, list: 'status=disabled', all: '1' }
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob'")
    const before = await dump()
    const answer = await ada.post(at('enable'), fields)
    expect(answer.status).toBe(409)
    const page = await answer.text()
    expect(wordsOf(page)).toContain('Enable 2 people?')
    expect(page).toContain('name="all" value="2"')
    expect(await dump()).toEqual(before)
  })

  it('to delete is refused until the number is typed', async () => {
    const before = await dump()
    const answer = await ada.post(at('delete'), { ...people(['bob', 'active']), people: '1', typed: '' })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Type the number to confirm.')
    expect(await dump()).toEqual(before)
  })

  it('with a last day that is none is refused beside the field', async () => {
    const answer = await ada.post(at('end_date'), { ...people(['bob', 'active']), until: '2026-02-30' })
    expect([answer.status, (await answer.text()).includes('This is no day.')]).toEqual([422, true])
  })

  it.each(['make_admin', 'delete'])('to %s asks for a fresh proof of who it is', async (change) => {
    await unproven()
    const before = await dump()
    const more = change === 'delete' ? { people: '1', typed: '1' } : {}
    expect((await ada.post(at(change), { ...people(['bob', 'active']), ...more })).status).toBe(401)
    expect((await dump()).members).toEqual(before.members)
  })

  it('for more than a thousand goes on as a job, whose page shows how far it is', async () => {
    await run(`INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1499)
      SELECT 'p-' || substr('0000' || i, -4), 'acme', 'p' || i || '@acme.test', 'p' || i || '@acme.test', 'user', 'pending', 'all', 1 FROM n`)
    const total = (await one<{ n: number }>("SELECT count(*) AS n FROM members WHERE tenant_id = 'acme'"))?.n
    const answer = await ada.post(at('make_admin'), { id: ID, list: '', all: `${total}` })
    expect([answer.headers.get('Location'), ada.begun]).toEqual([`/w/acme/access/jobs/${ID}`, [ID]])
    const page = await (await ada.get(`/w/acme/access/jobs/${ID}`)).text()
    expect(page).toContain('<progress aria-label="Making 1,504 people Tenant Admins" max="1504" value="0">')
    expect(page).toContain('<meta http-equiv="refresh" content="2"/>')
    await run("DELETE FROM members WHERE id = 'p-0007'")
    await runJobs(readEnv(env), STEPS, [ID])
    const report = await (await ada.get(`/w/acme/access/jobs/${ID}`)).text()
    expect(wordsOf(report)).toContain(
      'Nothing was changed. 1,504 people matched when this was asked, and others by the time it began. See how many it would be now',
    )
    expect(report).toContain(`href="${at('make_admin')}?all=on"`)
  })
})
