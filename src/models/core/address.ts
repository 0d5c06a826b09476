import { domainToASCII } from 'node:url'

/** `email` is kept as typed, for display and for sending; `key` is the one canonical form that addresses are compared by. */
export type Address = { email: string; key: string }

/** RFC 5321 4.5.3.1: 64 octets of local part, 254 of the whole. */
const MAX_LOCAL = 64
const MAX_LENGTH = 254
const LOCAL = /^[^\s@"(),:;<>[\\\]\p{C}]+$/u
/** `domainToASCII` reads a URL's host: it would drop a line break, decode `%2e` and end at a slash without a word. */
const HOST = /^[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61-]+$/u
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/

/** Trimmed, NFC, lower case, domain in ASCII. Undefined for what is not an address that mail can go to. */
export function addressOf(typed: string): Address | undefined {
  const email = typed.trim().normalize('NFC')
  const at = email.lastIndexOf('@')
  // Lower case can undo NFC: J with a caron has no character of its own, j with one has.
  const local = email.slice(0, at).toLowerCase().normalize('NFC')
  const host = email.slice(at + 1)
  const domain = HOST.test(host) ? domainToASCII(host.toLowerCase()) : ''
  if (at < 1 || !LOCAL.test(local) || !DOMAIN.test(domain)) return undefined
  if (octets(local) > MAX_LOCAL || octets(email) > MAX_LENGTH) return undefined
  return { email, key: `${local}@${domain}` }
}

/** Where mail to a stored address goes: as typed, but for the domain, which not every mail server takes in letters of its own. */
export function mailableForm(email: string) {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, at)}@${domainToASCII(email.slice(at + 1))}`
}

/** What to look an address up by when it may be none: nobody has such a key, and the work is the same. */
export const keyOf = (typed: string) => addressOf(typed)?.key ?? typed.trim().toLowerCase().slice(0, MAX_LENGTH)

const octets = (text: string) => new TextEncoder().encode(text).length
