import { Hono } from 'hono'
import * as v from 'valibot'
import { ActivityPage } from '../../../views/activity/activity'
import { activityHref } from '../../../views/activity/filters'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { POSITION, readQuery, searchText } from '../../http/query'
import { DAY_MS } from '../../limits'
import { ACTIVITY_KINDS, ACTIVITY_ROWS, activityPage, GROUPS } from '../../models/activity/activity'
import { peopleMeant } from '../../models/activity/people'
import { pageOf } from '../../models/core/paging'

export const activity = new Hono<AppEnv>()

const CURSOR = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}\.[\w-]{1,64}$/),
  v.transform((text) => ({ at: Number(text.split('.')[0]), id: text.slice(text.indexOf('.') + 1) })),
)
const DAY = v.optional(v.pipe(v.string(), v.isoDate()))
const FILTER = {
  person: v.optional(v.pipe(v.string(), v.maxLength(64))),
  who: searchText,
  kind: v.optional(v.picklist(['changes', 'sign_ins', 'all', ...ACTIVITY_KINDS])),
  from: DAY,
  to: DAY,
  cursor: v.optional(CURSOR),
  before: v.optional(CURSOR),
  row: POSITION.row,
}

activity.get('/', async (c) => {
  const filter = readQuery(c, FILTER)
  const span = { from: timeOf(filter.from), until: timeOf(filter.to, DAY_MS) }
  const { rows, people, to, now } = await enter(c, admin, (at) => ({
    rows: activityPage(at, { ...filter, ...span }),
    people: peopleMeant(at, filter),
  }))
  const [only, other] = people
  if (filter.who && only && !other) return c.redirect(activityHref(to, { ...filter, who: '', person: only.id }), 303)
  const { page, paging } = pageOf(rows, ACTIVITY_ROWS, ({ at, id }) => `${at}.${id}`, {
    cursor: c.req.query('cursor') ?? '',
    before: c.req.query('before'),
    row: filter.row,
  })
  return c.render(<ActivityPage {...{ to, filter, people, now, paging }} entries={page} groups={GROUPS} />, { title: 'Activity' })
})

const timeOf = (day: string | undefined, after = 0) => (day === undefined ? undefined : Date.parse(day) + after)
