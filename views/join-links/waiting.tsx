import { COUNTED } from '../../src/limits'
import type { WorkspacePaths } from '../../src/paths'
import { Callout } from '../components/callout'
import { numberOf } from '../words'

/** Above the users while somebody waits. */
export const WaitingCallout = ({ to, count }: { to: WorkspacePaths; count: number }) => (
  <Callout tone="info" icon="clock">
    <a href={to.requests}>
      {count === 1 ? '1 person is' : `${count > COUNTED ? `${numberOf(COUNTED)}+` : numberOf(count)} people are`} waiting for
      approval
    </a>
  </Callout>
)
