import { APP_ADDRESSES, APP_HOSTS } from '../../limits'
import type { WebOrigin } from '../../paths'
import { isLoopback, isOutside } from '../core/outside'
import { hostIn } from './hosts'
import { canonicalResource } from './resource'

/** Why an address of a tool cannot stay as it was typed. */
export type AddressReason =
  | 'missing'
  | 'not_url'
  | 'not_https'
  | 'fragment'
  | 'wildcard'
  | 'credentials'
  | 'own'
  | 'no_name'
  | 'port'
  | 'too_long'
  | 'too_many'
  | 'not_host'

/** `typed`: the one of several that it is about. */
export type AddressProblem = { reason: AddressReason; typed?: string }

/** What there is to keep, where nothing is wrong with it. */
type Checked<T> = { value: T; problem?: AddressProblem }

/** What was typed, one a line, each once. */
export const entriesOf = (typed: string) => [...new Set(typed.split(/\r\n|\r|\n/).map((line) => line.trim()))].filter(Boolean)

/**
 * Where somebody is sent back to, kept as it was typed, since a tool has to ask for exactly that: https, or http on the machine of whoever
 * signs in (RFC 8252 7.3). Refuses what a browser would read as something else: wildcards, fragments, names and passwords, and pages of ours.
 */
export function checkRedirects(typed: string, origin: WebOrigin): Checked<string[]> {
  const entries = entriesOf(typed)
  if (entries.length > APP_ADDRESSES.most) return { value: [], problem: { reason: 'too_many' } }
  return checkEach(entries, (entry) => redirectProblem(entry, origin))
}

/** The hosts that a proxy stands before, as browsers write them, with a port where it is not 443. */
export function checkHosts(typed: string, origin: WebOrigin): Checked<string[]> {
  const entries = entriesOf(typed)
  if (entries.length > APP_HOSTS) return { value: [], problem: { reason: 'too_many' } }
  const { value, problem } = checkEach(entries, (entry) => hostProblem(entry, origin))
  return { value: [...new Set(value.map((entry) => hostIn(entry) ?? entry))], ...(problem && { problem }) }
}

function hostProblem(entry: string, origin: WebOrigin): AddressReason | undefined {
  const host = hostIn(entry)
  if (!host || host.includes('*')) return 'not_host'
  return host === new URL(origin).host ? 'own' : undefined
}

/** The one address that we tell of a sign-out: nothing that leads into a network of its own. */
export const checkLogoutUri = (typed: string, origin: WebOrigin) =>
  checkOne(typed, (text) => addressProblem(text) ?? publicProblem(new URL(text), origin))

/** What an access token is for (RFC 8707): an https address without a fragment, in the one spelling that it is compared in. */
export function checkResource(typed: string, origin: WebOrigin): Checked<string | null> {
  const checked = checkOne(typed, (text) => addressProblem(text) ?? httpsProblem(new URL(text), origin))
  return { ...checked, value: checked.problem ? checked.value : (canonicalResource(typed.trim()) ?? null) }
}

type Judge = (entry: string) => AddressReason | undefined

function checkOne(typed: string, problemOf: Judge): Checked<string | null> {
  const text = typed.trim()
  const reason = text ? problemOf(text) : undefined
  return { value: text || null, ...(reason && { problem: { reason } }) }
}

/** Says what is wrong with the first that has something wrong. */
function checkEach(entries: string[], problemOf: Judge): Checked<string[]> {
  const typed = entries.find((entry) => problemOf(entry))
  const reason = typed === undefined ? undefined : problemOf(typed)
  return { value: entries, ...(typed && reason && { problem: { reason, typed } }) }
}

function redirectProblem(entry: string, origin: WebOrigin): AddressReason | undefined {
  const problem = addressProblem(entry)
  if (problem) return problem
  const url = new URL(entry)
  if (isLoopback(url)) return isOwn(url, origin) ? 'own' : undefined
  return httpsProblem(url, origin)
}

const isOwn = ({ host }: URL, origin: WebOrigin) => host === new URL(origin).host

function addressProblem(entry: string): AddressReason | undefined {
  if (entry.length > APP_ADDRESSES.characters) return 'too_long'
  if (entry.includes('*')) return 'wildcard'
  if (entry.includes('#')) return 'fragment'
  const url = /[\s\\]/.test(entry) ? undefined : URL.parse(entry)
  if (!url?.host) return 'not_url'
  return url.username || url.password ? 'credentials' : undefined
}

function httpsProblem(url: URL, origin: WebOrigin): AddressReason | undefined {
  if (url.protocol !== 'https:') return 'not_https'
  return isOwn(url, origin) ? 'own' : undefined
}

function publicProblem(url: URL, origin: WebOrigin): AddressReason | undefined {
  if (url.port) return 'port'
  return httpsProblem(url, origin) ?? (isOutside(url.href, { origins: [origin], development: false }) ? undefined : 'no_name')
}
