import { domainToUnicode } from 'node:url'
import { type Statement, sql } from './literal.ts'

/** The members that a person is, in every workspace. Deleted ones are known from the log alone, by the address that they had. */
const theirs = (key: string) =>
  sql`(SELECT id FROM members WHERE email_key = ${key} OR user_id IN (SELECT id FROM users WHERE email_key = ${key}))`

/** Every spelling of the address that is kept, and its domain in letters of its own: an entry of the log may outlive whatever else has its spelling. */
const spellings = (key: string) =>
  sql`(SELECT ${key} UNION SELECT ${withDomainInLetters(key)} UNION SELECT lower(email) FROM users WHERE email_key = ${key}
    UNION SELECT lower(email) FROM members WHERE email_key = ${key} UNION SELECT lower(to_email) FROM mails WHERE to_key = ${key})`

const withDomainInLetters = (key: string) => {
  const at = key.lastIndexOf('@') + 1
  return key.slice(0, at) + domainToUnicode(key.slice(at))
}

const isTheirs = (address: Statement, key: string) => sql`lower(${address}) IN ${spellings(key)}`

const isAbout = (key: string) => sql`(member_id IN ${theirs(key)} OR ${isTheirs(sql`member_email`, key)} OR ${isNamedIn(key)})`

/** An invitation was pointed from one address to another: whoever has either is in the entry. */
const isNamedIn = (key: string) => sql`(kind = 'address_changed'
  AND (${isTheirs(sql`before ->> 'email'`, key)} OR ${isTheirs(sql`after ->> 'email'`, key)}))`

/** Whoever acts without a name holds a link, and acts for themself. */
const isBy = (key: string) => sql`(actor_id IN ${theirs(key)} OR ${isTheirs(sql`actor_email`, key)}
  OR (actor_id IS NULL AND actor_name IS NULL AND ${isAbout(key)}))`

/** Those that they were while they could invite somebody. */
const inviters = (key: string) =>
  sql`(SELECT actor_id FROM activity WHERE actor_id IS NOT NULL AND ${isTheirs(sql`actor_email`, key)} UNION SELECT id FROM ${theirs(key)})`

/** The workspaces that would be left without an active admin. */
export const wouldBeLeft = (key: string) => [
  sql`SELECT t.id AS slug, t.name FROM members m JOIN tenants t ON t.id = m.tenant_id
    WHERE m.id IN ${theirs(key)} AND m.role = 'admin' AND m.status = 'active' AND NOT EXISTS (SELECT 1 FROM members o
      WHERE o.tenant_id = m.tenant_id AND o.role = 'admin' AND +o.status = 'active' AND o.id <> m.id) ORDER BY t.id`,
]

