import type { Section } from '../../src/models/access/section'
import type { Viewer } from '../../src/models/members/viewer'
import { Empty } from '../components/empty'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { either } from '../identity/home'

type Props = { viewer: Viewer; section: Section; connected: boolean; admins: string[] }

/** A section is the tenant's own tool: this page leads there, or says what is missing. */
export const SectionPage = ({ viewer, section, connected, admins }: Props) => (
  <section id="section">
    <PageHead title={section.name} lead={section.description} />
    {connected ? <Connected viewer={viewer} section={section} /> : <NotConnected {...{ viewer, section, admins }} />}
  </section>
)

const Connected = ({ viewer, section }: Pick<Props, 'viewer' | 'section'>) => (
  <Empty icon={section.icon} title={`${section.name} is ready`}>
    <p>It opens in the tool that {viewer.tenantName} uses for it.</p>
    <a class="button primary" href={`/sections/${section.slug}/open`}>
      Open {section.name}
      <Icon name="external-link" />
    </a>
    {viewer.role === 'admin' && (
      <p>
        <a href={settingsOf(section)}>Change where it leads</a>
      </p>
    )}
  </Empty>
)

const NotConnected = ({ viewer, section, admins }: Omit<Props, 'connected'>) => (
  <Empty icon={section.icon} title="Not connected yet">
    {viewer.role === 'admin' ? (
      <>
        <p>
          {section.name} leads to the tool that {viewer.tenantName} uses for it. Write the tool's address into Settings, and
          everybody who has this section can open it from here.
        </p>
        <a class="button primary" href={settingsOf(section)}>
          Connect {section.name}
        </a>
      </>
    ) : (
      <p>
        {section.name} has no tool behind it yet. Ask {either(admins)}.
      </p>
    )}
  </Empty>
)

const settingsOf = ({ slug }: Section) => `/access/settings#url_${slug}`
