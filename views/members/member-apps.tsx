import type { MemberApp } from '../../src/models/apps/of-member'
import type { Member } from '../../src/models/members/member'
import type { OwnSettings } from '../../src/models/presets/own-settings'
import type { WorkspacePaths } from '../../src/paths'
import { hostOf } from '../components/client-host'
import { When } from '../components/when'
import { originInWords } from '../presets/origin-words'

type Props = {
  to: WorkspacePaths
  member: Member
  apps: { listed: MemberApp[]; more: boolean }
  own: OwnSettings
  now: number
}

/** Which apps somebody may sign in to and why, and which they are signed in to. */
export const MemberApps = ({ to, member, apps, own, now }: Props) => (
  <div class="panel" id="apps">
    <header>
      <h2>Apps</h2>
    </header>
    {apps.listed.length === 0 ? (
      <p class="hint">No apps are connected.</p>
    ) : (
      <ul class="mailbox">
        {apps.listed.map((app) => (
          <Row {...{ to, member, app, own, now }} />
        ))}
      </ul>
    )}
    {apps.more && (
      <footer>
        <a href={to.apps}>All apps</a>
      </footer>
    )}
  </div>
)

const Row = ({ to, member, app, own, now }: Omit<Props, 'apps'> & { app: MemberApp }) => (
  <li>
    <span>
      <a href={to.app(app.appId)}>{app.app}</a>
      {app.usedAt !== null && (
        <small>
          Signed in <When at={app.usedAt} now={now} prefix="" />
          {withClients(app)}
        </small>
      )}
      <small>
        {app.allowed ? 'Has access' : 'No access'}. {whyInWords(member, app, own, now)}.
      </small>
    </span>
    {app.usedAt !== null && <SignOut {...{ to, member, app }} />}
  </li>
)

const SignOut = ({ to, member, app }: Pick<Props, 'to' | 'member'> & { app: MemberApp }) => {
  const action = to.signOutOfApp(member.id, app.appId)
  return (
    <form method="post" action={action} hx-post={action} hx-disable="find button">
      <button class="button small">
        Sign out<span class="visually-hidden"> of {app.app}</span>
      </button>
    </form>
  )
}

const withClients = ({ clients }: MemberApp) => {
  const hosts: string[] = clients ? JSON.parse(clients).map(hostOf) : []
  return hosts.length > 0 ? `, with ${hosts.join(', ')}` : ''
}

/** The setting that decides. */
function whyInWords(member: Member, app: MemberApp, own: OwnSettings, now: number): string {
  if (member.role === 'admin') return 'Tenant Admins have access to every app'
  if (!app.section && !app.agent) return 'It is for everyone in this workspace'
  const sight = member.sights.find(({ slug }) => slug === (app.section ?? 'agents'))
  if (!sight) return 'It is for Tenant Admins'
  const section = `Section ${sight.name}: ${
    sight.access === 'default'
      ? `workspace default (${sight.byDefault})`
      : `${sight.access}. ${originInWords(own.sections[sight.slug], own.preset?.name, now)}`
  }`
  if (!app.agent || app.lacksSection) return section
  const agents = own.agents ? `. ${originInWords(own.agents, own.preset?.name, now)}` : ''
  if (app.lacksAgent) return `Agent ${app.agent} is not in their list${agents}`
  return member.agentMode === 'all' ? `All agents${agents}` : `Agent ${app.agent} is in their list${agents}`
}
