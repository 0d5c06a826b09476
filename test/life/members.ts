import type { AgentMode, Role } from '../../src/models/access/access'
import {
  activeAdmins,
  FOREIGN_AGENT,
  HOUR,
  isHere,
  isUsable,
  type Life,
  type Link,
  MINUTE,
  newer,
  note,
  openLink,
  type Person,
  personAt,
  userAt,
} from './life'
import { queue, send } from './mails'

/** What the door says to somebody who acts as an admin; undefined when they may. */
export function turnedAway(life: Life, key: string) {
  const person = personAt(life, key)
  if (person?.status !== 'active') return 'nobody'
  return person.role === 'admin' ? undefined : 'not an admin'
}

export function invite(life: Life, draft: Pick<Person, 'key' | 'role' | 'mode' | 'agents' | 'sections'>) {
  const existing = personAt(life, draft.key)
  if (existing) return `already_${existing.status}`
  if (life.suppressed.has(draft.key)) return 'cannot_be_mailed'
  if (hadEnough(life, draft.key)) return 'too_often'
  const agents = draft.mode === 'list' ? draft.agents.toSorted() : []
  if (agents.includes(FOREIGN_AGENT)) return 'unknown_agent'
  const person: Person = { ...draft, agents, id: '', status: 'pending', user: null }
  life.people.push(person)
  life.seen.push(person)
  send(life, person, 'invitation', false)
  note(life, 'invited', person)
  return 'done'
}

export function resend(life: Life, person: Person, kind: 'invitation' | 'fresh_invitation' = 'invitation') {
  if (!isHere(life, person) || person.status !== 'pending') return 'not_pending'
  if (life.suppressed.has(person.key)) return 'cannot_be_mailed'
  if (resends(life, person) >= 5 || hadEnough(life, person.key)) return 'too_often'
  if (lastMail(life, person) > life.now - MINUTE) return 'too_soon'
  replaceLink(life, person, kind)
  note(life, kind === 'invitation' ? 'resent' : 'renewed', person)
  return 'done'
}

/** Whoever holds a link that went to the address of today. */
export function renew(life: Life, link: Link) {
  const wentThere = life.mails.some((mail) => mail.link === link && mail.key === link.person.key)
  return wentThere ? resend(life, link.person, 'fresh_invitation') : 'not_pending'
}

export function changeAddress(life: Life, person: Person, key: string) {
  if (personAt(life, key)) return 'address_taken'
  if (!isHere(life, person) || person.status !== 'pending') return 'not_pending'
  if (life.suppressed.has(key)) return 'cannot_be_mailed'
  if (resends(life, person) >= 5 || hadEnough(life, key)) return 'too_often'
  person.key = key
  replaceLink(life, person, 'invitation')
  note(life, 'address_changed', person)
  return 'done'
}

const hadEnough = (life: Life, key: string) =>
  life.mails.filter((mail) => mail.key === key && newer(life, mail.at) && /invitation/.test(mail.kind)).length >= 6

const resends = (life: Life, person: Person) =>
  life.links.filter((link) => link.person === person && link.resend && newer(life, link.createdAt)).length

const lastMail = ({ mails }: Life, person: Person) => Math.max(0, ...mails.map((mail) => (mail.person === person ? mail.at : 0)))

function replaceLink(life: Life, person: Person, kind: 'invitation' | 'fresh_invitation') {
  const old = openLink(life, person)
  if (old) old.state = 'superseded'
  send(life, person, kind, true)
}

const goes = (life: Life, person: Person) => life.people.splice(life.people.indexOf(person), 1)

export function cancel(life: Life, person: Person) {
  const link = openLink(life, person)
  if (!link) return 'refused'
  return end(life, link, 'cancelled')
}

function end(life: Life, link: Link, state: 'cancelled' | 'declined') {
  link.state = state
  note(life, state, link.person)
  goes(life, link.person)
  return 'done'
}

