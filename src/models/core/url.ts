import type { WebOrigin } from '../../paths'

export const URL_CHARACTERS = 2000

export type UrlRefusal = 'not_https' | 'credentials' | 'too_long'

/**
 * Where an admin may lead people: an https address, or a page of our own origin, which is kept as a path so that it survives a move.
 * Everything else is refused, `javascript:`, `data:` and `http:` above all: JSX escapes an `href` but lets its scheme through.
 */
export function safeHref(typed: string, origin: WebOrigin): { href: string } | { reason: UrlRefusal } {
  const text = typed.trim()
  if (text.length > URL_CHARACTERS) return { reason: 'too_long' }
  const url = text.startsWith('/') ? URL.parse(text, origin) : URL.parse(text)
  if (!url) return { reason: 'not_https' }
  if (url.username || url.password) return { reason: 'credentials' }
  // Not `url.origin`: that of a blob: address is the origin of the page that made it.
  const own = `${url.protocol}//${url.host}` === origin
  if (!own && (url.protocol !== 'https:' || text.startsWith('/'))) return { reason: 'not_https' }
  // Writing it canonically percent-encodes, which can make it three times as long. A path may not begin like a host.
  const href = own ? (url.pathname + url.search + url.hash).replace(/^\/+/, '/') : url.href
  return href.length > URL_CHARACTERS ? { reason: 'too_long' } : { href }
}
