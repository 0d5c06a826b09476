import type { Entry } from '../../src/models/activity/activity'
import type { Agent } from '../../src/models/agents/agent'
import type { Member } from '../../src/models/members/member'
import type { SessionEntry } from '../../src/models/members/member-session'
import type { Moment } from '../../src/models/members/timeline'
import type { Viewer } from '../../src/models/members/viewer'
import { Preview } from '../access/preview'
import { Entries } from '../activity/entries'
import { Badge } from '../components/badge'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { When } from '../components/when'
import { ROLES } from '../words'
import { MemberActions, MemberConfirms, MemberMenu } from './member-actions'
import { type AddressProblem, FixAddress, MailTrouble } from './member-address'
import { SessionHistory } from './member-session'
import { agentsOf, BADGES, isInvited, lastOf, sectionsCount } from './member-words'
import { Timeline } from './timeline'

type Props = {
  viewer: Viewer
  member: Member
  agents: Agent[]
  timeline: { moments: Moment[]; shown: number }
  sessions: SessionEntry[]
  entries: Entry[]
  now: number
  problem: AddressProblem | undefined
}

export const MemberPage = ({ viewer, member, agents, timeline, sessions, entries, now, problem }: Props) => {
  const actions = { member, self: member.id === viewer.memberId, target: '#member' }
  const name = member.name ?? member.email
  return (
    <section id="member" class="stack loose">
      <div>
        <a class="back" href="/access/users">
          <Icon name="arrow-left" />
          Users
        </a>
        <PageHead title={name} lead={member.name ? member.email : undefined}>
          {member.state === 'bounced' ? <MemberMenu {...actions} /> : <MemberActions {...actions} />}
        </PageHead>
        <MailTrouble {...actions} />
        <MemberConfirms {...actions} />
      </div>
      <div class="split">
        <div class="stack loose">
          <Facts member={member} now={now} />
          {isInvited(member) && <FixAddress member={member} problem={problem} />}
          <Timeline {...timeline} now={now} />
          <SessionHistory {...{ sessions, now }} />
        </div>
        <Preview who={name} sections={member.sections} agents={agents} />
      </div>
      <Recent member={member} entries={entries} now={now} />
    </section>
  )
}

const Recent = ({ member, entries, now }: { member: Member; entries: Entry[]; now: number }) => (
  <div class="stack">
    <header class="buttons spread">
      <h2>Activity</h2>
      {entries.length > 0 && (
        <a class="button small" href={`/access/activity?${new URLSearchParams({ person: member.id })}`}>
          All of it
        </a>
      )}
    </header>
    {entries.length > 0 ? (
      <Entries entries={entries} now={now} />
    ) : (
      <p class="hint">Nothing has been done to or by this person yet.</p>
    )}
  </div>
)

const Facts = ({ member, now }: { member: Member; now: number }) => {
  const last = lastOf(member)
  return (
    <dl class="facts panel">
      <dt>Status</dt>
      <dd>
        <Badge tone={member.state}>{BADGES[member.state]}</Badge>
      </dd>
      <dt>Role</dt>
      <dd>{ROLES[member.role]}</dd>
      <dt>Sections</dt>
      <dd>
        {sectionsCount(member)} <MatrixLink member={member} href="/access/permissions" />
        {member.role === 'user' && <Sights member={member} />}
      </dd>
      <dt>Agents</dt>
      <dd>
        {agentsOf(member)} <MatrixLink member={member} href="/access/agents" />
      </dd>
      {isInvited(member) && (
        <>
          <dt>Invited by</dt>
          <dd>{member.inviterName}</dd>
          <dt>{member.state === 'expired' ? 'Lapsed' : 'Lapses'}</dt>
          <dd>{member.expiresAt && <When at={member.expiresAt} now={now} />}</dd>
        </>
      )}
      <dt>{isInvited(member) ? 'Mail' : 'Last active'}</dt>
      <dd>
        <When at={last.at} now={now} prefix={last.word} />
      </dd>
    </dl>
  )
}

const Sights = ({ member }: { member: Member }) => (
  <ul class="sights">
    {member.sights.map(({ name, may, because }) => (
      <li>
        <Icon name={may ? 'check' : 'x'} />
        <span>
          {name}
          <span class="visually-hidden">{may ? ' on,' : ' off,'}</span>
        </span>
        <small>{because === 'own' ? 'Own setting' : 'Default'}</small>
      </li>
    ))}
  </ul>
)

const MatrixLink = ({ member, href }: { member: Member; href: string }) =>
  member.role === 'user' ? <a href={`${href}?${new URLSearchParams({ q: member.emailKey })}`}>Change</a> : null
