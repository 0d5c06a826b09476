import { parse } from 'csv-parse/sync'
import { describe, expect, it, vi } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { grow } from '../../../test/company'
import { all, one, run } from '../../../test/database'
import { hasPasskey } from '../../../test/factors'
import { formIn } from '../../../test/form'
import { unproven } from '../../../test/late'
import { EXPORT_ROWS } from '../../limits'

const PATH = '/w/acme/access/users/export'

const rowsIn = (csv: string): Record<string, string>[] => parse(csv, { bom: true, columns: true })
const linesIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line))
const exported = async (client: Client, fields: Record<string, string>) => (await client.post(PATH, fields)).text()
const entries = () => all<{ actor_id: string; after: string }>("SELECT actor_id, after FROM activity WHERE kind = 'exported'")

describe('the people of a workspace', () => {
  it('come as a file of a spreadsheet, with what each of them can see', async () => {
    await run("INSERT OR REPLACE INTO section_defaults VALUES ('acme', 'logs', 'off')")
    await run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', 'traces', 'off')")
    await run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")
    await run("INSERT INTO member_agents (tenant_id, member_id, agent_id) VALUES ('acme', 'bob', 'agent-support-triage')")
    await run(
      "INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, created_at) VALUES ('p', 'acme', 'Back office', 'back office', 'all', 1)",
    )
    await run("UPDATE members SET preset_id = 'p', preset_given_at = 1 WHERE id = 'bob'")
    const ada = await signedIn('ada')
    const answer = await ada.post(PATH, { format: 'csv' })
    const rows = rowsIn(await answer.text())

    expect(answer.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('Content-Disposition')).toMatch(/^attachment; filename="acme-people-\d{4}-\d\d-\d\d\.csv"$/)
    expect(rows.map(({ email, role, state }) => [email, role, state])).toEqual([
      ['ada@acme.test', 'admin', 'active'],
      ['bob@acme.test', 'user', 'active'],
      ['dov@acme.test', 'user', 'disabled'],
      ['pia@acme.test', 'user', 'pending'],
    ])
    expect(rows[0]).toMatchObject({ section_traces: 'true', section_logs: 'true', agents: 'all' })
    expect(rows[1]).toMatchObject({
      section_agents: 'true',
      section_traces: 'false',
      section_logs: 'false',
      agents: 'Support Triage',
      preset: 'Back office',
    })
  })

  it('come as JSON Lines, exact, of which the last says how many they are', async () => {
    await run("UPDATE users SET name = '=Bob, \"B\"' WHERE id = 'user-bob'")
    const lines = linesIn(await exported(await signedIn('ada'), { format: 'json' }))

    expect(lines.at(-1)).toEqual({ count: 4 })
    expect(lines).toHaveLength(5)
    expect(lines[1]).toMatchObject({ id: 'bob', name: '=Bob, "B"', section_traces: true, agents: 'all', expires_at: null })
    expect(rowsIn(await exported(await signedIn('ada'), { format: 'csv' }))[1]?.name).toBe('\'=Bob, "B"')
  })

  it('come with whether each who has joined has a second factor', async () => {
    await hasPasskey('bob')
    const lines = linesIn(await exported(await signedIn('ada'), { format: 'json' }))

    expect(lines.slice(0, -1).map(({ id, second_factor }) => [id, second_factor])).toEqual([
      ['ada', false],
      ['bob', true],
      ['dov', false],
      ['pia', null],
    ])
    const rows = rowsIn(await exported(await signedIn('ada'), { format: 'csv' }))
    expect(rows.map(({ second_factor }) => second_factor)).toEqual(['false', 'true', 'false', ''])
  })

  it('are those that the page shows, by its own form', async () => {
    const ada = await signedIn('ada')
    const page = await (await ada.get('/w/acme/access/users?role=user&status=active&q=bob')).text()
    const rows = rowsIn(await exported(ada, { ...formIn(page, PATH), format: 'csv' } as Record<string, string>))

    expect(rows.map(({ id }) => id)).toEqual(['bob'])
  })

  it('leave an entry that says who took them and how they were narrowed, and not what was searched for', async () => {
    await exported(await signedIn('ada'), { format: 'csv', q: 'bob@acme.test', status: 'active' })

    expect(await entries()).toEqual([
      { actor_id: 'ada', after: JSON.stringify({ what: 'people', format: 'csv', status: 'active', text: true }) },
    ])
    expect(await (await (await signedIn('ada')).get('/w/acme/access/activity?kind=exported')).text()).toContain(
      'People as CSV. Status: active, Search: yes',
    )
  })

  it('are none where no one matches', async () => {
    const ada = await signedIn('ada')
    expect(rowsIn(await exported(ada, { format: 'csv', q: 'nobody-has-this' }))).toEqual([])
    expect(linesIn(await exported(ada, { format: 'json', q: 'nobody-has-this' }))).toEqual([{ count: 0 }])
  })

  it.each([{ format: 'xml' }, {}, { format: 'csv', status: 'happy' }])('are not given for a form like %j', async (fields) => {
    expect((await (await signedIn('ada')).post(PATH, fields)).status).toBe(400)
    expect(await entries()).toEqual([])
  })
})

describe('more people than a page of an export', () => {
  const MORE = EXPORT_ROWS * 2
  const bob = () => one("SELECT 1 FROM members WHERE id = 'bob'")

  it('are all there, once each, in the order of addresses', async () => {
    await grow(0, MORE)
    const lines = linesIn(await exported(await signedIn('ada'), { format: 'json' }))
    const emails = lines.slice(0, -1).map(({ email }) => email)

    expect(lines.at(-1)).toEqual({ count: MORE + 4 })
    expect(emails).toEqual([...new Set(emails)].toSorted())
    expect(emails).toHaveLength(MORE + 4)
    expect(await bob()).toBeDefined()
  })

  it('are read no further ahead than they are taken', async () => {
    await grow(0, EXPORT_ROWS * 4)
    const ada = await signedIn('ada')
    const { body } = await ada.post(PATH, { format: 'json' })
    const reader = body?.getReader()
    await reader?.read()
    await scheduler.wait(200)
    expect(ada.trips()).toBeLessThan(5)

    while (!(await reader?.read())?.done);
    expect(ada.trips()).toBe(6)
  })

  it('are broken off when the database fails', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    await grow(0, MORE)
    const ada = await signedIn('ada')
    ada.failsAt = 4
    const answer = await ada.post(PATH, { format: 'csv' })

    expect(answer.status).toBe(200)
    await expect(answer.text()).rejects.toThrow()
    expect(log.mock.lastCall?.[0]).toContain('"action":"download","outcome":"failed"')
    log.mockRestore()
  })

  it('go on when the proof of who takes them grows old meanwhile', async () => {
    await grow(0, MORE)
    const { body } = await (await signedIn('ada')).post(PATH, { format: 'json' })
    await unproven()
    const lines = linesIn(await new Response(body).text())

    expect(lines.at(-1)).toEqual({ count: MORE + 4 })
  })

  it('are broken off when whoever takes them is an admin no more', async () => {
    await grow(0, MORE)
    const ada = await signedIn('ada')
    const answer = await ada.post(PATH, { format: 'csv' })
    await run("UPDATE members SET role = 'user' WHERE id = 'ada'")

    await expect(answer.text()).rejects.toThrow()
  })
})
