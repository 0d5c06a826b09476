import { APP_ADDRESSES, APP_HOSTS, APP_KEYS, APPS } from '../../src/limits'
import { SECTIONS } from '../../src/models/access/section'
import type { Latest } from '../../src/models/activity/latest'
import type { AddressProblem, AddressReason } from '../../src/models/apps/addresses'
import type { ChangeReason } from '../../src/models/apps/change'
import type { ConnectReason } from '../../src/models/apps/connect'
import type { For } from '../../src/models/apps/list'
import type { KeysReason } from '../../src/models/apps/public-keys'
import { timeOf } from '../components/when'
import { numberOf } from '../words'

/** What an app stands for: *Traces*, *Support Triage*, *The whole workspace*. */
export const subjectName = ({ section, agentId, agentName }: For) => {
  if (agentId) return agentName ?? 'An agent'
  return SECTIONS.find(({ slug }) => slug === section)?.name ?? 'The whole workspace'
}

/** Who can sign in, as a sentence. */
export function whoMay(subject: For) {
  if (subject.agentId) return `Only people with access to ${subjectName(subject)} can sign in.`
  if (subject.section) return `Only people who can see ${subjectName(subject)} can sign in.`
  return 'Everyone who is active in this workspace can sign in.'
}

const REASONS: Record<AddressReason, string> = {
  missing: 'Enter where the tool wants people to be sent back to, or, further down, the host of a tool behind a proxy.',
  not_url: 'is not an address. It begins with https://.',
  not_https: 'has to begin with https://.',
  fragment: 'has a part after #, which browsers do not send.',
  wildcard: 'has a *. Enter each address in full, one a line.',
  credentials: 'has a user name or password. Leave them out.',
  own: 'is an address of Latchkey itself.',
  no_name: 'has to be a public host name. Latchkey does not call IP addresses or local names.',
  port: 'has a port. Latchkey calls port 443 only.',
  too_long: `is longer than ${APP_ADDRESSES.characters} characters.`,
  too_many: `Enter at most ${APP_ADDRESSES.most} addresses.`,
  not_host: 'is not a host. Enter only its name, such as mlflow.acme.example.',
}

/** *“http://x.test” has to begin with https://.* */
export function addressInWords({ reason, typed }: AddressProblem) {
  const words = REASONS[reason]
  if (/^[A-Z]/.test(words)) return words
  if (typed === undefined) return `It ${words}`
  return `“${typed}” ${words}${reason === 'not_https' ? ' Only localhost, 127.0.0.1 and [::1] may do without.' : ''}`
}

export const hostInWords = (problem: AddressProblem) =>
  problem.reason === 'too_many' ? `Enter at most ${APP_HOSTS} hosts.` : addressInWords(problem)

export const KEY_PROBLEMS: Record<KeysReason, string> = {
  missing: 'Paste the public keys of the tool.',
  not_json: 'This is not JSON. Paste a JSON Web Key Set: {"keys": [...]}.',
  no_keys: 'There is no public key in it that can be used: RSA, EC or OKP.',
  private: 'This is a private key. Keep it where it is, paste only its public part, and replace it if others could read it here.',
  symmetric: 'A shared key (“oct”) cannot prove who a tool is. Paste the public key of a pair.',
  too_many: `Paste at most ${APP_KEYS.most} keys and ${numberOf(APP_KEYS.characters)} characters.`,
}

type Refused = Exclude<ConnectReason | ChangeReason, 'connected' | 'stale'>
export type AppRefusal = { field: 'hosts' | 'resource' | 'top'; text: string }

/** What the database refuses, and beside which field it is said. */
export const REFUSALS: Record<Refused, AppRefusal> = {
  host_taken: { field: 'hosts', text: 'One of these hosts belongs to another app already.' },
  resource_taken: { field: 'resource', text: 'This address belongs to another app already.' },
  unknown_agent: { field: 'top', text: 'This agent was deleted. The app was not connected.' },
  too_many: { field: 'top', text: `A workspace can have at most ${APPS} apps. Disconnect one that nobody uses any more.` },
}

/** *Ada Admin disconnected Grafana at 14:02 UTC.* */
export const disconnectedInWords = (gone: Latest, now: number) =>
  `${gone.by ?? 'Someone'} disconnected ${gone.app ?? 'this app'} ${timeOf(gone.at, now)}.`

/** Also when the entry that tells is not there yet or any more. */
export const changedAppInWords = ({ name }: { name: string }, last: Latest | undefined, now: number) =>
  `${last?.by ?? 'Someone'} changed ${name}${last ? ` ${timeOf(last.at, now)}` : ''}, after you opened this page. Your changes are not saved yet.`

/** Somebody was faster with the secret. */
export const rotatedInWords = (madeAt: number | null, now: number) =>
  `The secret was made ${madeAt ? timeOf(madeAt, now) : 'by somebody else'}, after you opened this page. It was not rotated again.`
