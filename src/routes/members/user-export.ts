import { Hono } from 'hono'
import * as v from 'valibot'
import type { AppEnv } from '../../env'
import { admin, enter, fresh } from '../../http/door'
import { download, FORMAT, pagesFrom } from '../../http/download'
import { readForm } from '../../http/forms'
import { filterOf } from '../../http/people'
import { recordExport } from '../../models/activity/exported'
import { type ExportedPerson, exportedPeople, PEOPLE_COLUMNS, personRecord } from '../../models/members/export'

/** The people of the user table as it is filtered, with what they can see, as a file. */
export const userExport = new Hono<AppEnv>()

const TEXT = v.optional(v.string(), '')
const FORM = { format: FORMAT, q: TEXT, status: TEXT, role: TEXT }

userExport.post('/', async (c) => {
  const { format, ...form } = await readForm(c, FORM)
  const filter = filterOf(form)
  const read = (last?: ExportedPerson) =>
    enter(c, last ? admin : fresh(admin), (at) => ({ rows: exportedPeople(at, filter, last?.emailKey) }))
  const { act, rows, now } = await read()
  await recordExport(act, { what: 'people', format, status: filter.status, role: filter.role, text: filter.q !== '' })
  return download(c, {
    name: 'people',
    format,
    columns: PEOPLE_COLUMNS,
    toRecord: (row: ExportedPerson) => personRecord(row, now),
    pages: pagesFrom(rows, async (last) => (await read(last)).rows),
  })
})
