import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { connect } from '../../src/db/connect'
import { raw } from '../../src/db/raw'
import { toViewer, viewerOf } from '../../src/models/members/viewer'
import { endOf, isOver, turnedAway } from './doors'
import { CAT, type Life, type Link, type Mail, type Person, type Reset, type Session, statusAt, type Undo, type User } from './life'
import { NEVER } from './never'

const db = connect(env.DB)

const people = (now: number) => `
  SELECT m.id, m.email_key AS key, m.role, m.ends_at AS endsAt, iif(m.status = 'active' AND m.ends_at <= ${now}, 'ended', m.status) AS status, m.agent_mode AS mode, u.email_key AS user,
    (SELECT json_group_object(section, access) FROM member_sections s WHERE s.tenant_id = m.tenant_id AND s.member_id = m.id) AS sections,
    (SELECT json_group_array(agent_id) FROM (
      SELECT agent_id FROM member_agents a WHERE a.tenant_id = m.tenant_id AND a.member_id = m.id ORDER BY agent_id)) AS agents
  FROM members m LEFT JOIN users u ON u.id = m.user_id WHERE m.tenant_id = 'acme'`
const LINKS = `
  SELECT jti, copied_jti AS copied, state, member_id AS person, kind, created_at AS createdAt, expires_at AS expiresAt, remind_at AS remindAt
  FROM invitations WHERE tenant_id = 'acme'`
const MAILS = `
  SELECT x.id, x.kind, x.to_key AS key, coalesce(i.jti, r.jti) AS jti, x.member_id AS person, x.state, x.attempts, x.created_at AS at
  FROM mails x LEFT JOIN invitations i ON i.id = x.invitation_id LEFT JOIN password_resets r ON r.id = x.password_reset_id
  WHERE x.kind NOT IN ('notice', 'ending', 'endings') AND (x.tenant_id = 'acme' OR x.tenant_id IS NULL)`
const ENTRIES = "SELECT kind, member_id AS person FROM activity WHERE tenant_id = 'acme' AND kind <> 'ended' ORDER BY at, id"
const RESETS = `
  SELECT r.jti, u.email_key AS key, r.state, r.created_at AS at, r.expires_at AS until FROM password_resets r JOIN users u ON u.id = r.user_id`
const USERS = `
  SELECT u.id, u.email_key AS key, c.secret AS hash, u.proved_at IS NOT NULL AS proven
  FROM users u LEFT JOIN credentials c ON c.user_id = u.id AND c.kind = 'password'`
const UNWANTED = 'SELECT email_key AS key, tenant_id AS tenant FROM suppressions'
const UNDOS = `
  SELECT id, kind, admin_id AS "by", created_at AS at, undone_at IS NOT NULL AS pressed FROM undos WHERE tenant_id = 'acme'`
const SESSIONS = `
  SELECT s.id, u.email_key AS key, s.last_seen_at AS seenAt, v.member_id AS person, v.entered_at AS enteredAt, v.last_at AS lastAt
  FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN visits v ON v.session_id = s.id AND v.tenant_id = 'acme'`

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
  "SELECT id, email, email_key, name, proved_at, created_at FROM users WHERE id = 'user-cat'",
  ...TENANT_TABLES.map((table) => `SELECT * FROM ${table} WHERE tenant_id = 'globex'`),
]

type PersonRow = Omit<Person, 'sections' | 'agents' | 'shutAt'> & { sections: string; agents: string }
type LinkRow = Omit<Link, 'person'> & { person: string | null }
type MailRow = Omit<Mail, 'person' | 'link' | 'reset' | 'leasedUntil' | 'heard'> & { person: string | null; jti: string | null }
type UserRow = Omit<User, 'proven'> & { proven: 0 | 1 }
type UndoRow = Pick<Undo, 'id' | 'kind' | 'at'> & { by: string; pressed: 0 | 1 }
type SessionRow = Pick<Session, 'id' | 'key' | 'seenAt'> & {
  person: string | null
  enteredAt: number | null
  lastAt: number | null
}

/** The workspace as the database has it, which of the things that must never be were found, and the other workspace in one string. */
export async function look(sessions: Session[], now: number) {
  const [here, links, mails, entries, resets, users, unwanted, undos, begun, [found], ...other] = await db.batch([
    raw<PersonRow>(db, sql.raw(people(now))),
    raw<LinkRow>(db, sql.raw(LINKS)),
    raw<MailRow>(db, sql.raw(MAILS)),
    raw<{ kind: string; person: string }>(db, sql.raw(ENTRIES)),
    raw<Reset>(db, sql.raw(RESETS)),
    raw<UserRow>(db, sql.raw(USERS)),
    raw<{ key: string; tenant: string }>(db, sql.raw(UNWANTED)),
    raw<UndoRow>(db, sql.raw(UNDOS)),
    raw<SessionRow>(db, sql.raw(SESSIONS)),
    raw<Record<string, 0 | 1>>(db, sql.raw(FOUND)),
    ...OTHER.map((query) => raw<object>(db, sql.raw(query))),
  ])
  const never = Object.entries(found ?? {}).flatMap(([name, is]) => (is ? [name] : []))
  const doors = { acme: await doorsOf('acme', sessions, now), globex: await doorsOf('globex', sessions, now) }
  const rows = { people: here.map(toPerson), links, mails, entries, resets, users, unwanted, undos, sessions: begun }
  return { ...rows, doors, never, other: JSON.stringify(other) }
}
export type Seen = Awaited<ReturnType<typeof look>>

