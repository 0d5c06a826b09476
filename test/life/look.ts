import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { connect } from '../../src/db/connect'
import { raw } from '../../src/db/raw'
import type { Life, Link, Mail, Person, User } from './life'

const db = connect(env.DB)

const PEOPLE = `
  SELECT m.id, m.email_key AS key, m.role, m.status, m.agent_mode AS mode, u.email_key AS user,
    (SELECT json_group_object(section, access) FROM member_sections s WHERE s.tenant_id = m.tenant_id AND s.member_id = m.id) AS sections,
    (SELECT json_group_array(agent_id) FROM (
      SELECT agent_id FROM member_agents a WHERE a.tenant_id = m.tenant_id AND a.member_id = m.id ORDER BY agent_id)) AS agents
  FROM members m LEFT JOIN users u ON u.id = m.user_id WHERE m.tenant_id = 'acme'`
const LINKS = `
  SELECT jti, state, member_id AS person, kind = 'resend' AS resend, created_at AS createdAt, expires_at AS expiresAt, remind_at AS remindAt
  FROM invitations WHERE tenant_id = 'acme' ORDER BY rowid`
const MAILS = `
  SELECT x.id, x.kind, x.to_key AS key, i.jti, x.member_id AS person, x.state, x.attempts, x.created_at AS at
  FROM mails x LEFT JOIN invitations i ON i.id = x.invitation_id
  WHERE x.kind <> 'notice' AND (x.tenant_id = 'acme' OR x.tenant_id IS NULL) ORDER BY x.rowid`
const ENTRIES = "SELECT kind, member_id AS person FROM activity WHERE tenant_id = 'acme' ORDER BY rowid"
const USERS = 'SELECT id, email_key AS key, password_hash AS hash FROM users ORDER BY rowid'
const SUPPRESSED = 'SELECT email_key AS key FROM suppressions'

/** What must never be found, whatever has happened; the words are SPEC's. */
const NEVER = {
  'two members of one address': 'SELECT tenant_id FROM members GROUP BY tenant_id, email_key HAVING count(*) > 1',
  'two open invitations of one member': "SELECT 1 FROM invitations WHERE state = 'open' GROUP BY member_id HAVING count(*) > 1",
  'a pending member without an open invitation': `SELECT id FROM members m WHERE status = 'pending'
    AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.member_id = m.id AND i.state = 'open')`,
  'an open invitation of somebody who is not pending': `SELECT i.id FROM invitations i LEFT JOIN members m ON m.id = i.member_id
    WHERE i.state = 'open' AND m.status IS NOT 'pending'`,
  'a member who accepted twice': "SELECT 1 FROM activity WHERE kind = 'accepted' GROUP BY member_id HAVING count(*) > 1",
  'an invitation without a mail':
    'SELECT id FROM invitations i WHERE NOT EXISTS (SELECT 1 FROM mails x WHERE x.invitation_id = i.id)',
  'an invitation mailed to a suppressed address': `SELECT x.id FROM mails x JOIN suppressions s ON s.email_key = x.to_key
    WHERE x.invitation_id IS NOT NULL AND x.created_at > s.at`,
  'a workspace without an active admin': `SELECT id FROM tenants t
    WHERE NOT EXISTS (SELECT 1 FROM members m WHERE m.tenant_id = t.id AND m.role = 'admin' AND m.status = 'active')`,
  'a session of somebody who is not active here': `SELECT s.id FROM sessions s WHERE s.tenant_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM members m WHERE m.user_id = s.user_id AND m.tenant_id = s.tenant_id AND m.status = 'active')`,
}

const FOUND = `SELECT ${Object.entries(NEVER).map(([name, query]) => `EXISTS (${query}) AS "${name}"`)}`

const TENANT_TABLES = [
  'members',
  'invitations',
  'mails',
  'activity',
  'agents',
  'member_sections',
  'member_agents',
  'section_defaults',
]
const OTHER = [
  "SELECT * FROM tenants WHERE id = 'globex'",
  "SELECT * FROM users WHERE id = 'user-cat'",
  ...TENANT_TABLES.map((table) => `SELECT * FROM ${table} WHERE tenant_id = 'globex'`),
]

