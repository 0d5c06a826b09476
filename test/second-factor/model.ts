import type { Client } from '../client'
import type { SoftPasskey } from '../passkey'

/** What the rules say of two people, their second factors and their sessions, kept beside the database and without a look at it. */
export type Model = { now: number; people: Person[]; browsers: Browser[]; workspaces: Record<Workspace, Rule> }

export type Workspace = 'acme' | 'globex'
export type Policy = 'optional' | 'admins' | 'everybody'
export type Rule = { policy: Policy; at: number; graceDays: number }
type Membership = { workspace: Workspace; role: 'admin' | 'user'; joinedAt: number }

/** `used`: what was right once and must never be again. `step`: the time step of the app's last code. */
export type Person = {
  id: string
  email: string
  password: string
  app: { secret: string; step: number } | undefined
  passkeys: SoftPasskey[]
  codes: string[]
  used: string[]
  memberships: Membership[]
}

/** `factorAt`: when it proved a second factor, or 0. */
export type Session = { person: Person; createdAt: number; provedAt: number; factorAt: number; seenAt: number }
/** A right password that waits for the second factor, in the browser in which it was given. */
export type Half = { id: string; person: Person; until: number; tries: number }
export type Browser = { client: Client; session: Session | undefined; half: Half | undefined }

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

export const factorsOf = ({ app, passkeys }: Person) => passkeys.length + (app ? 1 : 0)

export const isLive = ({ now }: Model, { seenAt, createdAt }: Session) =>
  now - seenAt < 30 * MINUTE && now - createdAt < 12 * 60 * MINUTE

export const sessionOf = (model: Model, { session }: Browser) => (session && isLive(model, session) ? session : undefined)

/** A proof of the last ten minutes, by a second factor where the person has one. */
export function isFresh({ now }: Model, { person, createdAt, provedAt, factorAt }: Session) {
  const proof = factorsOf(person) > 0 ? factorAt : Math.max(createdAt, provedAt)
  return now - proof < 10 * MINUTE
}

/** The workspaces of somebody that ask for a second factor, be it later: their rules. */
export const askingOf = ({ workspaces }: Model, { memberships }: Person) =>
  memberships.filter(({ workspace, role }) => {
    const { policy } = workspaces[workspace]
    return policy === 'everybody' || (policy === 'admins' && role === 'admin')
  })

export type Door = 'in' | 'sign-in' | 'nobody' | 'enrol' | 'prove'

/** What a session is answered where these of the person's workspaces decide. */
function doorOf(model: Model, session: Session, asking: Membership[]): Door {
  const due = asking.filter(({ workspace, joinedAt }) => {
    const { at, graceDays } = model.workspaces[workspace]
    return Math.max(at, joinedAt) + graceDays * DAY <= model.now
  })
  if (due.length === 0) return 'in'
  if (factorsOf(session.person) === 0) return 'enrol'
  return session.factorAt > 0 ? 'in' : 'prove'
}

export function workspaceDoor(model: Model, browser: Browser, workspace: Workspace): Door {
  const session = sessionOf(model, browser)
  if (!session) return 'sign-in'
  const at = ({ workspace: name }: Membership) => name === workspace
  if (!session.person.memberships.some(at)) return 'nobody'
  return doorOf(model, session, askingOf(model, session.person).filter(at))
}

/** The strictest of their workspaces decides. */
export function accountDoor(model: Model, browser: Browser): Door {
  const session = sessionOf(model, browser)
  return session ? doorOf(model, session, askingOf(model, session.person)) : 'sign-in'
}

/** Where the account can be changed: signed in, with what is asked for, and with a fresh proof. */
export function mayChange(model: Model, browser: Browser) {
  const session = sessionOf(model, browser)
  return session && accountDoor(model, browser) === 'in' && isFresh(model, session) ? session : undefined
}

/** The form has the password itself, which is enough where there is no second factor. */
export function mayChangePassword(model: Model, browser: Browser) {
  const session = sessionOf(model, browser)
  const proven = session && (factorsOf(session.person) === 0 || isFresh(model, session))
  return proven && accountDoor(model, browser) === 'in' ? session : undefined
}

/** Ends the sessions of somebody, but for one. */
export function endSessions({ browsers }: Model, person: Person, but?: Session) {
  for (const browser of browsers) if (browser.session?.person === person && browser.session !== but) browser.session = undefined
}

/** A right password is no half of anything once it is another. */
export function endHalves({ browsers }: Model, person: Person) {
  for (const browser of browsers) if (browser.half?.person === person) browser.half = undefined
}

/** The browser has another secret then, which only a half-finished sign-in of the same person goes along with. */
export function begin({ now }: Model, browser: Browser, person: Person, factorAt: number) {
  if (browser.half?.person !== person) browser.half = undefined
  browser.session = { person, createdAt: now, provedAt: 0, factorAt, seenAt: now }
}

export const halfOf = ({ now }: Model, { half }: Browser) => (half && half.until > now && half.tries < 5 ? half : undefined)

/** It may be removed: something is left to sign in with, and nobody asks for it. */
export const mayRemove = (model: Model, person: Person) => factorsOf(person) > 1 || askingOf(model, person).length === 0

/** Without a factor recovery codes are for nothing. */
export function removed(model: Model, session: Session) {
  const { person } = session
  if (factorsOf(person) === 0) {
    person.used.push(...person.codes)
    person.codes = []
  }
  endSessions(model, person, session)
}
