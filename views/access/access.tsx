import type { PropsWithChildren } from 'hono/jsx'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { Tabs } from '../components/tabs'

const TABS = [
  { href: '/access/users', text: 'Users' },
  { href: '/access/permissions', text: 'Permission Matrix' },
  { href: '/access/agents', text: 'Agent Access' },
  { href: '/access/activity', text: 'Activity' },
  { href: '/access/settings', text: 'Settings' },
]

/** What stands around every page of Access Management. */
export const AccessPage = ({ id, tab, children }: PropsWithChildren<{ id: string; tab: string }>) => (
  <section id={id}>
    <PageHead title="Access Management">
      <a class="button primary" href="/access/invitations/new">
        <Icon name="user-plus" />
        Invite User
      </a>
    </PageHead>
    <Tabs label="Access Management" items={TABS} current={tab} />
    {children}
  </section>
)
