import type { AgentMode, Role } from '../../src/models/access/access'

/** What the rules say should be true of one workspace, kept beside the database and without a look at it. */
export type Life = {
  now: number
  people: Person[]
  links: Link[]
  mails: Mail[]
  resets: Reset[]
  users: User[]
  sessions: Session[]
  undos: Undo[]
  /** Addresses that a wish closes to this workspace, and those that a complaint closes to all. */
  unwanted: { here: Set<string>; anywhere: Set<string> }
  /** When whoever has an address last went from here. */
  left: Map<string, number>
  entries: { kind: string; person: Person }[]
  /** Everybody who was ever here: admins act on pages that are no longer true. */
  seen: Person[]
  tries: Map<string, { hits: number; blockedUntil: number; resetsAt: number }>
}

/** As stored; by the clock an active person may be `ended`, see `statusAt`. */
export type Status = 'pending' | 'active' | 'disabled' | 'ended'

/**
 * `id`, like that of a mail and the `jti` of a link, is learned from the database when it is new. A session that began at `shutAt` or before does
 * not enter.
 */
export type Person = {
  id: string
  key: string
  role: Role
  status: Status
  user: string | null
  shutAt: number
  endsAt: number | null
  mode: AgentMode
  agents: string[]
  sections: Record<string, 'on' | 'off'>
}
export type Link = {
  jti: string
  person: Person
  state: 'open' | 'accepted' | 'superseded' | 'cancelled' | 'declined'
  kind: 'invite' | 'resend' | 'renewal'
  /** Of the same invitation, for somebody to hand over. */
  copied: string | null
  createdAt: number
  expiresAt: number
  remindAt: number | null
}
export type Reset = { jti: string; key: string; at: number; until: number; state: 'open' | 'superseded' | 'used' }
export type Mail = {
  id: string
  kind: 'invitation' | 'fresh_invitation' | 'reminder' | 'password_reset' | 'password_changed'
  key: string
  at: number
  person: Person | null
  link: Link | null
  reset: Reset | null
  state: 'queued' | 'sent' | 'dropped' | 'deferred' | 'delivered' | 'bounced' | 'failed' | 'complained'
  attempts: number
  leasedUntil: number
  heard: Set<string>
}
/** `proven`: they have used a link that was only ever emailed to their address. */
export type User = { id: string; key: string; hash: string; proven: boolean }
/** Of whoever has an address, in whatever workspace; `visit` is what an admin sees of it here. */
export type Session = {
  id: string
  secretHash: string
  key: string
  at: number
  seenAt: number
  visit: { person: Person; enteredAt: number; lastAt: number } | null
}
/** What its admin may take back of somebody, and what it was. */
export type Undo = { id: string; by: Person; at: number; pressed: boolean; person: Person } & (
  | { kind: 'role'; was: Role; became: Role }
  | { kind: 'status'; was: Status; became: Status }
  | { kind: 'end_date'; was: number | null; became: number | null }
  | { kind: 'sections'; section: string; was: Cell; became: Cell }
  | { kind: 'agents'; was: AgentAccess; became: AgentAccess }
)
export type Cell = 'on' | 'off' | 'default'
export type AgentAccess = Pick<Person, 'mode' | 'agents'>

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const AGENTS = [
  'agent-contract-reader',
  'agent-invoice-matcher',
  'agent-onboarding-guide',
  'agent-release-notes',
  'agent-support-triage',
]
/** Who belongs to the other workspace. */
export const CAT = 'cat@globex.test'
export const BOB = 'bob@acme.test'
/** Of the other workspace. */
export const FOREIGN_AGENT = 'agent-route-planner'

export const personAt = ({ people }: Life, key: string) => people.find((person) => person.key === key)
export const userAt = ({ users }: Life, key: string) => users.find((user) => user.key === key)
export const isHere = ({ people }: Life, person: Person) => people.includes(person)
/** What somebody is by the clock. */
export const statusAt = ({ now }: Pick<Life, 'now'>, { status, endsAt }: Pick<Person, 'status' | 'endsAt'>): Status =>
  status === 'active' && endsAt !== null && endsAt <= now ? 'ended' : status
export const activeAdmins = ({ people }: Life) => people.filter(({ role, status }) => role === 'admin' && status === 'active')
export const openLink = ({ links }: Life, person: Person) => links.find((link) => link.person === person && link.state === 'open')
export const newer = (life: Life, at: number) => at > life.now - DAY
export const note = (life: Life, kind: string, person: Person) => life.entries.push({ kind, person })

export const cannotBeMailed = ({ unwanted }: Life, key: string) => unwanted.here.has(key) || unwanted.anywhere.has(key)
export const isUsable = (life: Life, link: Link) => link.state === 'open' && link.expiresAt > life.now
