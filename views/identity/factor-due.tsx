import { withQuery } from '../../src/paths'
import { Callout } from '../components/callout'
import { dayOf } from '../components/when'

type Props = { name: string | undefined; at: number; now: number; next: string }

/** On every page of a workspace that will ask somebody for a second factor which they do not have yet. */
export const FactorDue = ({ name, at, now, next }: Props) => (
  <Callout id="factor-due" tone="warn" icon="clock">
    {`From ${dayOf(at, now)}, you need a second factor to open ${name}. `}
    <a href={withQuery('/account/second-factor', { next })}>Set one up</a>
  </Callout>
)
