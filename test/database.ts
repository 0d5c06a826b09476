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

const COLUMNS = `
  SELECT l.name AS "table", json_group_array(c.name) AS columns FROM pragma_table_list l, pragma_table_xinfo(l.name) c
  WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT GLOB 'sqlite_*' AND l.name NOT GLOB '_cf_*' AND l.name <> 'd1_migrations'
    AND c.name <> 'last_seen_at'
  GROUP BY l.name ORDER BY l.name`

let tables: { name: string; columns: string[] }[] | undefined

/** Every row of every table; sessions without when they were last seen. One statement, since each has its price and most tables are empty. */
export async function dump() {
  tables ??= (await all<{ table: string; columns: string }>(COLUMNS)).map(({ table, columns }) => ({
    name: table,
    columns: JSON.parse(columns),
  }))
  const row = await one<Record<string, string>>(`SELECT ${tables.map(rowsOf).join(', ')}`)
  return Object.fromEntries(tables.map(({ name, columns }) => [name, sorted(JSON.parse(row?.[name] ?? '[]')).map(named(columns))]))
}

const rowsOf = ({ name, columns }: { name: string; columns: string[] }) =>
  `(SELECT json_group_array(json_array(${columns.map((column) => `"${column}"`).join(', ')})) FROM ${name}) AS ${name}`

const named =
  (columns: string[]) =>
  (values: unknown[]): Record<string, unknown> =>
    Object.fromEntries(columns.map((column, i) => [column, values[i]]))

const sorted = (rows: unknown[][]) =>
  rows
    .map((values) => ({ values, text: JSON.stringify(values) }))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ values }) => values)

/** Every row but the counters of tries and what passkeys are asked to sign, which a refused request may raise and use up. */
export async function facts() {
  const { throttles: _tries, challenges: _asked, ...tables } = await dump()
  for (const half of tables.sign_ins ?? []) delete half.tries
  return tables
}