/** What is kept of a person, each under its name; no secret is in it. */
export const exported = (key: string): Record<string, Statement> => ({
  account: sql`SELECT id, email, name, proved_at, created_at FROM users WHERE email_key = ${key}`,
  credentials: sql`SELECT c.kind, c.name, c.created_at, c.changed_at, c.last_used_at FROM credentials c JOIN users u ON u.id = c.user_id WHERE u.email_key = ${key}`,
  sessions: sql`SELECT s.user_agent, s.ip, s.created_at, s.last_seen_at, s.proved_at, s.factor, s.factor_at, s.expires_at FROM sessions s
    JOIN users u ON u.id = s.user_id WHERE u.email_key = ${key}`,
  browsers: sql`SELECT b.user_agent, b.ip, b.created_at, b.last_used_at FROM known_browsers b JOIN users u ON u.id = b.user_id WHERE u.email_key = ${key}`,
  sign_ins: sql`SELECT h.tries, h.created_at, h.expires_at FROM sign_ins h JOIN users u ON u.id = h.user_id WHERE u.email_key = ${key}`,
  factor_links: sql`SELECT f.purpose, f.asked_in, f.state, f.created_at, f.expires_at, f.closed_at FROM factor_links f JOIN users u ON u.id = f.user_id
    WHERE u.email_key = ${key}`,
  visits: sql`SELECT v.tenant_id, v.entered_at, v.last_at FROM visits v WHERE v.member_id IN ${theirs(key)}`,
  departures: sql`SELECT d.tenant_id, d.at FROM departures d JOIN users u ON u.id = d.user_id WHERE u.email_key = ${key}`,
  resets: sql`SELECT r.state, r.created_at, r.expires_at, r.closed_at FROM password_resets r JOIN users u ON u.id = r.user_id
    WHERE u.email_key = ${key}`,
  tries: sql`SELECT key, hits, blocked_until, resets_at FROM throttles WHERE ${isTheirThrottle(key)}`,
  memberships: sql`SELECT m.id, m.tenant_id, t.name AS workspace, m.email, m.invited_name, m.role, m.status, m.agent_mode, m.notices, m.created_at,
    m.joined_at, m.last_active_at, m.ends_at FROM members m JOIN tenants t ON t.id = m.tenant_id WHERE m.id IN ${theirs(key)}`,
  reviews: sql`SELECT tenant_id, review_id, email, name, role, status, shown, agents, verdict, decided_at FROM review_people
    WHERE email_key = ${key} OR member_id IN ${theirs(key)}`,
  former: sql`SELECT tenant_id, email, name FROM former_people WHERE ${isTheirs(sql`email`, key)}`,
  sections: sql`SELECT tenant_id, section, access, at FROM member_sections WHERE member_id IN ${theirs(key)}`,
  presets: sql`SELECT m.tenant_id, p.name, m.preset_given_at FROM members m JOIN presets p ON p.id = m.preset_id WHERE m.id IN ${theirs(key)}`,
  agents: sql`SELECT l.tenant_id, a.name FROM member_agents l JOIN agents a ON a.id = l.agent_id WHERE l.member_id IN ${theirs(key)}`,
  invitations: sql`SELECT tenant_id, kind, inviter_name, note, state, created_at, expires_at, closed_at FROM invitations
    WHERE member_id IN ${theirs(key)}`,
  sent: sql`SELECT tenant_id, kind, note, state, created_at FROM invitations WHERE inviter_id IN ${inviters(key)}`,
  notices: sql`SELECT tenant_id, kind, about_name, at FROM notices WHERE ${isTheirs(sql`about_email`, key)}`,
  emails: sql`SELECT tenant_id, kind, to_email, state, reason, detail, about, created_at, sent_at FROM mails WHERE to_key = ${key}`,
  joins: sql`SELECT tenant_id, email, state, created_at, expires_at FROM join_proofs WHERE email_key = ${key}`,
  requests: sql`SELECT tenant_id, email, name, created_at FROM join_requests WHERE email_key = ${key}`,
  removals: sql`SELECT tenant_id, at FROM removed_addresses WHERE email_key = ${key}`,
  join_notices: sql`SELECT tenant_id, kind, about_name, about_app, at FROM join_notices WHERE ${isTheirs(sql`about_email`, key)}`,
  join_links: sql`SELECT tenant_id, label, created_at, expires_at FROM join_links WHERE maker_id IN ${inviters(key)}`,
  suppressions: sql`SELECT tenant_id, reason, at FROM suppressions WHERE email_key = ${key}`,
  lists: sql`SELECT d.tenant_id, r.cells, r.outcome, d.created_at FROM invite_rows r JOIN invite_drafts d ON d.id = r.draft_id WHERE ${isTheirRow(key)}`,
  jobs: sql`SELECT tenant_id, kind, spec, ip, state, created_at, finished_at FROM jobs WHERE admin_id IN ${theirs(key)} OR ${isSearchedIn(key)}`,
  changes: sql`SELECT j.tenant_id, j.kind, j.created_at, p.state, p.left_for FROM job_people p JOIN jobs j ON j.id = p.job_id
    WHERE p.member_id IN ${theirs(key)}`,
  names_for_apps: sql`SELECT tenant_id, sub FROM subjects WHERE user_id IN ${account(key)}`,
  app_consents: sql`SELECT a.tenant_id, a.name AS app, c.client, c.scope, c.at FROM app_consents c JOIN apps a ON a.id = c.app_id
    WHERE c.member_id IN ${theirs(key)}`,
  apps: sql`SELECT g.tenant_id, a.name AS app, g.client, g.scope, g.offline, g.created_at, g.used_at, g.ended_at FROM app_grants g
    JOIN apps a ON a.id = g.app_id WHERE ${isTheirGrant(key)}`,
  access_requests: sql`SELECT q.tenant_id, a.name AS app, q.state, q.asked_at FROM access_requests q LEFT JOIN apps a ON a.id = q.app_id
    WHERE q.member_id IN ${theirs(key)}`,
  app_tokens: sql`SELECT k.kind, k.created_at, k.expires_at, k.consumed_at FROM app_tokens k JOIN app_grants g ON g.id = k.grant_id WHERE ${isTheirGrant(key)}`,
  app_sign_outs: sql`SELECT tenant_id, uri, state, attempts, detail, created_at, done_at FROM app_logouts WHERE ${isTheirSignOut(key)}`,
  activity: sql`SELECT tenant_id, at, kind, actor_name, actor_email, member_email, member_name, before, after, ip FROM activity
    WHERE ${isAbout(key)} OR ${isBy(key)} ORDER BY tenant_id, at`,
})

