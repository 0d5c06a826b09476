import { mailAgain, takeOver } from './invitations'
import { HOUR, type Life, note, personAt, type Reset, statusAt, userAt } from './life'
import { queue, resetWorks, sendReset, supersedeResets } from './mails'

/** The first round trip of a forgotten password; the second acts only when this one let the address pass. */
export function tryForgot(life: Life, key: string) {
  const was = life.tries.get(key) ?? { hits: 0, blockedUntil: 0, resetsAt: life.now + HOUR }
  if (was.blockedUntil > life.now) return false
  const anew = was.resetsAt <= life.now
  const [hits, resetsAt] = [anew ? 1 : was.hits + 1, anew ? life.now + HOUR : was.resetsAt]
  life.tries.set(key, { hits, resetsAt, blockedUntil: hits >= 3 ? resetsAt : 0 })
  return true
}

/** An account gets a reset, whatever its memberships; an address without one that is invited gets its link; nobody else gets anything. */
export function mailForgot(life: Life, key: string) {
  const emails = life.mails.filter((mail) => mail.key === key && /reset|fresh/.test(mail.kind) && mail.at > life.now - HOUR)
  if (emails.length >= 3) return
  const person = personAt(life, key)
  if (userAt(life, key)) sendReset(life, key)
  else if (person) mailAgain(life, person)
}

/** Their sessions end, and the memberships stay as they are. */
export function reset(life: Life, link: Reset, hash: string) {
  const user = userAt(life, link.key)
  if (!user || !resetWorks(life, link)) return 'refused'
  link.state = 'used'
  if (!user.proven) takeOver(life, user, hash)
  user.hash = hash
  supersedeResets(life, link.key)
  life.sessions = life.sessions.filter(({ key }) => key !== link.key)
  queue(life, { kind: 'password_changed', key: link.key })
  const person = personAt(life, link.key)
  if (person && statusAt(life, person) === 'active') note(life, 'password_reset', person)
  return 'done'
}
