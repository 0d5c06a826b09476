import {
  cannotBeMailed,
  FOREIGN_AGENT,
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
  type Session,
  statusAt,
  type User,
  userAt,
} from './life'
import { queue, send, supersedeResets } from './mails'
import { goes } from './members'

export function invite(life: Life, draft: Pick<Person, 'key' | 'role' | 'mode' | 'agents' | 'sections'>) {
  const existing = personAt(life, draft.key)
  if (existing) return `already_${statusAt(life, existing)}`
  if (draft.agents.includes(FOREIGN_AGENT)) return 'unknown_agent'
  if (cannotBeMailed(life, draft.key)) return 'cannot_be_mailed'
  if (hadEnough(life, draft.key)) return 'too_often'
  const agents = draft.mode === 'list' ? draft.agents.toSorted() : []
  const person: Person = { ...draft, agents, id: '', status: 'pending', user: null, shutAt: 0, endsAt: null }
  life.people.push(person)
  life.seen.push(person)
  send(life, person, 'invitation', 'invite')
  note(life, 'invited', person)
  return 'done'
}

export function resend(life: Life, person: Person) {
  if (!isPending(life, person)) return 'not_pending'
  if (isPast(life, person)) return 'past_end'
  if (cannotBeMailed(life, person.key)) return 'cannot_be_mailed'
  if (resends(life, person) >= 5 || hadEnough(life, person.key)) return 'too_often'
  if (lastMail(life, person) > life.now - MINUTE) return 'too_soon'
  replaceLink(life, person, 'invitation', 'resend')
  note(life, 'resent', person)
  return 'done'
}

/** Whoever holds a link that went to the address of today. */
export function renew(life: Life, link: Link) {
  const wentThere = life.mails.some((mail) => mail.link === link && mail.key === link.person.key)
  return wentThere ? mailAgain(life, link.person) : 'not_pending'
}

/** What works stays as it is and is emailed again; what has expired is replaced. Nothing of it counts as a resend of an admin. */
export function mailAgain(life: Life, person: Person) {
  const link = openLink(life, person)
  if (!isPending(life, person) || !link) return 'not_pending'
  if (isPast(life, person)) return 'past_end'
  if (cannotBeMailed(life, person.key)) return 'cannot_be_mailed'
  if (renewals(life, person.key) >= 5) return 'too_often'
  if (lastMail(life, person) > life.now - MINUTE) return 'too_soon'
  if (isUsable(life, link)) queue(life, { kind: 'fresh_invitation', key: person.key, person, link })
  else replaceLink(life, person, 'fresh_invitation', 'renewal')
  note(life, 'renewed', person)
  return 'done'
}

export function changeAddress(life: Life, person: Person, key: string) {
  if (!isPending(life, person)) return 'not_pending'
  if (person.key === key) return 'same_address'
  if (personAt(life, key)) return 'address_taken'
  if (isPast(life, person)) return 'past_end'
  if (cannotBeMailed(life, key)) return 'cannot_be_mailed'
  if (resends(life, person) >= 5 || hadEnough(life, key)) return 'too_often'
  person.key = key
  replaceLink(life, person, 'invitation', 'resend')
  note(life, 'address_changed', person)
  return 'done'
}

/** There is nothing to join any more. */
const isPast = ({ now }: Life, { endsAt }: Person) => endsAt !== null && endsAt <= now

const isPending = (life: Life, person: Person) => isHere(life, person) && person.status === 'pending'

/** What admins had sent to an address; what people ask for themselves has an allowance of its own. */
const hadEnough = (life: Life, key: string) => mailsToday(life, key, 'invitation') >= 6
const renewals = (life: Life, key: string) => mailsToday(life, key, 'fresh_invitation')

const mailsToday = (life: Life, to: string, which: string) =>
  life.mails.filter(({ key, kind, at }) => key === to && kind === which && newer(life, at)).length

const resends = (life: Life, person: Person) =>
  life.links.filter((link) => link.person === person && link.kind === 'resend' && newer(life, link.createdAt)).length

const lastMail = ({ mails }: Life, person: Person) => Math.max(0, ...mails.map((mail) => (mail.person === person ? mail.at : 0)))

function replaceLink(life: Life, person: Person, kind: 'invitation' | 'fresh_invitation', how: Link['kind']) {
  const old = openLink(life, person)
  if (old) close(old, 'superseded')
  send(life, person, kind, how)
}

/** Nobody is reminded of it any more. */
const close = (link: Link, state: Exclude<Link['state'], 'open'>) => Object.assign(link, { state, remindAt: null })

/** Only for somebody who could make an account with it; the next one takes its place. */
export function copyLink(life: Life, person: Person, by: Session) {
  const link = openLink(life, person)
  if (!isPending(life, person) || !link) return 'not_pending'
  if (by.at <= life.now - 10 * MINUTE) return 'not_fresh'
  if (!isUsable(life, link)) return 'expired'
  if (userAt(life, person.key)) return 'only_emailed'
  link.copied = ''
  note(life, 'link_copied', person)
  return 'done'
}

export function cancel(life: Life, person: Person) {
  const link = openLink(life, person)
  if (!link) return 'refused'
  return end(life, link, 'cancelled')
}

function end(life: Life, link: Link, state: 'cancelled' | 'declined') {
  close(link, state)
  note(life, state, link.person)
  goes(life, link.person)
  return 'done'
}

/** Who joins: a proven account, somebody new with their first password, or whoever takes an unproven account over with a new one. */
export type Joins = { userId: string } | { hash: string } | { userId: string; hash: string }

/** Whoever was here before enters by a sign-in from after they went. */
export function accept(life: Life, link: Link, as: Joins, byEmail: boolean) {
  const { person } = link
  const account = userAt(life, person.key)
  if (!isUsable(life, link) || isPast(life, person) || !mayJoin(account, as, byEmail)) return 'refused'
  if (!account && 'hash' in as) life.users.push({ id: '', key: person.key, hash: as.hash, proven: byEmail })
  if (account && 'hash' in as) takeOver(life, account, as.hash)
  close(link, 'accepted')
  Object.assign(person, { status: 'active', user: person.key, shutAt: life.left.get(person.key) ?? 0 })
  note(life, 'accepted', person)
  return 'done'
}

function mayJoin(account: User | undefined, as: Joins, byEmail: boolean) {
  if (!('userId' in as)) return !account
  if (account?.id !== as.userId) return false
  return 'hash' in as ? byEmail && !account.proven : account.proven
}

/** Whatever could be done with an unproven account until now cannot be done any more. */
export function takeOver(life: Life, account: User, hash: string) {
  const person = personAt(life, account.key)
  if (person && statusAt(life, person) === 'active') note(life, 'address_proved', person)
  life.sessions = life.sessions.filter(({ key }) => key !== account.key)
  supersedeResets(life, account.key)
  for (const link of life.links) if (link.state === 'open' && link.person.key === account.key) link.copied = null
  Object.assign(account, { hash, proven: true })
}

export function decline(life: Life, link: Link, never: boolean) {
  if (!isUsable(life, link)) return 'refused'
  if (never) life.unwanted.here.add(link.person.key)
  return end(life, link, 'declined')
}
