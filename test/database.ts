import { env } from 'cloudflare:workers'
import { readEnv } from '../src/env'
import { signerOf } from '../src/models/identity/keyring'
import { signToken } from '../src/models/identity/token'

export const all = async <T = Record<string, unknown>>(query: string, ...values: unknown[]) =>
  (
    await env.DB.prepare(query)
      .bind(...values)
      .all<T>()
  ).results

export const one = async <T = Record<string, unknown>>(query: string, ...values: unknown[]) => (await all<T>(query, ...values))[0]

export const run = (query: string, ...values: unknown[]) =>
  env.DB.prepare(query)
    .bind(...values)
    .run()

type Row = { jti: string; iat: number; exp: number }

const INVITATION = `
  SELECT i.jti, i.created_at AS iat, i.expires_at AS exp FROM invitations i JOIN members m ON m.id = i.member_id
  WHERE m.email_key = ? AND i.state = 'open'`
const RESET = `
  SELECT r.jti, r.created_at AS iat, r.expires_at AS exp FROM password_resets r JOIN users u ON u.id = r.user_id
  WHERE u.email_key = ? AND r.state = 'open'`

/** The path that the newest invitation mail to this address leads to. */
export async function linkIn(address: string, bindings = env) {
  const row = await one<Row>(INVITATION, address)
  if (!row) throw new Error(`no open invitation for ${address}`)
  return `/invitation?token=${await signToken(signerOf(readEnv(bindings).INVITATION_KEYS, Date.now()), 'invitation', row)}`
}

export async function resetLinkIn(address: string, bindings = env) {
  const row = await one<Row>(RESET, address)
  if (!row) throw new Error(`no open reset for ${address}`)
  return `/reset-password?token=${await signToken(signerOf(readEnv(bindings).RESET_KEYS, Date.now()), 'password_reset', row)}`
}

const TABLES = `
  SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
    AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*' AND name <> 'd1_migrations' ORDER BY name`

let tables: string[] | undefined

/** Every row of every table; sessions without when they were last seen. */
export async function dump() {
  tables ??= (await all<{ name: string }>(TABLES)).map(({ name }) => name)
  // Most are empty, and each statement of a batch has its price.
  const some = await one<Record<string, number>>(
    `SELECT ${tables.map((name) => `EXISTS (SELECT 1 FROM ${name}) AS ${name}`).join(', ')}`,
  )
  const filled = tables.filter((name) => some?.[name])
  const statements = filled.map((name) => env.DB.prepare(`SELECT * FROM ${name}`))
  const results = statements.length > 0 ? await env.DB.batch<Record<string, unknown>>(statements) : []
  const rows = new Map(filled.map((name, i) => [name, results[i]?.results ?? []]))
  return Object.fromEntries(tables.map((name) => [name, sorted((rows.get(name) ?? []).map(({ last_seen_at: _, ...row }) => row))]))
}

const sorted = (rows: Record<string, unknown>[]) =>
  rows
    .map((row) => ({ row, text: JSON.stringify(row) }))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ row }) => row)

/** Every row but the counters of tries and what passkeys are asked to sign, which a refused request may raise and use up. */
export async function facts() {
  const { throttles: _tries, challenges: _asked, ...tables } = await dump()
  for (const half of tables.sign_ins ?? []) delete half.tries
  return tables
}
