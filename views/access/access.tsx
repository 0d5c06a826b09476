import type { Child, PropsWithChildren } from 'hono/jsx'
import type { WorkspacePaths } from '../../src/paths'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { type Stale, StaleCallout } from '../components/stale'
import { Tabs } from '../components/tabs'

const TABS = {
  users: 'Users',
  permissions: 'Permission Matrix',
  agentAccess: 'Agent Access',
  presets: 'Presets',
  apps: 'Apps',
  activity: 'Activity',
  settings: 'Settings',
} as const
type Tab = keyof typeof TABS

const isTab = (name: string): name is Tab => name in TABS
const NAMES = Object.keys(TABS).filter(isTab)

type Props = PropsWithChildren<{ to: WorkspacePaths; id: string; tab: Tab; stale?: Stale | undefined; actions?: Child }>

/** What stands around every page of Access Management; `stale` is said at its top, and `actions` stand beside *Invite User*. */
export const AccessPage = ({ to, id, tab, stale, actions, children }: Props) => (
  <section id={id}>
    <PageHead title="Access Management">
      {actions}
      <a class="button primary" href={to.invite}>
        <Icon name="user-plus" />
        Invite User
      </a>
    </PageHead>
    <Tabs label="Access Management" items={NAMES.map((name) => ({ href: to[name], text: TABS[name] }))} current={to[tab]} />
    <StaleCallout stale={stale} />
    {children}
  </section>
)
