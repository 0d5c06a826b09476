/** What our own requests must not reach. */
export type Inside = { origins: readonly string[]; development: boolean }

/** A name below a domain: no IP address in any of its forms, which a URL writes as one, and no single label. */
const PUBLIC_NAME = /^([a-z\d_-]+\.)+[a-z][a-z\d-]+$/
/** Of a network of its own (RFC 6762, RFC 8375, and `.internal` of ICANN). */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|home\.arpa)$/
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** By http on the machine of whoever follows it (RFC 8252 7.3). */
export const isLoopback = ({ protocol, hostname }: URL) => protocol === 'http:' && LOOPBACK.has(hostname)

/**
 * Whether we send a request to an address that an admin or a client gave: https on port 443 of a public name that is not our own, with no credentials and no
 * fragment; on a developer's machine also http on it.
 */
export function isOutside(text: string, { origins, development }: Inside): boolean {
  const url = URL.parse(text)
  if (!url || url.username || url.password || url.hash) return false
  if (development && isLoopback(url)) return true
  const name = url.hostname.replace(/\.$/, '')
  if (url.protocol !== 'https:' || url.port || !PUBLIC_NAME.test(name) || PRIVATE_NAME.test(name)) return false
  return !origins.some((own) => new URL(own).hostname === name)
}