/** Account, memberships, emails and invitations go; the log keeps what happened without who it was. That an address must not be emailed stays. */
export const erase = (key: string) => [
  // Before the log forgets which inviters they were, and whose addresses it names.
  sql`UPDATE invitations SET inviter_name = ${ERASED} WHERE inviter_id IN ${inviters(key)}`,
  sql`UPDATE join_links SET maker_name = ${ERASED} WHERE maker_id IN ${inviters(key)}`,
  sql`UPDATE activity SET actor_name = '', actor_email = NULL, ip = NULL WHERE ${isBy(key)}`,
  sql`UPDATE activity SET member_email = iif(member_email IS NULL, NULL, ''), before = iif(kind IN ('address_changed', 'renamed'), NULL, before),
    after = iif(kind IN ('address_changed', 'renamed'), NULL, after) WHERE ${isAbout(key)}`,
  sql`UPDATE review_people SET email = '', email_key = '', name = NULL WHERE email_key = ${key} OR member_id IN ${theirs(key)}`,
  sql`DELETE FROM notices WHERE ${isTheirs(sql`about_email`, key)}`,
  sql`DELETE FROM invitations WHERE member_id IN ${theirs(key)} OR id IN (SELECT invitation_id FROM mails WHERE to_key = ${key})`,
  sql`DELETE FROM mails WHERE member_id IN ${theirs(key)}`,
  sql`DELETE FROM mails WHERE to_key = ${key}`,
  sql`DELETE FROM join_notices WHERE ${isTheirs(sql`about_email`, key)}`,
  sql`DELETE FROM join_proofs WHERE email_key = ${key}`,
  sql`DELETE FROM join_requests WHERE email_key = ${key}`,
  sql`DELETE FROM invite_rows WHERE ${isTheirRow(key)}`,
  sql`DELETE FROM invite_drafts WHERE sent_at IS NULL AND admin_id IN ${theirs(key)}`,
  sql`UPDATE jobs SET spec = json_replace(spec, '$.list', '', '$.of.list', '') WHERE ${isSearchedIn(key)}`,
  sql`UPDATE jobs SET ip = NULL WHERE admin_id IN ${theirs(key)}`,
  sql`DELETE FROM throttles WHERE ${isTheirThrottle(key)}`,
  // What an app has yet to be told goes out first, by a name that means nobody by then.
  sql`DELETE FROM app_logouts WHERE state <> 'waiting' AND ${isTheirSignOut(key)}`,
  sql`DELETE FROM members WHERE id IN ${theirs(key)}`,
  // A trigger has just noted that they left.
  sql`DELETE FROM removed_addresses WHERE email_key = ${key}`,
  sql`DELETE FROM users WHERE email_key = ${key}`,
]

const ERASED = 'Erased person'

const account = (key: string) => sql`(SELECT id FROM users WHERE email_key = ${key})`

const isTheirGrant = (key: string) => sql`(g.member_id IN ${theirs(key)} OR g.user_id IN ${account(key)})`

const isTheirSignOut = (key: string) => sql`(sub IN (SELECT sub FROM subjects WHERE user_id IN ${account(key)})
  OR sid IN (SELECT g.sid FROM app_grants g WHERE ${isTheirGrant(key)}))`

/** One that could not be read has its address in its cells alone. */
const isTheirRow = (key: string) => sql`(email_key = ${key} OR email_key IS NULL AND instr(lower(cells), ${key}) > 0)`

/** A change of many keeps the query of the list that its people were chosen in, in which somebody may have typed an address. */
const isSearchedIn = (key: string) =>
  sql`(instr(lower(spec), ${key}) > 0 OR instr(lower(spec), ${encodeURIComponent(key).toLowerCase()}) > 0)`

/** Its name ends in the address, behind a colon, which no address has, or in the id of a browser or a session of theirs. */
const isTheirThrottle = (key: string) => sql`(substr(key, -length(${`:${key}`})) = ${`:${key}`} OR key IN (
  SELECT 'sign-in:browser:' || b.id FROM known_browsers b JOIN users u ON u.id = b.user_id WHERE u.email_key = ${key}
  UNION ALL SELECT 'sign-in:session:' || s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email_key = ${key}))`
