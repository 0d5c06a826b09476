import { Hono } from 'hono'
import * as v from 'valibot'
import { tooManyPeopleWords } from '../../../views/activity/filters'
import type { AppEnv } from '../../env'
import { activityFilterOf, spanOf } from '../../http/activity-filter'
import { admin, enter, fresh } from '../../http/door'
import { download, FORMAT, pagesFrom } from '../../http/download'
import { renderRefusal } from '../../http/errors'
import { readForm } from '../../http/forms'
import { TEXT_PEOPLE } from '../../limits'
import type { Entry } from '../../models/activity/activity'
import { ACTIVITY_COLUMNS, entryRecord, exportedActivity } from '../../models/activity/export'
import { recordExport } from '../../models/activity/exported'
import { peopleMeant } from '../../models/activity/people'

/** The activity log as it is filtered, as a file. */
export const activityExport = new Hono<AppEnv>()

const TEXT = v.optional(v.string(), '')
const FORM = { format: FORMAT, person: TEXT, who: TEXT, kind: TEXT, from: TEXT, to: TEXT }

activityExport.post('/', async (c) => {
  const { format, ...form } = await readForm(c, FORM)
  const { person, who, kind, from, to } = activityFilterOf(form)
  const filter = { person, who, kind, ...spanOf({ from, to }) }
  const read = (last?: Entry) =>
    enter(c, last ? admin : fresh(admin), (at) => ({ rows: exportedActivity(at, filter, last), people: peopleMeant(at, filter) }))
  const { act, rows, people } = await read()
  if (people.length > TEXT_PEOPLE) return renderRefusal(c, 422, tooManyPeopleWords(who))
  await recordExport(act, { what: 'activity', format, person, kind, from, to, text: !person && who !== '' })
  return download(c, {
    name: 'activity',
    format,
    columns: ACTIVITY_COLUMNS,
    toRecord: entryRecord,
    pages: pagesFrom(rows, async (last) => (await read(last)).rows),
  })
})
