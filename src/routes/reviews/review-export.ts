import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../../env'
import { admin, enter, fresh } from '../../http/door'
import { download, FORMAT, pagesFrom } from '../../http/download'
import { readForm } from '../../http/forms'
import { EXPORT_ROWS } from '../../limits'
import { recordExport } from '../../models/activity/exported'
import { REVIEW_COLUMNS, reviewedRecord } from '../../models/reviews/export'
import { type Reviewed, reviewedPeople, reviewOf } from '../../models/reviews/review'

/** A review with everybody in it and what was decided, as a file. */
export const reviewExport = new Hono<AppEnv>()

reviewExport.post('/', async (c) => {
  const { format } = await readForm(c, { format: FORMAT })
  const id = c.req.param('id') ?? ''
  const read = (last?: Reviewed) =>
    enter(c, last ? admin : fresh(admin), (at) => ({
      found: reviewOf(at, id),
      rows: reviewedPeople(at, id, { after: last?.place }, EXPORT_ROWS),
    }))
  const { act, found, rows } = await read()
  if (!found[0]) throw new HTTPException(404)
  await recordExport(act, { what: 'review', format })
  return download(c, {
    name: 'access-review',
    format,
    columns: REVIEW_COLUMNS,
    toRecord: reviewedRecord,
    pages: pagesFrom(rows, async (last) => (await read(last)).rows),
  })
})
