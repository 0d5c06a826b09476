import type { Child } from 'hono/jsx'

const FEW = 5

/** The first rows of a list of a panel; the others open below them. */
export const Some = ({ rows }: { rows: Child[] }) => (
  <>
    <ul class="mailbox">{rows.slice(0, FEW)}</ul>
    {rows.length > FEW && (
      <details class="rest">
        <summary>{rows.length - FEW} more</summary>
        <ul class="mailbox">{rows.slice(FEW)}</ul>
      </details>
    )}
  </>
)
