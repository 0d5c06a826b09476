import type { Section } from '../../src/models/access/section'
import type { AppName } from '../../src/models/apps/list'
import type { Viewer } from '../../src/models/members/viewer'
import type { WorkspacePaths } from '../../src/paths'
import { AppsOf } from '../apps/apps-of'
import { Empty } from '../components/empty'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { either } from '../words'

type Props = { to: WorkspacePaths; viewer: Viewer; section: Section; connected: boolean; admins: string[]; apps: AppName[] }

/** A section is the tenant's own tool: this page leads there, or says what is missing. */
export const SectionPage = ({ to, viewer, section, connected, admins, apps }: Props) => (
  <section id="section" class="stack loose">
    <PageHead title={section.name} lead={section.description} />
    {connected ? <Connected {...{ to, viewer, section }} /> : <NotConnected {...{ to, viewer, section, admins }} />}
    {viewer.role === 'admin' && <AppsOf {...{ to, apps }} subject={{ name: section.name, for: `section:${section.slug}` }} />}
  </section>
)

const Connected = ({ to, viewer, section }: Pick<Props, 'to' | 'viewer' | 'section'>) => (
  <Empty icon={section.icon} title={`${section.name} is ready`}>
    <p>It opens in the tool that {viewer.tenantName} uses.</p>
    <a class="button primary" href={to.openSection(section.slug)}>
      Open {section.name}
      <Icon name="external-link" />
    </a>
    {viewer.role === 'admin' && (
      <p>
        <a href={settingsOf(to, section)}>Change the link</a>
      </p>
    )}
  </Empty>
)

const NotConnected = ({ to, viewer, section, admins }: Omit<Props, 'connected' | 'apps'>) => (
  <Empty icon={section.icon} title="Not connected yet">
    {viewer.role === 'admin' ? (
      <>
        <p>Add the tool's URL in Settings so people with access can open it from here.</p>
        <a class="button primary" href={settingsOf(to, section)}>
          Connect {section.name}
        </a>
      </>
    ) : (
      <p>
        {section.name} is not connected to a tool yet. Ask {either(admins)}.
      </p>
    )}
  </Empty>
)

const settingsOf = (to: WorkspacePaths, { slug }: Section) => `${to.settings}#url_${slug}`