/** What the door of a workspace says to each session. */
async function doorsOf(tenantId: string, sessions: Session[], now: number) {
  const [first, ...more] = sessions.map(({ secretHash }) => viewerOf({ db, secretHash, tenantId, now }))
  const rows = first ? await db.batch([first, ...more]) : []
  return rows.map(([row]) => {
    const viewer = toViewer(row)
    return 'reason' in viewer ? viewer.reason : viewer.email
  })
}

const toPerson = ({ sections, agents, ...row }: PersonRow): Omit<Person, 'shutAt'> => ({
  ...row,
  sections: JSON.parse(sections),
  agents: JSON.parse(agents),
})

/** Takes over the ids of what the last step made. What is missing or too many shows when both are compared. */
export function learn(life: Life, seen: Seen) {
  for (const person of life.people) person.id ||= seen.people.find(({ key }) => key === person.key)?.id ?? ''
  for (const user of life.users) user.id ||= seen.users.find(({ key }) => key === user.key)?.id ?? ''
  const [links, resets] = [newIn(life.links, seen.links, 'jti'), newIn(life.resets, seen.resets, 'jti')]
  for (const link of life.links) link.jti ||= links.find(({ person }) => person === link.person.id)?.jti ?? ''
  for (const link of life.links.filter(({ copied }) => copied === ''))
    link.copied = seen.links.find(({ jti }) => jti === link.jti)?.copied ?? null
  for (const reset of life.resets) reset.jti ||= resets.find(({ key }) => key === reset.key)?.jti ?? ''
  for (const undo of life.undos) undo.id ||= newIn(life.undos, seen.undos, 'id')[0]?.id ?? ''
  const known = new Set(life.mails.map(({ id }) => id))
  for (const mail of life.mails.filter(({ id }) => !id)) {
    const row = seen.mails.find(
      ({ id, kind, key, jti }) => !known.has(id) && kind === mail.kind && key === mail.key && jti === jtiOf(mail),
    )
    mail.id = row?.id ?? ''
    known.add(mail.id)
  }
}

/** The rows that the last step made: of each person, and of undos in all, one at most. */
const newIn = <Key extends string, Row extends Record<Key, string>>(known: Record<Key, string>[], rows: Row[], key: Key) =>
  rows.filter((row) => !known.some((each) => each[key] === row[key]))

const jtiOf = ({ link, reset }: Pick<Mail, 'link' | 'reset'>) => (link ?? reset)?.jti ?? null

/** The database says what the model says, nothing more and nothing less. */
export function expectSame(life: Life, seen: Seen, other: string) {
  const here = (person: Person | null) => (person && life.people.includes(person) ? person.id : null)
  expect(seen.never).toEqual([])
  expect(sorted(seen.people)).toEqual(sorted(life.people.map(({ shutAt: _, ...row }) => ({ ...row, status: statusAt(life, row) }))))
  expect(byJti(seen.links)).toEqual(byJti(life.links.map(({ person, ...link }) => ({ ...link, person: here(person) }))))
  const mails = life.mails.map(({ leasedUntil: _, heard: __, link, reset, ...mail }) => ({
    ...mail,
    person: here(mail.person),
    jti: jtiOf({ link, reset }),
  }))
  expect(sorted(seen.mails)).toEqual(sorted(mails))
  expect(seen.entries).toEqual(life.entries.map(({ kind, person }) => ({ kind, person: person.id })))
  expect(byJti(seen.resets)).toEqual(byJti(life.resets))
  expect(sorted(seen.users)).toEqual(sorted(life.users.map((user) => ({ ...user, proven: Number(user.proven) }))))
  expect(sorted(seen.unwanted.map(({ key, tenant }) => ({ id: `${key} ${tenant}` })))).toEqual(sorted(unwantedIn(life)))
  expect(sorted(seen.undos)).toEqual(
    sorted(life.undos.map(({ id, kind, by, at, pressed }) => ({ id, kind, by: by.id, at, pressed: Number(pressed) }))),
  )
  expectSameSessions(life, seen)
  expect(seen.other).toBe(other)
}

const unwantedIn = ({ unwanted: { here, anywhere } }: Life) => [
  ...[...here].map((key) => ({ id: `${key} acme` })),
  ...[...anywhere].map((key) => ({ id: `${key} ` })),
]

function expectSameSessions(life: Life, { sessions, doors }: Seen) {
  const rows = life.sessions.map(({ id, key, seenAt, visit }) => ({
    ...{ id, key, seenAt },
    ...{ person: visit?.person.id ?? null, enteredAt: visit?.enteredAt ?? null, lastAt: visit?.lastAt ?? null },
  }))
  expect(sorted(sessions)).toEqual(sorted(rows))
  expect(doors.acme).toEqual(life.sessions.map((session) => turnedAway(life, session) ?? session.key))
  expect(doors.globex).toEqual(
    life.sessions.map((session) => (isOver(life, session) ? endOf(life, session) : session.key === CAT ? CAT : 'no_member')),
  )
}

const byJti = <T extends { jti: string }>(rows: T[]) => rows.toSorted((a, b) => (a.jti < b.jti ? -1 : 1))

const sorted = <T extends { id: string }>(rows: T[]) => rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
