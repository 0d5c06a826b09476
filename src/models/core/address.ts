import { createHash } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { invisible } from './invisible.ts'
import { likelyDomain } from './likely-domain.ts'
import { nameOf } from './name.ts'
import { unwrapped } from './pasted.ts'

/** `email` is kept as typed, for display and for sending; `key` is the one canonical form that addresses are compared by. */
export type Address = { email: string; key: string }

export type AddressReason = 'missing' | 'several' | 'space_inside' | 'too_long' | 'not_an_address'

/** What was pasted, understood: with the name that came along, and what was probably meant instead. Or why it is no address. */
type Reading =
  | { address: Address; name: string | undefined; suggestion: string | undefined }
  | { reason: AddressReason; suggestion: string | undefined }

/** RFC 5321 4.5.3.1: 64 octets of local part, 254 of the whole. */
const MAX_LOCAL = 64
const MAX_LENGTH = 254
/** Room for a long name and a link around it. What is longer is not looked into. */
const PASTED_CHARACTERS = 1000
/** A broken character arrives as U+FFFD, which nobody's address has. */
const LOCAL = /^[^\s@"(),:;<>[\\\]\p{C}\ufffd]+$/u
/** `domainToASCII` reads a URL's host: it would drop a line break, decode `%2e` and end at a slash without a word. */
const HOST = /^[\p{L}\p{M}\p{N}.\u3002\uff61-]+$/u
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/

/** Reads what people paste: `Name <a@b>`, `mailto:a@b`, a Markdown link, with punctuation around it. */
export function readAddress(typed: string): Reading {
  if (typed.length > PASTED_CHARACTERS) return { reason: 'too_long', suggestion: undefined }
  const text = cleaned(typed)
  const { inner, name } = unwrapped(text)
  const address = addressIn(inner)
  const suggestion = suggestionFor(inner)
  if (!address) return { reason: reasonOf(text, inner), suggestion }
  return { address, name: name.includes('@') ? undefined : nameOf(name), suggestion }
}

/** The address in what was pasted; undefined for what is not one address that mail can go to. */
export function addressOf(typed: string): Address | undefined {
  return typed.length > PASTED_CHARACTERS ? undefined : addressIn(unwrapped(cleaned(typed)).inner)
}

/** Where mail to a stored address goes: as typed, but for the domain, which not every mail server takes in letters of its own. */
export function mailableForm(email: string) {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, at)}@${domainToASCII(email.slice(at + 1))}`
}

/**
 * What to look an address up by when it may be none: nobody has such a key, and the work is the same. What was typed instead may be a password,
 * so that no more of it is kept than tells two of them apart mostly.
 */
export const keyOf = (typed: string) => addressOf(typed)?.key ?? `none ${traceOf(cleaned(typed).toLowerCase())}`

/** Five hexadecimal digits of its SHA-256: too few to tell what it was. */
const traceOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 5)

/** Nothing that cannot be seen, full-width signs as their plain ones, NFC, trimmed. */
const cleaned = (typed: string) =>
  typed
    .replaceAll(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll(invisible, '')
    .normalize('NFC')
    .trim()

function addressIn(email: string): Address | undefined {
  const at = email.lastIndexOf('@')
  // Lower case can undo NFC: J with a caron has no character of its own, j with one has.
  const local = email.slice(0, at).toLowerCase().normalize('NFC')
  const host = email.slice(at + 1)
  const domain = HOST.test(host) ? domainToASCII(host.toLowerCase()) : ''
  if (at < 1 || !LOCAL.test(local) || !DOMAIN.test(domain) || isTooLong(email, local)) return undefined
  return { email, key: `${local}@${domain}` }
}

const isTooLong = (email: string, local: string) => octets(local) > MAX_LOCAL || octets(email) > MAX_LENGTH

const octets = (text: string) => new TextEncoder().encode(text).length

function reasonOf(text: string, inner: string): AddressReason {
  if (!text) return 'missing'
  if (new Set(text.split(/[\s,;<>()[\]"]+/).flatMap((part) => addressOf(part)?.key ?? [])).size > 1) return 'several'
  if (!inner.includes('@')) return 'not_an_address'
  if (/\s/.test(inner)) return 'space_inside'
  return isTooLong(inner, inner.slice(0, inner.lastIndexOf('@'))) ? 'too_long' : 'not_an_address'
}

/** What keyboards and word processors put in the place of a plain character. */
const LOOK_ALIKES: [RegExp, string][] = [
  [/[\u2018\u2019\u201b\u02bc\u2032\u00b4`]/g, "'"],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/\ufe6b/g, '@'],
  [/\s*([@.])\s*/g, '$1'],
]

/** The address that was probably meant, where it is another than what was typed. */
function suggestionFor(email: string): string | undefined {
  const plain = LOOK_ALIKES.reduce((text, [sign, right]) => text.replaceAll(sign, right), email)
  const at = plain.lastIndexOf('@')
  const meant = `${plain.slice(0, at)}@${likelyDomain(plain.slice(at + 1).toLowerCase()) ?? plain.slice(at + 1)}`
  return meant !== email && addressIn(meant) ? meant : undefined
}
