import type { Context } from 'hono'

/** A request of htmx. Its `HX-Request-Type` does not tell: it is "full" for a part of a page that `hx-select` cuts out, too. */
export const isHtmx = (c: Context) => c.req.header('HX-Request') === 'true'

/** htmx puts the answer beside or into the page that asked, which stays. A boosted link or a step back in history fills the page instead. */
export const keepsPage = (c: Context) => isHtmx(c) && !(c.req.method === 'GET' && fillsPage(c))

function fillsPage(c: Context) {
  const target = c.req.header('HX-Target') ?? 'body'
  return c.req.header('HX-Request-Type') === 'full' && /^body(#|$)/.test(target)
}

/**
 * Where an answer belongs that the page did not ask for: htmx swaps every status, so that it would overwrite the target. `HX-Reselect`, because
 * the selection of the request would find nothing in it.
 */
export const IN_NOTICE = { 'HX-Retarget': '#notice', 'HX-Reswap': 'innerHTML', 'HX-Reselect': '.toast', Vary: 'HX-Request' }
