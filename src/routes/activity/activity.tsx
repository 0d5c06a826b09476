import { Hono } from 'hono'
import * as v from 'valibot'
import { ActivityPage } from '../../../views/activity/activity'
import { activityHref } from '../../../views/activity/filters'
import type { AppEnv } from '../../env'
import { ACTIVITY_FILTER, spanOf } from '../../http/activity-filter'
import { admin, enter } from '../../http/door'
import { POSITION, readQuery } from '../../http/query'
import { ACTIVITY_ROWS, activityPage, GROUPS } from '../../models/activity/activity'
import { peopleMeant } from '../../models/activity/people'
import { pageOf } from '../../models/core/paging'

export const activity = new Hono<AppEnv>()

const CURSOR = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}\.[\w-]{1,64}$/),
  v.transform((text) => ({ at: Number(text.split('.')[0]), id: text.slice(text.indexOf('.') + 1) })),
)
const FILTER = { ...ACTIVITY_FILTER, cursor: v.optional(CURSOR), before: v.optional(CURSOR), row: POSITION.row }

activity.get('/', async (c) => {
  const filter = readQuery(c, FILTER)
  const { rows, people, to, now } = await enter(c, admin, (at) => ({
    rows: activityPage(at, { ...filter, ...spanOf(filter) }),
    people: peopleMeant(at, filter),
  }))
  const [only, other] = people
  if (filter.who && !filter.person && only && !other)
    return c.redirect(activityHref(to, { ...filter, who: '', person: only.id }), 303)
  const { page, paging } = pageOf(rows, ACTIVITY_ROWS, ({ at, id }) => `${at}.${id}`, {
    cursor: c.req.query('cursor') ?? '',
    before: c.req.query('before'),
    row: filter.row,
  })
  return c.render(<ActivityPage {...{ to, filter, people, now, paging }} entries={page} groups={GROUPS} />, { title: 'Activity' })
})
