import { Empty } from '../components/empty'
import { Icon } from '../components/icon'

export const AgentStandInPage = ({ name }: { name: string }) => (
  <Empty icon="bot" title={`${name} opens here`}>
    <p>On this development server, this page stands in for it. A real agent opens at the URL that an admin sets on its page.</p>
    <a class="button" href="/">
      <Icon name="arrow-left" />
      Back to Latchkey
    </a>
  </Empty>
)
