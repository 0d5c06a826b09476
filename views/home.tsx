import type { Viewer } from '../src/models/viewer'
import { Empty } from './components/empty'

/** For somebody who belongs to the workspace and may see nothing of it yet. */
export const NothingPage = ({ viewer, admins }: { viewer: Viewer; admins: string[] }) => (
  <section id="home">
    <Empty icon="inbox" title={`Welcome to ${viewer.tenantName}`}>
      <p>Nobody has given you a section of this workspace yet. Ask {either(admins)}.</p>
    </Empty>
  </section>
)

export const either = (names: string[]) => new Intl.ListFormat('en', { type: 'disjunction' }).format(names)
