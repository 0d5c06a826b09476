import type { Entry } from '../../src/models/activity/activity'
import type { Agent } from '../../src/models/agents/agent'
import type { MemberApp } from '../../src/models/apps/of-member'
import type { Member } from '../../src/models/members/member'
import type { MemberFactor } from '../../src/models/members/member-factors'
import type { SessionEntry } from '../../src/models/members/member-session'
import type { Moment } from '../../src/models/members/timeline'
import type { Viewer } from '../../src/models/members/viewer'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { Preview } from '../access/preview'
import { Entries } from '../activity/entries'
import { BackLink } from '../components/back-link'
import { Badge } from '../components/badge'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { shownAddress, shownName } from '../components/shown-address'
import { type Stale, StaleCallout } from '../components/stale'
import { When } from '../components/when'
import { AccessFacts, type Editing } from './member-access'
import { type AddressProblem, FixAddress, MailTrouble } from './member-address'
import { MemberApps } from './member-apps'
import { Change, RESEND } from './member-change'
import { MemberConfirms } from './member-confirms'
import { EndFact, type EndProblem } from './member-end'
import { FactorFact } from './member-factors'
import { MemberMenu } from './member-menu'
import { SessionHistory } from './member-session'
import { BADGES, isInvited, lastOf } from './member-words'
import { Timeline } from './timeline'

type Props = {
  to: WorkspacePaths
  viewer: Viewer
  member: Member
  agents: Agent[]
  editing: Editing
  timeline: { moments: Moment[]; shown: number }
  sessions: SessionEntry[]
  entries: Entry[]
  /** The link by which they joined. */
  joinedBy: { id: string; label: string | null } | undefined
  factors: MemberFactor[]
  apps: { listed: MemberApp[]; more: boolean }
  now: number
  stale: Stale | undefined
  problem: AddressProblem | undefined
  end: EndProblem | undefined
}

export const MemberPage = ({
  to,
  viewer,
  member,
  agents,
  editing,
  timeline,
  sessions,
  entries,
  joinedBy,
  factors,
  apps,
  now,
  stale,
  problem,
  end,
}: Props) => {
  const actions = { to, member, self: member.id === viewer.memberId }
  const name = shownName(member)
  return (
    <section id="member" class="stack loose" {...{ 'hx-target:inherited': '#member' }}>
      <div>
        <BackLink href={to.users}>Users</BackLink>
        <PageHead title={name} lead={member.name ? shownAddress(member.email) : undefined}>
          <MainAction to={to} member={member} />
          <MemberMenu {...actions} />
        </PageHead>
        <StaleCallout stale={stale} />
        <MailTrouble to={to} member={member} />
        <MemberConfirms {...actions} workspace={viewer.tenantName} />
      </div>
      <div class="split">
        <div class="stack loose">
          <Facts {...{ ...actions, editing, now, end, joinedBy, factors }} />
          {isInvited(member) && <FixAddress to={to} member={member} problem={problem} />}
          <Timeline {...timeline} now={now} />
          {!isInvited(member) && <SessionHistory {...{ sessions, now }} />}
          {!isInvited(member) && <MemberApps {...{ to, member, apps, now }} own={editing.own} />}
        </div>
        <Preview who={name} once={ONCE[member.status]} sections={member.sections} agents={agents} connected={viewer.connected} />
      </div>
      <Recent to={to} member={member} entries={entries} now={now} />
    </section>
  )
}

const ONCE: Partial<Record<Member['status'], string>> = {
  pending: 'after joining',
  disabled: 'once enabled',
  ended: 'once extended',
}

/** What somebody most needs; where an email bounced, that is said below. */
const MainAction = ({ to, member }: Pick<Props, 'to' | 'member'>) => {
  if (member.state === 'pending' || member.state === 'expired')
    return <Change {...{ to, member }} {...RESEND} class="button ghost small" />
  if (member.state === 'ended')
    return (
      <a class="button ghost small" href="#end-date">
        <Icon name="clock" />
        Extend
      </a>
    )
  if (member.state === 'disabled')
    return <Change {...{ to, member }} change="enable" icon="power" text="Enable" class="button ghost small" />
  return null
}

type RecentProps = Pick<Props, 'to' | 'member' | 'entries' | 'now'>

const Recent = ({ to, member, entries, now }: RecentProps) => (
  <div class="stack">
    <header class="buttons spread">
      <h2>Activity</h2>
      {entries.length > 0 && (
        <a class="button small" href={withQuery(to.activity, { person: member.id, kind: 'all' })}>
          View all activity
        </a>
      )}
    </header>
    {entries.length > 0 ? <Entries to={to} entries={entries} now={now} /> : <p class="hint">No activity yet.</p>}
  </div>
)

type FactsProps = Pick<Props, 'to' | 'member' | 'now' | 'editing' | 'end' | 'joinedBy' | 'factors'> & { self: boolean }

const Facts = ({ to, member, self, editing, now, end, joinedBy, factors }: FactsProps) => {
  const last = lastOf(member)
  return (
    <dl class="facts panel">
      <dt>Status</dt>
      <dd>
        <Badge tone={member.state}>{BADGES[member.state]}</Badge>
      </dd>
      <AccessFacts {...{ to, member, self, editing, now }} />
      <EndFact {...{ to, member, now }} problem={end} />
      {joinedBy && (
        <>
          <dt>Joined by</dt>
          <dd>
            <a href={to.joinLink(joinedBy.id)}>{joinedBy.label ?? 'Join link'}</a>
          </dd>
        </>
      )}
      {!isInvited(member) && <FactorFact factors={factors} now={now} />}
      {isInvited(member) && (
        <>
          <dt>Invited by</dt>
          <dd>{shownAddress(member.inviterName ?? '')}</dd>
          <dt>{member.state === 'expired' ? 'Expired' : 'Expires'}</dt>
          <dd>{member.expiresAt && <When at={member.expiresAt} now={now} />}</dd>
        </>
      )}
      <dt>{isInvited(member) ? 'Email' : 'Last active'}</dt>
      <dd>
        <When at={last.at} now={now} prefix={last.word} />
      </dd>
    </dl>
  )
}
