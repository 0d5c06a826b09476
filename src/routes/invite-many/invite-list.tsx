import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import type { Stale } from '../../../views/components/stale'
import { ListPage, type Show } from '../../../views/invite-many/list'
import type { Typed } from '../../../views/invite-many/row'
import { REPORT_COLUMNS, reportRecord } from '../../../views/invite-many/row-words'
import type { AppEnv } from '../../env'
import { admin, enter, expectProof, fresh } from '../../http/door'
import { download, pagesFrom } from '../../http/download'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { queryBefore } from '../../http/page-before'
import { partsOf } from '../../http/query'
import { SHOWN } from '../../http/shown'
import { start } from '../../jobs/queue'
import { agentChoices } from '../../models/access/agent-edit-page'
import { PAGE_ROWS } from '../../models/core/paging'
import { cancelWaiting } from '../../models/invite-many/cancel-waiting'
import { COLUMNS, type Column } from '../../models/invite-many/cells'
import { COLUMN_OF } from '../../models/invite-many/column-of'
import { discard } from '../../models/invite-many/discard'
import { cellsOf, changeRow, draftOf, grantsAdmin, toDraft } from '../../models/invite-many/draft'
import { leaveOutProblems } from '../../models/invite-many/leave-out'
import { pageOfRows } from '../../models/invite-many/page'
import { retryFailed } from '../../models/invite-many/retry'
import { rowsOf, toRow } from '../../models/invite-many/review'
import { namesOf, readRow } from '../../models/invite-many/row'
import { beginSending } from '../../models/invite-many/send'
import { jobOf } from '../../models/jobs/job'
import type { Place } from '../../models/members/viewer'
import { presetChoices } from '../../models/presets/preset-page'
import { withQuery } from '../../paths'

/** A list of people from its review to its report. */
export const inviteList = new Hono<AppEnv>()

const NUMBER = v.pipe(v.string(), v.regex(/^[1-9]\d{0,3}$/), v.transform(Number))
const QUERY = {
  show: v.optional(v.picklist(['all', 'problem', 'ready', 'left', 'sent', 'not_sent', 'waiting'])),
  row: v.optional(NUMBER),
  changed: v.optional(NUMBER),
}
type Query = { show?: Show | undefined; row?: number | undefined; changed?: number | undefined }

inviteList.get('/:id', (c) => showList(c, partsOf(c.req.query(), QUERY)))

/** `typed`: what somebody entered into a row that was changed since its page was shown. */
async function showList(c: Context<AppEnv>, query: Query, { stale, typed }: { stale?: Stale; typed?: Typed | undefined } = {}) {
  const id = c.req.param('id') ?? ''
  const { act, to, now, draft, jobs, rows } = await enter(c, admin, (at) => ({
    ...listReads(at, id),
    rows: rowsOf(at, id, c.env.CAPS),
  }))
  const list = toDraft(draft, act)
  if (!list) throw new HTTPException(404)
  const [job] = jobs
  const over = job !== undefined && job.state !== 'queued'
  const page = pageOfRows(rows.map(toRow), { over, now, size: PAGE_ROWS, ...query })
  const listed = page.rows.map((row) => ({
    ...row,
    column: row.reason ? COLUMN_OF[row.reason] : undefined,
    typed: row.n === query.changed ? typed : undefined,
  }))
  const { version, settings } = list
  const props = { ...page, rows: listed, to, id, version, settings, job, stale, now, self: act.memberId, changed: query.changed }
  return c.render(<ListPage {...props} />, { title: job ? 'Invitations sent' : 'Review before sending' })
}

/** Every row of the report, as its page says it. */
inviteList.get('/:id/report.csv', async (c) => {
  const id = c.req.param('id')
  const { act, now, draft, jobs, rows } = await enter(c, fresh(admin), (at) => ({
    ...listReads(at, id),
    rows: rowsOf(at, id, c.env.CAPS),
  }))
  const [job] = jobs
  if (!toDraft(draft, act) || !job) throw new HTTPException(404)
  const at = { self: act.memberId, now, over: job.state !== 'queued' }
  return download(c, {
    name: 'invitations',
    format: 'csv',
    columns: REPORT_COLUMNS,
    toRecord: (row) => reportRecord(row, at),
    pages: pagesFrom(rows.map(toRow), async () => []),
  })
})

const listReads = (at: Place, id: string) => ({ draft: draftOf(at, id), jobs: jobOf(at, id) })

