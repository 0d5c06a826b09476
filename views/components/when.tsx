import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/limits'

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const dayAndYearOf = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

type WhenProps = { at: number; now: number; prefix?: string | undefined }

/** Relative words, the exact UTC time on hover. Milliseconds since the epoch; an empty prefix means the middle of a sentence. */
export const When = ({ at, now, prefix }: WhenProps) => (
  <time {...{ datetime: toTheMinute(at) }} title={exactly(at)}>
    {prefix === undefined ? whenOf(at, now) : `${prefix} ${inSentence(whenOf(at, now))}`.trim()}
  </time>
)

/** The last day of what ends at this time: *31 Dec 2026*, in UTC as typed. */
export const lastDayInWords = (endsAt: number) => dayAndYearOf.format(endsAt - 1)

/** The date and the minute, printed: in UTC, until `views/client/local-times.js` puts it into the reader's own zone. */
export const DateAndTime = ({ at }: { at: number }) => (
  <time {...{ datetime: new Date(at).toISOString() }} data-local>
    {`${dayAndYearOf.format(at)}, ${exactly(at).slice(11)}`}
  </time>
)

const toTheMinute = (at: number) => `${new Date(at).toISOString().slice(0, 16)}Z`

export const exactly = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** Of something that happened lately, in a sentence: `at 14:02 UTC`, with the day where that was not today. */
export const timeOf = (at: number, now: number) =>
  `${sameDay(at, now) ? '' : `on ${shortDay.format(at)} `}at ${exactly(at).slice(11)}`

/** *3 Nov*, and of another year *3 Nov 2025*. */
export const dayOf = (at: number, now: number) => (sameYear(at, now) ? shortDay : dayAndYearOf).format(at)

/** Past a week ago the date says more than a count of days; a deadline counts for a month. */
export function whenOf(at: number, now: number): string {
  const away = at - now
  const size = Math.abs(away)
  if (size < 45_000) return away > 0 ? 'In a moment' : 'Just now'
  if (size < 59.5 * MINUTE_MS) return inUnits(away / MINUTE_MS, 'minute')
  if (size < 23.5 * HOUR_MS) return inUnits(away / HOUR_MS, 'hour')
  if (away > -7 * DAY_MS && away < 31 * DAY_MS) return inUnits(away / DAY_MS, 'day')
  return dayOf(at, now)
}

/** *In 3 days*, *2 hours ago*. */
const inUnits = (away: number, unit: 'minute' | 'hour' | 'day') => relative.format(Math.round(away), unit).replace(/^in /, 'In ')

const sameDay = (a: number, b: number) => Math.floor(a / DAY_MS) === Math.floor(b / DAY_MS)
const sameYear = (a: number, b: number) => new Date(a).getUTCFullYear() === new Date(b).getUTCFullYear()
const inSentence = (words: string) => words.replace(/^(Just|In) /, (word) => word.toLowerCase())
