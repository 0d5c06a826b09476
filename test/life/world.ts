import { env } from 'cloudflare:workers'
import { connect } from '../../src/db/connect'
import { newSession } from '../../src/models/identity/session'
import { toViewer, type Viewer, viewerOf } from '../../src/models/members/viewer'
import { invitee, viewerNamed } from '../cast'
import { run } from '../database'
import { insertSession } from '../session'
import { type Life, type Person, personAt, userAt } from './life'
import { look, type Seen } from './look'

/** What a step is done to: the database, the sessions of those who act, and the other workspace as it was. */
export type World = { secrets: Map<string, string>; other: string }

export const [ADA, BEN, BOB, CAT, DOV] = ['ada@acme.test', 'ben@acme.test', 'bob@acme.test', 'cat@globex.test', 'dov@acme.test']
export const [NELL, OVE, QUIN] = ['nell@acme.test', 'ove@acme.test', 'quin@acme.test']

const db = connect(env.DB)

/** The seeded workspaces with a second admin in Acme, and somebody pending in Globex whom Acme will invite, too. */
export async function begin(): Promise<{ life: Life; world: World }> {
  const now = Date.now()
  await run(`INSERT INTO users SELECT 'user-ben', '${BEN}', '${BEN}', NULL, password_hash, 1, 1 FROM users WHERE id = 'user-ada'`)
  await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    VALUES ('ben', 'acme', 'user-ben', '${BEN}', '${BEN}', 'admin', 'active', 'all', 1, 1)`)
  await invitee(await viewerNamed('cat'), OVE, now)
  await run("UPDATE invitations SET remind_at = NULL, lapse_notice_at = NULL WHERE tenant_id = 'globex'")
  await run('DELETE FROM sessions')
  const seen = await look()
  return { life: asSeen(seen, now), world: { secrets: new Map(), other: seen.other } }
}

/** The model starts with what the seeds made, and is never read from the database again. */
function asSeen({ people, links, mails, users, entries }: Seen, now: number): Life {
  const whose = (id: string | null) => people.find((person) => person.id === id)
  const known = links.flatMap(({ person, resend, ...row }) => withPerson({ ...row, resend: resend === 1 }, whose(person)))
  const linkOf = (jti: string | null) => known.find((link) => link.jti === jti) ?? null
  return {
    now,
    people,
    links: known,
    mails: mails.map(({ jti, person, ...row }) => ({
      ...row,
      link: linkOf(jti),
      person: whose(person) ?? null,
      leasedUntil: 0,
      heard: new Set(),
    })),
    users: users.map((user) => ({ ...user, elsewhere: user.key === CAT })),
    suppressed: new Set(),
    entries: entries.flatMap(({ kind, person }) => withPerson({ kind }, whose(person))),
    seen: [...people],
    tries: new Map(),
  }
}

const withPerson = <T extends object>(row: T, person: Person | undefined) => (person ? [{ ...row, person }] : [])

/** The door: a fresh session for somebody who is active, and otherwise the one they had. @returns why not, or who they are */
export async function enter(life: Life, { secrets }: World, key: string): Promise<Viewer | 'nobody' | 'not an admin'> {
  const user = userAt(life, key)
  if (user && personAt(life, key)?.status === 'active') {
    const session = await newSession()
    await insertSession(session, user.id, 'acme', life.now)
    secrets.set(key, session.secretHash)
  }
  const [row] = await viewerOf(db, { secretHash: secrets.get(key) ?? '', tenantId: 'acme' }, life.now)
  if (!row) return 'nobody'
  return row.role === 'admin' ? toViewer(row) : 'not an admin'
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
