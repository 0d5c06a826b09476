import { agentChoices, personWithAgents, startOf, toEditedPerson } from '../access/agent-edit-page'
import { agentsOfMember } from '../access/preview'
import { activityPage } from '../activity/activity'
import { appsOfMember, MEMBER_APPS } from '../apps/of-member'
import { joinLinkOfMember } from '../join-links/joined'
import { ownSettings, toOwnSettings } from '../presets/own-settings'
import { presetChoices } from '../presets/preset-page'
import { memberOf, toMember } from './member'
import { factorsOfMember } from './member-factors'
import { memberSessionsOf } from './member-session'
import { invitationsOf, MOMENTS, mailEventsOf, mailsOf, timelineOf } from './timeline'
import type { Place } from './viewer'

/** Entries of the activity log on a member's page. */
const RECENT = 20
/** As many agents are ticked on the page of a member; more have a page of their own. */
const AGENTS_IN_PLACE = 30

/** What the page of a member reads. */
export const memberPage = (at: Place, id: string) => ({
  found: memberOf(at, id),
  agents: agentsOfMember(at, id),
  edited: personWithAgents(at, id),
  own: ownSettings(at, id),
  presets: presetChoices(at),
  choices: agentChoices(at).limit(AGENTS_IN_PLACE + 1),
  invitations: invitationsOf(at, id),
  mails: mailsOf(at, id),
  events: mailEventsOf(at, id),
  sessions: memberSessionsOf(at, id),
  joinedBy: joinLinkOfMember(at, id),
  factors: factorsOfMember(at, id),
  apps: appsOfMember(at, id),
  entries: activityPage(at, { person: id, kind: 'all' }, RECENT),
})

type Read = { [K in keyof ReturnType<typeof memberPage>]: Awaited<ReturnType<typeof memberPage>[K]> }

/** Undefined where nobody in this workspace has the id. */
export function toMemberPage({ found: [row], edited: [who], own, presets, ...found }: Read, now: number) {
  if (!row || !who) return undefined
  const { invitations, mails, events, sessions, entries, agents, joinedBy } = found
  const person = toEditedPerson(who, now)
  const choices = found.choices.length > AGENTS_IN_PLACE ? [] : found.choices
  const editing = { person, choices, draft: startOf(person, choices), presets, own: toOwnSettings(own) }
  const timeline = { moments: timelineOf(invitations, mails, events, now), shown: MOMENTS }
  return {
    member: toMember(row, now),
    timeline,
    agents,
    editing,
    sessions,
    joinedBy: joinedBy[0],
    factors: found.factors,
    apps: { listed: found.apps.slice(0, MEMBER_APPS), more: found.apps.length > MEMBER_APPS },
    entries: entries.slice(0, RECENT),
  }
}
