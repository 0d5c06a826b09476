import { run } from './database'

type ListOwner = 'ada' | 'cat'
const LISTS = { ada: ['acme', 'list-ada'], cat: ['globex', 'list-cat'] } as const

/** A list of forty people that waits for its admin, two of whom cannot be invited. */
export const reviewed =
  (below: string, owner: ListOwner = 'ada') =>
  async () => {
    const [tenant, id] = LISTS[owner]
    const settings = JSON.stringify({
      role: 'user',
      sections: null,
      mode: null,
      agents: [],
      preset: null,
      endsAt: null,
      note: null,
    })
    await run('DELETE FROM invite_drafts WHERE id = ?', id)
    await run('DELETE FROM jobs WHERE id = ?', id)
    await run(
      'INSERT INTO invite_drafts (id, tenant_id, admin_id, settings, created_at) VALUES (?, ?, ?, ?, ?)',
      id,
      tenant,
      owner,
      settings,
      Date.now(),
    )
    await run(
      `INSERT INTO invite_rows (draft_id, n, cells, email, email_key, problem)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
      SELECT ?, i, json_object('email', 'p' || i || '@corp.test'), iif(i = 2, NULL, 'p' || i || '@corp.test'),
        CASE i WHEN 2 THEN NULL WHEN 3 THEN 'p1@corp.test' ELSE 'p' || i || '@corp.test' END, iif(i = 2, 'not_an_address', NULL) FROM n`,
      id,
    )
    return `/w/acme/access/invitations/many/${id}${below}`
  }

/** The same once it is sent. */
export const reported =
  (below: string, owner: ListOwner = 'ada') =>
  async () => {
    const [tenant, id] = LISTS[owner]
    const path = await reviewed(below, owner)()
    await run("UPDATE invite_rows SET outcome = iif(n < 4, coalesce(problem, 'twice'), 'sent') WHERE draft_id = ?", id)
    await run('UPDATE invite_drafts SET sent_at = ? WHERE id = ?', Date.now(), id)
    await run(
      `INSERT INTO jobs (id, tenant_id, admin_id, kind, spec, total, done, state, created_at, finished_at)
      VALUES (?, ?, ?, 'invite', '{}', 40, 40, 'done', 1, 2)`,
      id,
      tenant,
      owner,
    )
    return path
  }

/** Of which some wait for the emails of another day. */
export async function waiting() {
  const path = await reported('/cancel')()
  await run("UPDATE invite_rows SET outcome = 'waiting' WHERE draft_id = 'list-ada' AND n > 30")
  await run("UPDATE jobs SET state = 'queued', done = 30, finished_at = NULL WHERE id = 'list-ada'")
  return path
}
