import { env } from 'cloudflare:workers'
import { readEnv } from '../src/env'
import type { Act, MemberAct } from '../src/models/core/act'
import { linkOf, sha256 } from '../src/models/core/random'
import { signerOf } from '../src/models/identity/keyring'
import { signToken } from '../src/models/identity/token'
import { askForLink } from '../src/models/join-links/ask-for-link'
import { makeJoinLink, type NewJoinLink } from '../src/models/join-links/make'
import { joinPaths, joinProofPaths } from '../src/paths'
import { actNamed, somebody, typed } from './cast'
import { one, run } from './database'

const DRAFT: NewJoinLink = {
  label: null,
  domains: [],
  approval: false,
  uses: 10,
  days: 7,
  overrides: {},
  agentMode: 'all',
  agentIds: [],
}

/** A link of Acme, with its secret. */
export async function joinLink(draft: Partial<NewJoinLink> = {}, act?: MemberAct) {
  const made = await makeJoinLink(act ?? (await actNamed('ada')), { ...DRAFT, ...draft })
  if ('reason' in made) throw new Error(made.reason)
  return made
}

let networks = 0

/** The `jti` of what was emailed to this address, from a network of its own. */
export async function proofFor(link: { jti: string }, email: string, act: Act = somebody()): Promise<string> {
  const by = { ...act.by, ip: `203.0.${++networks >> 8}.${networks & 255}` }
  const asked = await askForLink({ ...act, by }, await sha256(link.jti), typed(email))
  if (!('mailId' in asked)) throw new Error(asked.reason)
  const row = await one<{ jti: string }>(
    'SELECT p.jti FROM mails x JOIN join_proofs p ON p.id = x.join_proof_id WHERE x.id = ?',
    asked.mailId,
  )
  if (!row) throw new Error(`nothing was emailed to ${email}`)
  return row.jti
}

const hour = () => ({ iat: Date.now(), exp: Date.now() + 3_600_000 })

/** Where the link leads that an admin copied, and the page behind it. */
export async function publicLink({ jti }: { jti: string }) {
  const token = await signToken(signerOf(readEnv(env).JOIN_LINK_KEYS, Date.now()), 'join_link', { jti, ...hour() })
  return { url: `/join?token=${token}`, token, to: joinPaths(await linkOf(jti)) }
}

/** The same of the link that was emailed. */
export async function emailedLink(jti: string) {
  const token = await signToken(signerOf(readEnv(env).JOIN_KEYS, Date.now()), 'join', { jti, ...hour() })
  return { url: `/join/confirm?token=${token}`, token, to: joinProofPaths(await linkOf(jti)) }
}

/** Of 43 characters, as every `jti`. */
const jtiLike = (name: string) => name.padEnd(43, '-')
const LINK = jtiLike('a-link-of-acme')

/** A link that Acme and Globex have each, beside what the seeds have; `approval` where that is what the route is about. */
export async function seededLink(tenant: 'acme' | 'globex' = 'acme', { approval = false } = {}) {
  const jti = tenant === 'acme' ? LINK : jtiLike('a-link-of-globex')
  await run(
    `INSERT OR IGNORE INTO join_links (id, tenant_id, secret_hash, maker_id, maker_name, overrides, agent_mode, agents, domains, approval, most_uses,
       created_at, expires_at)
     VALUES (?, ?, ?, ?, 'Ada Lind', '{}', 'all', '[]', '[]', 0, 10, 1000, ?)`,
    `link-${tenant}`,
    tenant,
    await sha256(jti),
    tenant === 'acme' ? 'ada' : 'cat',
    Date.now() + 86_400_000,
  )
  if (approval) await run('UPDATE join_links SET approval = 1 WHERE id = ?', `link-${tenant}`)
  return { id: `link-${tenant}`, jti }
}

/** What that link of Acme had emailed to this address. */
export async function seededProof(email: string, options: { approval?: boolean } = {}) {
  await seededLink('acme', options)
  const now = Date.now()
  const jti = jtiLike(`a-proof-of-${email.replace(/\W/g, '-')}`)
  await run(
    `INSERT OR IGNORE INTO join_proofs (id, tenant_id, link_id, email, email_key, jti, state, created_at, expires_at)
     VALUES (?, 'acme', 'link-acme', ?, ?, ?, 'open', ?, ?)`,
    `proof-${email}`,
    email,
    email,
    jti,
    now,
    now + 3_600_000,
  )
  return jti
}

/** Somebody who waits in either workspace. */
export async function seededRequest(tenant: 'acme' | 'globex' = 'acme') {
  await seededLink(tenant)
  const id = `request-${tenant}`
  await run(
    `INSERT OR IGNORE INTO join_requests (id, tenant_id, link_id, email, email_key, name, created_at)
     VALUES (?, ?, ?, 'quinn@acme.test', 'quinn@acme.test', 'Quinn', 1000)`,
    id,
    tenant,
    `link-${tenant}`,
  )
  return id
}

/** The `jti`s of what a link has emailed to all of these, without the limits of a network. */
export async function proofsFor({ id }: { id: string }, emails: string[]) {
  const rows = emails.map((email) => ({ email, jti: crypto.randomUUID().padEnd(43, '-') }))
  await run(
    `INSERT INTO join_proofs (id, tenant_id, link_id, email, email_key, jti, state, created_at, expires_at)
     SELECT value ->> 'jti', l.tenant_id, l.id, value ->> 'email', value ->> 'email', value ->> 'jti', 'open', ?, ?
     FROM join_links l, json_each(?) WHERE l.id = ?`,
    Date.now(),
    Date.now() + 3_600_000,
    JSON.stringify(rows),
    id,
  )
  return rows.map(({ jti }) => jti)
}
