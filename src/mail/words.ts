import { DAY_MS, HOUR_MS, MINUTE_MS } from '../limits'
import { nameOf, WEB_ADDRESS } from '../models/core/name'

const UTC = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
})

/** "Wednesday, 25 November 2026 at 14:05 UTC" */
export const dateInWords = (at: number) => `${UTC.format(at)} UTC`

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

/** "31 Dec 2026", in UTC. */
export const dayInWords = (at: number) => DAY.format(at)

/** The last day of what ends at this time, in UTC: "31 Dec 2026" */
export const lastDayInWords = (endsAt: number) => DAY.format(endsAt - 1)

/** "3 days", "20 hours", "30 minutes": the nearest, in the largest unit of which there are at least two. */
export function spanInWords(ms: number): string {
  if (ms >= 1.95 * DAY_MS) return count(ms / DAY_MS, 'day')
  return ms >= 1.95 * HOUR_MS ? count(ms / HOUR_MS, 'hour') : count(ms / MINUTE_MS, 'minute')
}

const count = (amount: number, unit: string) => {
  const whole = Math.max(1, Math.round(amount))
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`
}

/** A name as it may stand in a subject: one line without controls, marks that turn text around, or links. */
export const nameInSubject = (name: string) => nameOf(name.replaceAll(WEB_ADDRESS, ' '))

/** An email address between spaces, brackets and the like: anything before or behind it that could belong to a URL makes it none. */
const MAILBOX = /(?<![^\s<>()[\]",;])[^\s<>()[\]",;:/@\\]+@[\p{L}\p{N}.-]+(?![^\s<>()[\]",;.!?])/u
const WORD_JOINER = '\u2060'
const JOINT = /(?<=[\p{L}\p{N}])([.:]+)(?=[\p{L}\p{N}/])/u
const PARTS = new RegExp(`${MAILBOX.source}|${JOINT.source}`, 'gu')

/**
 * Text that somebody typed, such that no mail program makes a link of a host in it: an invisible mark holds it apart. Email addresses
 * are left as they are, to be copied and used.
 */
export const withoutLinks = (text: string) => text.replaceAll(PARTS, (part, joint?: string) => (joint ? joint + WORD_JOINER : part))

/** The same in HTML, where a tag does what the mark does: what is copied is what somebody typed. Only in text, never in an attribute. */
export const marksAsTags = (html: string) => html.replaceAll(MARKED, '<span>$1</span>')

const MARKED = new RegExp(`([.:]+)${WORD_JOINER}`, 'g')

const UNPRINTABLE_IN_LINES = /(?!\n)[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

/** A note keeps its lines and emoji, and nothing else that is invisible. */
export const noteInMail = (note: string | null) =>
  note === null ? null : withoutLinks(note.replaceAll(/\r\n?/g, '\n').replaceAll(UNPRINTABLE_IN_LINES, '').trim()) || null

const ADDRESS = /(?:<|(?<![^\s<>@]))[^\s<>@]+@[^\s<>@]+>?/g
const LONGEST_REASON = 160

/** What a mail server or provider said, as an admin may read it: one short line of its words, without addresses, links or controls. */
export function inOneLine(text: string): string {
  const line = withoutAddresses(text)
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON - 1).trimEnd()}…` : line
}

/** One line of its words, which are then nobody's address. */
export const withoutAddresses = (text: string) =>
  text
    .replaceAll(WEB_ADDRESS, ' ')
    .replaceAll(ADDRESS, ' ')
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
