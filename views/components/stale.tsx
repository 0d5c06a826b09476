import { Callout } from './callout'

/** What changed since the page was shown that a form came from: nothing was done, and the page around it is as it is now. */
export type Stale = { text: string }

export const StaleCallout = ({ stale }: { stale: Stale | undefined }) =>
  stale ? (
    <Callout id="stale" tone="bad" icon="rotate-cw">
      <p>{stale.text}</p>
    </Callout>
  ) : null