/** `as` is the user who joins, or the hash of the first password of somebody new. */
export function accept(life: Life, link: Link, as: { userId: string } | { hash: string }) {
  const { person } = link
  const account = userAt(life, person.key)
  if (!isUsable(life, link) || ('hash' in as ? account : account?.id !== as.userId)) return 'refused'
  if ('hash' in as) life.users.push({ id: '', key: person.key, hash: as.hash, elsewhere: false })
  link.state = 'accepted'
  Object.assign(person, { status: 'active', user: person.key })
  note(life, 'accepted', person)
  return 'done'
}

export function decline(life: Life, link: Link, never: boolean) {
  if (!isUsable(life, link)) return 'refused'
  if (never) life.suppressed.add(link.person.key)
  return end(life, link, 'declined')
}

const isLastAdmin = (life: Life, person: Person) => activeAdmins(life).length === 1 && activeAdmins(life)[0] === person

export function changeRole(life: Life, person: Person, role: Role) {
  if (!isHere(life, person) || person.role === role || (role === 'user' && isLastAdmin(life, person))) return 'refused'
  person.role = role
  note(life, 'role_changed', person)
  return 'done'
}

export function disable(life: Life, person: Person) {
  if (!isHere(life, person) || person.status !== 'active' || isLastAdmin(life, person)) return 'refused'
  person.status = 'disabled'
  note(life, 'disabled', person)
  return 'done'
}

export function enable(life: Life, person: Person) {
  if (!isHere(life, person) || person.status !== 'disabled') return 'refused'
  person.status = 'active'
  note(life, 'enabled', person)
  return 'done'
}

export function remove(life: Life, person: Person, by: string) {
  if (!isHere(life, person) || person.status === 'pending' || isLastAdmin(life, person)) return 'refused'
  note(life, person.key === by ? 'left' : 'deleted', person)
  goes(life, person)
  return 'done'
}

export function setSection(life: Life, person: Person, section: string, access: 'on' | 'off' | 'default') {
  if (!isHere(life, person)) return 'not_found'
  if (person.role === 'admin') return 'is_admin'
  if ((person.sections[section] ?? 'default') !== access) note(life, 'section_changed', person)
  if (access === 'default') delete person.sections[section]
  else person.sections[section] = access
  return 'done'
}

export function setAgents(life: Life, person: Person, mode: AgentMode, wanted: string[]) {
  const agents = wanted.toSorted()
  if (!isHere(life, person) || agents.includes(FOREIGN_AGENT)) return 'not_found'
  if (person.role === 'admin') return 'is_admin'
  if (person.mode !== mode || `${agents}` !== `${person.agents}`) note(life, 'agent_access_changed', person)
  Object.assign(person, { mode, agents })
  return 'done'
}

/** The first round trip of a forgotten password; the second acts only when this one let the address pass. */
export function tryForgot(life: Life, key: string) {
  const was = life.tries.get(key) ?? { hits: 0, blockedUntil: 0, resetsAt: life.now + HOUR }
  if (was.blockedUntil > life.now) return false
  const anew = was.resetsAt <= life.now
  const [hits, resetsAt] = [anew ? 1 : was.hits + 1, anew ? life.now + HOUR : was.resetsAt]
  life.tries.set(key, { hits, resetsAt, blockedUntil: hits >= 3 ? resetsAt : 0 })
  return true
}

export function mailForgot(life: Life, key: string) {
  const person = personAt(life, key)
  const user = userAt(life, key)
  const mayMail = () =>
    life.mails.filter(({ kind, key: to, at }) => to === key && /reset|fresh/.test(kind) && at > life.now - HOUR).length < 3
  if (user && mayMail() && (user.elsewhere || person?.status === 'active' || person?.status === 'pending'))
    queue(life, 'password_reset', key, null, null)
  if (person && mayMail()) resend(life, person, 'fresh_invitation')
}
