import { COUNTED } from '../../src/limits'
import type { WorkspacePaths } from '../../src/paths'
import { Callout } from '../components/callout'
import { numberOf } from '../words'

/** Above the users while somebody asks for access to an app. */
export const AskingCallout = ({ to, count }: { to: WorkspacePaths; count: number }) => (
  <Callout tone="info" icon="clock">
    <a href={to.accessRequests}>{askingInWords(count)}</a>
  </Callout>
)

const askingInWords = (count: number) =>
  count === 1
    ? '1 request for access to an app'
    : `${count > COUNTED ? `${numberOf(COUNTED)}+` : numberOf(count)} requests for access to apps`
