import * as v from 'valibot'
import { DAY_MS } from '../limits'
import { ACTIVITY_KINDS } from '../models/activity/activity'
import { partsOf, searchText } from './query'

const DAY = v.optional(v.pipe(v.string(), v.isoDate()))

/** What the activity log can be narrowed to; the days are in UTC. */
export const ACTIVITY_FILTER = {
  person: v.optional(v.pipe(v.string(), v.maxLength(64))),
  who: searchText,
  kind: v.optional(v.picklist(['changes', 'sign_ins', 'all', ...ACTIVITY_KINDS])),
  from: DAY,
  to: DAY,
}

/** @throws HTTPException 400 */
export const activityFilterOf = (query: Record<string, string>) => partsOf(query, ACTIVITY_FILTER)

/** From the first moment of one day to the last of another. */
export const spanOf = ({ from, to }: { from?: string | undefined; to?: string | undefined }) => ({
  from: timeOf(from),
  until: timeOf(to, DAY_MS),
})

const timeOf = (day: string | undefined, after = 0) => (day === undefined ? undefined : Date.parse(day) + after)
