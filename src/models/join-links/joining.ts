import { type SQL, sql } from 'drizzle-orm'
import { type From, from, membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { refuses } from '../../db/rules'
import { record } from '../activity/activity'
import type { Act } from '../core/act'
import { randomId } from '../core/random'
import { personKey, SEARCH_FORM } from '../core/search-key'
import { setPassword, usersWhere } from '../identity/credential'
import { type NewOwner, takeOverAs } from '../identity/take-over'
import { givePreset } from '../presets/give'
import { tellAdmin } from './join-notice'
import { joinRules, needsApproval, proofBehind } from './join-proof'
import { requester } from './requester'

/**
 * Whom the emailed link is for, and what they bring: an address without an account a password, one with a proven account the user that it proved to
 * be, one with an unproven account what takes it over.
 */
type Person = { email: string; name: string | null }
/** Whoever made the link, who has set the access that it gives. */
type Maker = { makerId: string; makerName: string }
export type Joiner = Person & Maker & ({ passwordHash: string } | { userId: string } | (NewOwner & { userId: string }))
/** `userId` is that of a proven account; whoever has another, or none, sets a password once they are let in. */
export type Asker = Person & { userId: string | undefined }

/** What the one statement that counted the use left for everything else in its batch to select by. */
type Counted = { nonce: string; jti: string }

/**
 * The holder of an emailed link is an active Tenant User with the access that the join link gives.
 * @returns false when it cannot be used any more, or the address gained, proved or lost its account meanwhile
 */
export async function join(act: Act, jti: string, joiner: Joiner): Promise<boolean> {
  const [counted, memberId] = [{ nonce: randomId(), jti }, crypto.randomUUID()]
  const userId = 'userId' in joiner ? joiner.userId : crypto.randomUUID()
  const them = membersWhere(sql`m.id = ${memberId}`)
  // Made before that of the preset, so that the log has it first: they are of one moment.
  const entry = record(act, 'joined', them, { after: linkNamed(counted) })
  const [won] = await act.db.batch([
    countUse(act, counted, sql`NOT ${needsApproval} AND ${mayJoin(joiner)}`),
    ...accountFor(act, counted, { ...joiner, userId }),
    insertMember(act, counted, { ...joiner, memberId, userId }),
    insertSections(act, counted, memberId),
    insertAgents(act, counted, memberId),
    ...givePreset(
      asMaker(act, joiner),
      sql`l.preset_id`,
      from(sql`members m JOIN join_links l ON l.id = m.join_link_id WHERE m.id = ${memberId}`, 'm'),
    ),
    spend(act, counted),
    entry,
    tellAdmin(act, 'joined', joined(counted, them)),
  ])
  return won.length === 1
}

/** The holder of an emailed link waits for an admin: not a member, and without a seat. @returns false as above */
export async function askToJoin(act: Act, jti: string, { email, name, userId }: Asker): Promise<boolean> {
  const [counted, requestId] = [{ nonce: randomId(), jti }, crypto.randomUUID()]
  const them = requester(requestId)
  const [won] = await act.db.batch([
    countUse(act, counted, sql`${needsApproval} AND ${userId ? provenAccount(userId) : noProvenAccount}`),
    raw(
      act.db,
      sql`
      INSERT INTO join_requests (id, tenant_id, link_id, email, email_key, name, created_at)
      SELECT ${requestId}, p.tenant_id, p.link_id, ${email}, p.email_key, ${name}, ${act.now} FROM ${joinerBehind(counted)}`,
    ),
    spend(act, counted),
    record(act, 'asked_to_join', them, { after: linkNamed(counted) }),
    tellAdmin(act, 'asked', joined(counted, them)),
  ])
  return won.length === 1
}

const asMaker = (act: Act, { makerId, makerName }: Maker): Act => ({
  ...act,
  by: { memberId: makerId, name: makerName, email: null, ip: null },
})

/** Over the proof `p`. */
function mayJoin(joiner: Joiner) {
  if (!('userId' in joiner)) return sql`NOT EXISTS (SELECT 1 FROM users u WHERE u.email_key = p.email_key)`
  return 'passwordHash' in joiner ? unprovenAccount(joiner.userId) : provenAccount(joiner.userId)
}

const theirs = sql`SELECT 1 FROM users u WHERE u.email_key = p.email_key`
const provenAccount = (userId: string) => sql`EXISTS (${theirs} AND u.id = ${userId} AND u.proved_at IS NOT NULL)`
const unprovenAccount = (userId: string) => sql`EXISTS (${theirs} AND u.id = ${userId} AND u.proved_at IS NULL)`
const noProvenAccount = sql`NOT EXISTS (${theirs} AND u.proved_at IS NOT NULL)`

/** `userId` is that of whoever joins, made for them or theirs already. */
function accountFor(act: Act, counted: Counted, joiner: Joiner & { userId: string }) {
  if (!('passwordHash' in joiner)) return []
  if (!('keep' in joiner)) return createAccount(act, counted, joiner)
  const account = sql`(SELECT u.id FROM users u WHERE u.id = ${joiner.userId} AND ${hasCounted(counted)})`
  return takeOverAs(act, account, sql`(SELECT l.tenant_id FROM ${joinerBehind(counted)})`, joiner)
}

/** Decides: whoever asks at the last use of a link finds that it has none left. `when` is a condition over the proof `p` and the link `l`. */
const countUse = (act: Act, { nonce, jti }: Counted, when: SQL) =>
  raw<{ id: string }>(
    act.db,
    sql`
    UPDATE join_links AS l SET uses = uses + 1, write_nonce = ${nonce} WHERE l.id = (SELECT p.link_id FROM join_proofs p WHERE p.jti = ${jti})
      AND EXISTS (SELECT 1 FROM ${proofBehind(jti)} AND NOT ${refuses(joinRules(act))} AND ${when}) RETURNING id`,
  )

const joinerBehind = ({ nonce, jti }: Counted): From<'p' | 'l'> =>
  from(sql`join_proofs p JOIN join_links l ON l.id = p.link_id AND p.jti = ${jti} AND l.write_nonce = ${nonce}`, 'p', 'l')

const hasCounted = (counted: Counted) => sql`EXISTS (SELECT 1 FROM ${joinerBehind(counted)})`

type NewAccount = { userId: string; passwordHash: string; name: string | null }

const createAccount = (act: Act, counted: Counted, { userId, passwordHash, name }: NewAccount) => [
  raw(
    act.db,
    sql`
    INSERT INTO users (id, email, email_key, name, proved_at, created_at)
    SELECT ${userId}, p.email, p.email_key, ${name}, ${act.now}, ${act.now} FROM ${joinerBehind(counted)}`,
  ),
  setPassword(act, passwordHash, usersWhere(sql`u.id = ${userId} AND ${hasCounted(counted)}`)),
]

type NewMember = Person & { memberId: string; userId: string }

/** A session from before they left must not come back with them. An account whose name changed meanwhile has its search key made anew by the Cron. */
const insertMember = ({ db, now }: Act, counted: Counted, { memberId, userId, email, name }: NewMember) =>
  raw(
    db,
    sql`
    INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at, valid_from, search_key,
      search_form, join_link_id, agents_by_id, agents_at)
    SELECT ${memberId}, p.tenant_id, u.id, p.email, p.email_key, 'user', 'active', l.agent_mode, ${now}, ${now},
      coalesce((SELECT d.at + 1 FROM departures d WHERE d.user_id = u.id AND d.tenant_id = p.tenant_id), 0),
      ${personKey({ email, name })}, iif(u.name IS ${name}, ${SEARCH_FORM}, 0), l.id, iif(${areOwn}, l.maker_id, NULL), iif(${areOwn}, ${now}, NULL)
    FROM ${joinerBehind(counted)} JOIN users u ON u.id = ${userId} JOIN tenants t ON t.id = p.tenant_id`,
  )

/** Whether the link `l` says something of agents: the default of the workspace `t` is nobody's choice. */
const areOwn = sql`(l.agent_mode <> t.default_agent_mode OR l.agent_mode = 'list' AND l.agents <> '[]')`

const insertSections = ({ db, now }: Act, counted: Counted, memberId: string) =>
  raw(
    db,
    sql`
    INSERT INTO member_sections (tenant_id, member_id, section, access, by_id, at)
    SELECT l.tenant_id, ${memberId}, o.key, o.value, l.maker_id, ${now} FROM ${joinerBehind(counted)}, json_each(l.overrides) o`,
  )

/** Those that are still there. */
const insertAgents = ({ db }: Act, counted: Counted, memberId: string) =>
  raw(
    db,
    sql`
    INSERT INTO member_agents (tenant_id, member_id, agent_id)
    SELECT l.tenant_id, ${memberId}, a.id FROM ${joinerBehind(counted)}, json_each(l.agents) g JOIN agents a ON a.id = g.value AND a.tenant_id = l.tenant_id
    WHERE l.agent_mode = 'list'`,
  )

/** The emailed link; what else was emailed to the address finds that it is here. */
const spend = ({ db }: Act, counted: Counted) =>
  raw(db, sql`UPDATE join_proofs SET state = 'used' WHERE jti = ${counted.jti} AND ${hasCounted(counted)}`)

const linkNamed = (counted: Counted) =>
  sql`(SELECT iif(l.label IS NULL, NULL, json_object('link', l.label)) FROM ${joinerBehind(counted)})`

/** Somebody who joined or asks to, and the link that they used. */
const joined = (counted: Counted, them: From<'m'>) =>
  from(sql`(SELECT m.* FROM ${them}) m CROSS JOIN ${joinerBehind(counted)}`, 'm', 'l')