const ROW = {
  ...SHOWN,
  ...Object.fromEntries(COLUMNS.map((column) => [column, v.optional(v.string())])),
  instead: v.optional(v.string()),
  do: v.optional(v.picklist(['save', 'as_typed', 'send', 'resend', 'leave'])),
}

inviteList.post('/:id/rows/:n', async (c) => {
  const [id, n] = [c.req.param('id'), Number(c.req.param('n'))]
  const { act, to, draft, found, choices, presets } = await enter(c, admin, (at) => ({
    draft: draftOf(at, id),
    found: cellsOf(at, id, n),
    choices: agentChoices(at),
    presets: presetChoices(at),
  }))
  const form = await readForm(c, ROW)
  const list = toDraft(draft, act)
  const [row] = found
  if (!list || !row) throw new HTTPException(404)
  const cells = { ...JSON.parse(row.cells), ...changedCells(form) }
  const asTyped = form.do === 'as_typed' && cells.email === JSON.parse(row.cells).email
  const chosen = form.do === 'send' || form.do === 'resend' || form.do === 'leave' ? form.do : undefined
  const change = chosen ?? readRow(cells, { agents: namesOf(choices), presets: namesOf(presets) }, { asTyped })
  if (!(await changeRow(act, { id, n, version: form.version }, change))) return showLate(c, n, form)
  const part = queryBefore(c, to.inviteList(id))
  return c.redirect(`${withQuery(to.inviteList(id), { ...part, changed: String(n) })}#row-${n}`, 303)
})

function changedCells({ instead, ...form }: Record<string, unknown>) {
  const typed = COLUMNS.flatMap((column) => (typeof form[column] === 'string' ? [[column, form[column]] as const] : []))
  return { ...Object.fromEntries(typed), ...(instead ? { email: instead } : {}) }
}

/** The list was changed or sent in another tab. What was entered into a row is kept, as something not yet saved. */
function showLate(c: Context<AppEnv>, n?: number, form: Record<string, unknown> = {}) {
  c.status(409)
  const [typed] = Object.entries(changedCells(form)).map(([column, value]) => ({ column: column as Column, value: `${value}` }))
  const text = 'This list was changed in the meantime. Nothing was changed. This is the list as it is now.'
  const kept = `Row ${n} was changed in the meantime. What you entered is still there, and not saved.`
  return showList(c, { changed: n }, { typed, stale: { text: typed ? kept : text } })
}

inviteList.post('/:id/leave-out', async (c) => {
  const { act, to, list } = await enterList(c)
  const { version } = await readForm(c, SHOWN)
  if (!(await leaveOutProblems(act, list.id, version, c.env.CAPS))) return showLate(c)
  return c.redirect(to.inviteList(list.id), 303)
})

inviteList.post('/:id/discard', async (c) => {
  const { act, to, list } = await enterList(c)
  const { version } = await readForm(c, SHOWN)
  if (!(await discard(act, list.id, version))) return showLate(c)
  return redirectWith(c, to.inviteMany, { notice: 'list_discarded' })
})

inviteList.post('/:id/send', async (c) => {
  const id = c.req.param('id')
  const { act, viewer, to, draft, granting } = await enter(c, admin, (at) => ({
    draft: draftOf(at, id),
    granting: grantsAdmin(at, id),
  }))
  const list = toDraft(draft, act)
  const { version, later } = await readForm(c, { ...SHOWN, later: v.optional(v.literal('on')) })
  if (!list) throw new HTTPException(404)
  if (list.sentAt === null && granting[0]?.grants) expectProof(viewer)
  const begun = await beginSending(act, id, { version, later: later === 'on' })
  if (begun) start(c.env, c.executionCtx, id)
  else if (list.sentAt === null) return showLate(c)
  return c.redirect(to.inviteList(id), 303)
})

inviteList.post('/:id/cancel', async (c) => {
  const { act, to, list } = await enterList(c)
  await readForm(c, {})
  await cancelWaiting(act, list.id)
  return c.redirect(to.inviteList(list.id), 303)
})

inviteList.post('/:id/retry', async (c) => {
  const { act, to, list } = await enterList(c)
  await readForm(c, {})
  const next = await retryFailed(act, list.id)
  return c.redirect(to.inviteList(next ?? list.id), 303)
})

/** @throws HTTPException 404 for a list of another admin that is not sent yet, as for one that never was */
async function enterList(c: Context<AppEnv>) {
  const id = c.req.param('id') ?? ''
  const { draft, ...entered } = await enter(c, admin, (at) => ({ draft: draftOf(at, id) }))
  const list = toDraft(draft, entered.act)
  if (!list) throw new HTTPException(404)
  return { ...entered, list }
}
