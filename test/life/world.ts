import { env } from 'cloudflare:workers'
import { connect } from '../../src/db/connect'
import { newSession } from '../../src/models/identity/session'
import { recordVisit, toViewer, type Viewer, viewerOf } from '../../src/models/members/viewer'
import { actNamed, invitee } from '../cast'
import { run } from '../database'
import { insertSession } from '../session'
import { isOver } from './doors'
import { type Life, type Person, type Session, userAt } from './life'
import { look, type Seen } from './look'

/** What a step is done to: the database with the sessions that were begun in it, and the other workspace as it was. */
export type World = { begun: Set<Session>; other: string }

export const [ADA, BEN, DOV] = ['ada@acme.test', 'ben@acme.test', 'dov@acme.test']
export const [NELL, OVE, QUIN] = ['nell@acme.test', 'ove@acme.test', 'quin@acme.test']

const db = connect(env.DB)

/**
 * The seeded workspaces with a second admin in Acme, and somebody pending in Globex whom Acme will invite, too. Of some nobody knows that their
 * address is theirs.
 */
export async function begin(): Promise<{ life: Life; world: World }> {
  const now = Date.now()
  await run(`INSERT INTO users (id, email, email_key, created_at) VALUES ('user-ben', '${BEN}', '${BEN}', 1)`)
  await run(`INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
    SELECT 'password-ben', 'user-ben', kind, secret, 1, 1 FROM credentials WHERE user_id = 'user-ada'`)
  await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    VALUES ('ben', 'acme', 'user-ben', '${BEN}', '${BEN}', 'admin', 'active', 'all', 1, 1)`)
  await run("UPDATE users SET proved_at = NULL WHERE id IN ('user-bob', 'user-dov')")
  await invitee(await actNamed('cat', now), OVE)
  await run("UPDATE invitations SET remind_at = NULL, expiry_notice_at = NULL WHERE tenant_id = 'globex'")
  await run('DELETE FROM sessions')
  const seen = await look([], now)
  return { life: asSeen(seen, now), world: { begun: new Set(), other: seen.other } }
}

/** The model starts with what the seeds made, and is never read from the database again. */
function asSeen({ links, mails, users, entries, ...seen }: Seen, now: number): Life {
  const people = seen.people.map((person) => ({ ...person, shutAt: 0 }))
  const whose = (id: string | null) => people.find((person) => person.id === id)
  const known = links.flatMap(({ person, ...row }) => withPerson(row, whose(person)))
  const linkOf = (jti: string | null) => known.find((link) => link.jti === jti) ?? null
  return {
    now,
    people,
    links: known,
    mails: mails.map(({ jti, person, ...row }) => ({
      ...row,
      link: linkOf(jti),
      reset: null,
      person: whose(person) ?? null,
      leasedUntil: 0,
      heard: new Set(),
    })),
    resets: [],
    users: users.map((user) => ({ ...user, proven: user.proven === 1 })),
    sessions: [],
    undos: [],
    unwanted: { here: new Set(), anywhere: new Set() },
    left: new Map(),
    entries: entries.flatMap(({ kind, person }) => withPerson({ kind }, whose(person))),
    seen: [...people],
    tries: new Map(),
  }
}

const withPerson = <T extends object>(row: T, person: Person | undefined) => (person ? [{ ...row, person }] : [])

/** `last`: the session of somebody who stays signed in and signs in again when it is over. */
export type SignIn = 'last' | 'first' | 'new'

/** Whoever has an account can sign in, whatever has become of their memberships. */
export function sessionOf(life: Life, key: string, signIn: SignIn): Session | undefined {
  const theirs = life.sessions.filter((session) => session.key === key)
  const known = signIn === 'first' ? theirs[0] : theirs.at(-1)
  if (known && (signIn === 'first' || (signIn === 'last' && !isOver(life, known)))) return known
  if (!userAt(life, key)) return undefined
  const session = { id: '', secretHash: '', key, at: life.now, seenAt: life.now, visit: null }
  life.sessions.push(session)
  return session
}

/** The door of Access Management, behind which a visit is noted. @returns why not, or who they are */
export async function enter(life: Life, world: World, session: Session | undefined): Promise<Viewer | string> {
  if (!session) return 'nobody'
  await begun(life, world, session)
  const [row] = await viewerOf({ db, secretHash: session.secretHash, tenantId: 'acme', now: life.now })
  const viewer = toViewer(row)
  if ('reason' in viewer) return viewer.reason
  await recordVisit({ db, now: life.now }, viewer)
  return viewer.role === 'admin' ? viewer : 'not an admin'
}

async function begun(life: Life, { begun }: World, session: Session) {
  if (begun.has(session)) return
  const made = await newSession()
  await insertSession(made, userAt(life, session.key)?.id ?? '', life.now)
  Object.assign(session, { id: made.id, secretHash: made.secretHash })
  begun.add(session)
}

export type Fault = { trip: number; how: 'before' | 'undone' | 'after' }

/** SQLite refuses this when it runs: whatever else its batch did is undone. */
const TROUBLE = "SELECT json('trouble')"

/** D1 with one round trip that never arrives, is undone, or happens although its answer is lost. */
export function faulty(fault: Fault | null) {
  let trip = 0
  async function batch(statements: D1PreparedStatement[]) {
    if (++trip !== fault?.trip) return env.DB.batch(statements)
    if (fault.how === 'undone') return env.DB.batch([...statements, env.DB.prepare(TROUBLE)])
    if (fault.how === 'after') await env.DB.batch(statements)
    throw new Error('D1_ERROR: Network connection lost.')
  }
  return Object.assign(Object.create(env.DB) as D1Database, { batch, prepare: (sql: string) => env.DB.prepare(sql) })
}
