import { HOUR, type Life, MINUTE, type Person, type Session, statusAt } from './life'

const IDLE = 30 * MINUTE
const LONGEST = 12 * HOUR

export const isOver = ({ now }: Life, { at, seenAt }: Session) => seenAt <= now - IDLE || at + LONGEST <= now

/** Idle too long, or too old in any case. */
export const endOf = ({ now }: Life, { at }: Session) => (at + LONGEST <= now ? 'expired' : 'over')

/** What the door of the workspace says to a session; undefined to an active member who has signed in since they were last shut out. */
export function turnedAway(life: Life, session: Session) {
  if (isOver(life, session)) return endOf(life, session)
  const person = memberBehind(life, session)
  if (!person) return 'no_member'
  if (statusAt(life, person) === 'ended') return 'past_end'
  return session.at <= person.shutAt ? 'again' : undefined
}

const memberBehind = ({ people }: Life, { key }: Session) => people.find(({ user, status }) => user === key && status === 'active')

/** What the door of Access Management says. */
export const turnedAwayFromAccess = (life: Life, session: Session | undefined) =>
  session ? (turnedAway(life, session) ?? (memberBehind(life, session)?.role === 'admin' ? undefined : 'not an admin')) : 'nobody'

/** Whoever is let in has been here. */
export function visit(life: Life, session: Session) {
  const person = memberBehind(life, session)
  if (!person || turnedAway(life, session)) return
  session.seenAt = life.now
  session.visit = { person, enteredAt: session.visit?.enteredAt ?? life.now, lastAt: life.now }
}

/** With a membership goes what was seen of their sessions. */
export function forgetVisits({ sessions }: Life, person: Person) {
  for (const session of sessions) if (session.visit?.person === person) session.visit = null
}
