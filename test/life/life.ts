import type { AgentMode, Role } from '../../src/models/access/access'

/** What SPEC says should be true of one workspace, kept beside the database and without a look at it. */
export type Life = {
  now: number
  people: Person[]
  links: Link[]
  mails: Mail[]
  users: User[]
  suppressed: Set<string>
  entries: { kind: string; person: Person }[]
  /** Everybody who was ever here: admins act on pages that are no longer true. */
  seen: Person[]
  tries: Map<string, { hits: number; blockedUntil: number; resetsAt: number }>
}

export type Status = 'pending' | 'active' | 'disabled'

/** `id`, like that of a mail and the `jti` of a link, is learned from the database when it is new. */
export type Person = {
  id: string
  key: string
  role: Role
  status: Status
  user: string | null
  mode: AgentMode
  agents: string[]
  sections: Record<string, 'on' | 'off'>
}
export type Link = {
  jti: string
  person: Person
  state: 'open' | 'accepted' | 'superseded' | 'cancelled' | 'declined'
  resend: boolean
  createdAt: number
  expiresAt: number
  remindAt: number | null
}
export type Mail = {
  id: string
  kind: 'invitation' | 'fresh_invitation' | 'reminder' | 'password_reset'
  key: string
  at: number
  person: Person | null
  link: Link | null
  state: 'queued' | 'sent' | 'dropped' | 'deferred' | 'delivered' | 'bounced' | 'failed' | 'complained'
  attempts: number
  leasedUntil: number
  heard: Set<string>
}
/** `elsewhere`: active in the other workspace. */
export type User = { id: string; key: string; hash: string; elsewhere: boolean }

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** Of the other workspace. */
export const FOREIGN_AGENT = 'agent-route-planner'

export const personAt = ({ people }: Life, key: string) => people.find((person) => person.key === key)
export const userAt = ({ users }: Life, key: string) => users.find((user) => user.key === key)
export const isHere = ({ people }: Life, person: Person) => people.includes(person)
export const activeAdmins = ({ people }: Life) => people.filter(({ role, status }) => role === 'admin' && status === 'active')
export const openLink = ({ links }: Life, person: Person) => links.find((link) => link.person === person && link.state === 'open')
export const newer = (life: Life, at: number) => at > life.now - DAY
export const note = (life: Life, kind: string, person: Person) => life.entries.push({ kind, person })

export const isUsable = (life: Life, link: Link) => link.state === 'open' && link.expiresAt > life.now
