import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { reasonInWords } from '../../../views/changes/change-words'
import { JobReport } from '../../../views/jobs/job'
import { jobInWords } from '../../../views/jobs/job-words'
import type { AppEnv } from '../../env'
import { admin, enter, fresh } from '../../http/door'
import { download, pagesFrom } from '../../http/download'
import { readQuery, searchText } from '../../http/query'
import { EXPORT_ROWS } from '../../limits'
import { specOf } from '../../models/changes/begin'
import { jobOf } from '../../models/jobs/job'
import { type LeftPerson, leftBy } from '../../models/jobs/report'
import { undoOf } from '../../models/undo/undo'
import { withQuery } from '../../paths'

/** What is, or was, done to many people: its progress and its report, for every admin of the workspace. */
export const jobs = new Hono<AppEnv>()

const ROWS = 50

jobs.get('/:id', async (c) => {
  const id = c.req.param('id')
  const { reason, after } = readQuery(c, { reason: searchText, after: searchText })
  const { act, to, now, found, left, offered } = await enter(c, admin, (at) => ({
    found: jobOf(at, id),
    left: leftBy(at, id, { after: { reason, id: after }, rows: ROWS + 1 }),
    offered: undoOf(at, id),
  }))
  const [job] = found
  const spec = job && specOf(job)
  if (!job || !spec) throw new HTTPException(404)
  const [undo] = offered
  const isOffered = job.state !== 'queued' && undo?.adminId === act.memberId && undo.undoneAt === null && undo.expiresAt > now
  const page = left.slice(0, ROWS)
  const last = left.length > ROWS ? page.at(-1) : undefined
  const next = last && withQuery(to.job(id), { reason: last.reason, after: last.id })
  const back = spec.list ? `${to.users}?${new URLSearchParams(spec.list)}` : to.users
  const { change, list } = spec
  const again = withQuery(to.change(change), { all: 'on', list })
  const words = jobInWords(job, change)
  return c.render(
    <JobReport {...{ to, job, change, words, back, again, next }} left={page} undo={isOffered ? to.undo(id) : undefined} />,
    {
      title: job.state === 'queued' ? words.doing : 'Report',
    },
  )
})

/** Those who were left, as a file. */
jobs.get('/:id/report.csv', async (c) => {
  const id = c.req.param('id')
  const read = (last?: LeftPerson) =>
    enter(c, last ? admin : fresh(admin), (at) => ({
      found: jobOf(at, id),
      left: leftBy(at, id, { after: { reason: last?.reason ?? '', id: last?.id ?? '' }, rows: EXPORT_ROWS }),
    }))
  const { found, left } = await read()
  const spec = found[0] && specOf(found[0])
  if (!spec) throw new HTTPException(404)
  return download(c, {
    name: 'report',
    format: 'csv',
    columns: ['id', 'name', 'email', 'status', 'reason', 'by'],
    toRecord: (row: LeftPerson) => ({ ...row, reason: reasonInWords(row.reason, spec.change) }),
    pages: pagesFrom(left, async (last) => (await read(last)).left),
  })
})
