import { Hono } from 'hono'
import * as v from 'valibot'
import { ActivityPage } from '../../../views/activity/activity'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { readQuery } from '../../http/query'
import { ACTIVITY_KINDS, ACTIVITY_ROWS, type ActivityFilter, activityPage } from '../../models/activity/activity'
import { pageOf } from '../../models/core/paging'

export const activity = new Hono<AppEnv>()

const CURSOR = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}\.[\w-]{1,64}$/),
  v.transform((text) => ({ at: Number(text.split('.')[0]), id: text.slice(text.indexOf('.') + 1) })),
)
const FILTER = {
  person: v.optional(v.pipe(v.string(), v.maxLength(64))),
  kind: v.optional(v.picklist(ACTIVITY_KINDS)),
  cursor: v.optional(CURSOR),
}

activity.get('/', async (c) => {
  const filter: ActivityFilter = { person: undefined, kind: undefined, cursor: undefined, ...readQuery(c, FILTER) }
  const { rows, to, now } = await enter(c, admin, (at) => ({ rows: activityPage(at, filter) }))
  const { page, next } = pageOf(rows, ACTIVITY_ROWS, ({ at, id }) => `${at}.${id}`)
  return c.render(<ActivityPage {...{ to, filter, now, next }} entries={page} />, { title: 'Activity' })
})
