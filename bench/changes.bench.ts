import { it } from 'vitest'
import { beginChange } from '../src/models/changes/begin'
import { CHANGES, type ChangeName } from '../src/models/changes/change'
import { STEP_PEOPLE } from '../src/models/jobs/people'
import { beginUndo } from '../src/models/undo/many'
import { undoOf } from '../src/models/undo/undo'
import { actNamed, NO_CAPS } from '../test/cast'
import { run } from '../test/database'
import { metered } from '../test/people'
import { startOver } from '../test/world'

/** In whom each fits. */
const STATUS: Record<ChangeName, 'pending' | 'active' | 'disabled'> = {
  resend: 'pending',
  cancel: 'pending',
  make_admin: 'active',
  make_user: 'active',
  preset: 'active',
  end_date: 'active',
  disable: 'active',
  enable: 'disabled',
  delete: 'active',
}

/** As many people as one batch holds, with what they are found by; those who are pending have an open invitation. */
async function people(change: ChangeName) {
  const [status, role] = [STATUS[change], change === 'make_user' ? 'admin' : 'user']
  const here = status !== 'pending'
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${STEP_PEOPLE}),
    p AS (SELECT 'p' || substr('000' || i, -4) AS id FROM n)`
  await run(
    `INSERT INTO users (id, email, email_key, name, created_at) ${numbers} SELECT id, id || '@x.test', id || '@x.test', id, 1 FROM p`,
  )
  await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at, search_key, search_form)
    ${numbers} SELECT id, 'acme', ${here ? 'id' : 'NULL'}, id || '@x.test', id || '@x.test', '${role}', '${status}', 'all', 1, ${here ? 1 : 'NULL'},
      id || ' ' || id || '@x.test', 1 FROM p`)
  if (!here)
    await run(`INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
      ${numbers} SELECT 'i' || id, 'acme', id, 'invite', substr(id || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, 9999999999999 FROM p`)
  await run(
    "INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, created_at) VALUES ('one', 'acme', 'One', 'one', 'all', 1)",
  )
  await run("INSERT INTO preset_sections (tenant_id, preset_id, section, access) VALUES ('acme', 'one', 'traces', 'off')")
  return Array.from({ length: STEP_PEOPLE }, (_, i) => ({ id: `p${`000${i + 1}`.slice(-4)}` }))
}

it('prints what a change of a thousand people costs for each', { timeout: 300_000 }, async () => {
  const lines: string[] = []
  const each = (rows: number) => (rows / STEP_PEOPLE).toFixed(1).padStart(7)
  for (const change of CHANGES) {
    await startOver()
    const named = await people(change)
    const { db, bill } = metered()
    const act = { ...(await actNamed('ada')), db }
    const began = performance.now()
    const { job } = await beginChange(act, { id: 'job', spec: { change, list: '', preset: 'one' }, chosen: { named } }, NO_CAPS)
    const ms = Math.round(performance.now() - began)
    const of = { ...bill }
    const [undo] = await undoOf({ ...act, secretHash: '' }, 'job')
    if (undo && job) await beginUndo(act, { ...undo, of: job })
    const back = undo ? `, undone ${each(bill.read - of.read)} and ${each(bill.written - of.written)}` : ''
    const changed = (job?.done ?? 0) - (job?.leftOut ?? 0)
    lines.push(
      `${change.padEnd(11)} ${changed} changed in ${`${ms}`.padStart(4)} ms: read ${each(of.read)}, written ${each(of.written)}${back}`,
    )
  }
  console.info(`Rows for each of ${STEP_PEOPLE} people, as D1 bills them:\n\n${lines.join('\n')}`)
})