type PersonRow = Omit<Person, 'sections' | 'agents'> & { sections: string; agents: string }
type LinkRow = Omit<Link, 'person' | 'resend'> & { person: string | null; resend: 0 | 1 }
type MailRow = Omit<Mail, 'person' | 'link' | 'leasedUntil' | 'heard'> & { person: string | null; jti: string | null }

/** The workspace as the database has it, which of the things that must never be were found, and the other workspace in one string. */
export async function look() {
  const [people, links, mails, entries, users, suppressed, [found], ...other] = await db.batch([
    raw<PersonRow>(db, sql.raw(PEOPLE)),
    raw<LinkRow>(db, sql.raw(LINKS)),
    raw<MailRow>(db, sql.raw(MAILS)),
    raw<{ kind: string; person: string }>(db, sql.raw(ENTRIES)),
    raw<Omit<User, 'elsewhere'>>(db, sql.raw(USERS)),
    raw<{ key: string }>(db, sql.raw(SUPPRESSED)),
    raw<Record<string, 0 | 1>>(db, sql.raw(FOUND)),
    ...OTHER.map((query) => raw<object>(db, sql.raw(query))),
  ])
  const never = Object.entries(found ?? {}).flatMap(([name, is]) => (is ? [name] : []))
  return { people: people.map(toPerson), links, mails, entries, users, suppressed, never, other: JSON.stringify(other) }
}
export type Seen = Awaited<ReturnType<typeof look>>

const toPerson = ({ sections, agents, ...row }: PersonRow): Person => ({
  ...row,
  sections: JSON.parse(sections),
  agents: JSON.parse(agents),
})

/** Takes over the ids of what the last step made. What is missing or too many shows when both are compared. */
export function learn(life: Life, seen: Seen) {
  for (const person of life.people) person.id ||= seen.people.find(({ key }) => key === person.key)?.id ?? ''
  for (const user of life.users) user.id ||= seen.users.find(({ key }) => key === user.key)?.id ?? ''
  for (const [i, link] of life.links.entries()) link.jti ||= seen.links[i]?.jti ?? ''
  const known = new Set(life.mails.map(({ id }) => id))
  for (const mail of life.mails.filter(({ id }) => !id)) {
    const row = seen.mails.find(
      ({ id, kind, key, jti }) => !known.has(id) && kind === mail.kind && key === mail.key && jti === jtiOf(mail),
    )
    mail.id = row?.id ?? ''
    known.add(mail.id)
  }
}

const jtiOf = ({ link }: Mail) => link?.jti ?? null

/** The database says what the model says, nothing more and nothing less. */
export function expectSame(life: Life, seen: Seen, other: string) {
  const here = (person: Person | null) => (person && life.people.includes(person) ? person.id : null)
  expect(seen.never).toEqual([])
  expect(sorted(seen.people)).toEqual(sorted(life.people))
  expect(seen.links).toEqual(
    life.links.map(({ person, resend, ...link }) => ({ ...link, person: here(person), resend: Number(resend) })),
  )
  const mails = life.mails.map((mail) => {
    const { leasedUntil: _, heard: __, link: ___, ...row } = mail
    return { ...row, person: here(mail.person), jti: jtiOf(mail) }
  })
  expect(sorted(seen.mails)).toEqual(sorted(mails))
  expect(seen.entries).toEqual(life.entries.map(({ kind, person }) => ({ kind, person: person.id })))
  expect(sorted(seen.users)).toEqual(sorted(life.users.map(({ elsewhere: _, ...user }) => user)))
  expect(new Set(seen.suppressed.map(({ key }) => key))).toEqual(life.suppressed)
  expect(seen.other).toBe(other)
}

const sorted = <T extends { id: string }>(rows: T[]) => rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
