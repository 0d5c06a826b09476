import { agentsOfMember } from '../access/preview'
import { activityPage } from '../activity/activity'
import { memberOf, toMember } from './member'
import { memberSessionsOf } from './member-session'
import { invitationsOf, MOMENTS, mailEventsOf, mailsOf, timelineOf } from './timeline'
import type { Place } from './viewer'

/** Entries of the activity log on a member's page. */
const RECENT = 20

/** What the page of a member reads. */
export const memberPage = (at: Place, id: string) => ({
  found: memberOf(at, id),
  agents: agentsOfMember(at, id),
  invitations: invitationsOf(at, id),
  mails: mailsOf(at, id),
  events: mailEventsOf(at, id),
  sessions: memberSessionsOf(at, id),
  entries: activityPage(at, { person: id, kind: 'all' }, RECENT),
})

type Read = { [K in keyof ReturnType<typeof memberPage>]: Awaited<ReturnType<typeof memberPage>[K]> }

/** Undefined where nobody in this workspace has the id. */
export function toMemberPage({ found: [row], invitations, mails, events, sessions, entries, agents }: Read, now: number) {
  if (!row) return undefined
  const timeline = { moments: timelineOf(invitations, mails, events, now), shown: MOMENTS }
  return { member: toMember(row, now), timeline, agents, sessions, entries: entries.slice(0, RECENT) }
}
