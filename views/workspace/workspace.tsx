import type { Viewer } from '../../src/models/members/viewer'
import { Message } from '../components/message'
import { either } from '../words'

/** For somebody who belongs to the workspace and may see nothing of it yet. */
export const NothingPage = ({ viewer, admins }: { viewer: Viewer; admins: string[] }) => (
  <section id="home">
    <Message icon="inbox" title={`Welcome to ${viewer.tenantName}`}>
      <p>You do not have access to any sections yet. Ask {either(admins)}.</p>
    </Message>
  </section>
)
