import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, one, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { EXPORT_ROWS } from '../../limits'

const PATH = '/w/acme/access/activity/export'

const exported = async (client: Client, fields: Record<string, string> = {}) =>
  (await (await client.post(PATH, { format: 'json', ...fields })).text())
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line))

/** So many more entries; every third is a sign-in, and every fourth is in the same moment as the one before. */
const happen = (count: number) =>
  run(`INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, member_id)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    SELECT 'e-' || printf('%07d', i), 'acme', i - (i % 4 = 0), iif(i % 3 = 0, 'signed_in', 'role_changed'), 'ada', 'Ada Admin',
      iif(i % 2 = 0, 'bob', 'pia') FROM n`)

describe('the activity log', () => {
  it('comes whole, newest first, and counted', async () => {
    await happen(9)
    const ada = await signedIn('ada')
    const lines = await exported(ada, { kind: 'all' })
    const inLog = await all<{ id: string }>(
      "SELECT id FROM activity WHERE tenant_id = 'acme' AND kind <> 'exported' ORDER BY at DESC, id DESC",
    )

    expect(lines.slice(0, -1).map(({ id }) => id)).toEqual(inLog.map(({ id }) => id))
    expect(lines.at(-1)).toEqual({ count: inLog.length })
  })

  it('comes as a file of a spreadsheet that has its entries as they are', async () => {
    await run(`INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, actor_email, member_id, member_email, member_name, before, after, ip)
      VALUES ('e', 'acme', 1000, 'role_changed', 'ada', '=Ada', 'ada@acme.test', 'bob', 'bob@acme.test', 'Bob', '{"role":"user"}',
        '{"role":"admin"}', '203.0.113.7')`)
    const answer = await (await signedIn('ada')).post(PATH, { format: 'csv', kind: 'role_changed' })
    const rows: unknown[] = parse(await answer.text(), { bom: true, columns: true })

    expect(answer.headers.get('Content-Disposition')).toMatch(/"acme-activity-\d{4}-\d\d-\d\d\.csv"/)
    expect(rows).toEqual([
      {
        id: 'e',
        at: '1970-01-01T00:00:01.000Z',
        kind: 'role_changed',
        person_id: 'bob',
        person_name: 'Bob',
        person_email: 'bob@acme.test',
        by_id: 'ada',
        by_name: "'=Ada",
        by_email: 'ada@acme.test',
        before: '{"role":"user"}',
        after: '{"role":"admin"}',
        ip: '203.0.113.7',
      },
    ])
  })

  it.each(['', '?kind=signed_in', '?person=bob', '?kind=sign_ins&person=bob', '?kind=all&from=1970-01-01&to=1970-01-01'])(
    'is what the page %s shows, by its own form',
    async (query) => {
      await happen(40)
      const ada = await signedIn('ada')
      const page = await (await ada.get(`/w/acme/access/activity${query}`)).text()
      const shown = [...page.matchAll(/<tr id="entry-([^"]+)"/g)].map(([, id]) => id)
      const lines = await exported(ada, { ...(formIn(page, PATH) as Record<string, string>), format: 'json' })

      expect(shown.length).toBeGreaterThan(0)
      expect(lines.slice(0, -1).map(({ id }) => id)).toEqual(shown)
    },
  )

  it.each([
    ['all', 1, 1],
    ['role_changed', 2, 3],
    ['changes', 2, 3],
  ])('of %s is all there, once each, when it is longer than a page of an export', async (kind, part, of) => {
    const MANY = EXPORT_ROWS * 3
    await happen(MANY)
    const lines = await exported(await signedIn('ada'), { kind, to: '1970-01-02' })

    expect(lines.at(-1)).toEqual({ count: (MANY * part) / of })
    expect(new Set(lines.map(({ id }) => id)).size).toBe((MANY * part) / of + 1)
  })

  it('leaves an entry that says how it was narrowed', async () => {
    await exported(await signedIn('ada'), { person: 'bob', kind: 'all', from: '2026-01-01' })

    expect(await one("SELECT actor_id, after FROM activity WHERE kind = 'exported'")).toEqual({
      actor_id: 'ada',
      after: JSON.stringify({ what: 'activity', format: 'json', person: 'bob', kind: 'all', from: '2026-01-01' }),
    })
  })
})
