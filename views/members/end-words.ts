import type { Standing } from '../../src/models/members/standing'
import { shownName } from '../components/shown-address'
import { lastDayInWords } from '../components/when'

/** What a changed end means for somebody who was what `member` says. */
export function endInWords(member: Standing, endsAt: number | null) {
  const [name, back] = [shownName(member), member.status === 'ended']
  if (endsAt === null) return back ? `${name} can sign in again. Their membership has no end date.` : `${name} has no end date now.`
  const day = `the end of ${lastDayInWords(endsAt)} (UTC)`
  return back ? `${name} can sign in again until ${day}.` : `The membership of ${name} ends at ${day}.`
}
