import { linkOf, randomSecret } from '../src/models/core/random'
import { invitationPaths, resetPath } from '../src/paths'
import { linkIn, one, resetLinkIn, run } from './database'

type Fields = Record<string, string | string[]>

/** The link in the invitation of Acme to Pia, or of Globex to Bob, who has an account. */
export async function linkFor(who: 'pia' | 'bob') {
  if (who === 'pia') return linkIn('pia@acme.test')
  if (!(await one("SELECT 1 FROM members WHERE id = 'bob-globex'"))) await inviteBob()
  return linkIn('bob@acme.test')
}

async function inviteBob() {
  const now = Date.now()
  await run(
    `INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
     VALUES ('bob-globex', 'globex', 'bob@acme.test', 'bob@acme.test', 'user', 'pending', 'all', ?)`,
    now,
  )
  await run(
    `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_id, inviter_name, state, created_at, expires_at)
     VALUES ('invitation-bob', 'globex', 'bob-globex', 'invite', ?, 'cat', 'Cat Lindqvist', 'open', ?, ?)`,
    randomSecret(),
    now,
    now + 3_600_000,
  )
}

/** The open reset of Bob, made where there is none. */
export async function resetLink() {
  const open = await one("SELECT 1 FROM password_resets WHERE user_id = 'user-bob' AND state = 'open'")
  const now = Date.now()
  if (!open)
    await run(
      `INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at) VALUES ('reset-bob', 'user-bob', ?, 'open', ?, ?)`,
      randomSecret(),
      now,
      now + 1_800_000,
    )
  return resetLinkIn('bob@acme.test')
}

const tokenIn = (link: string) => new URL(link, 'https://latchkey.test').searchParams.get('token') ?? ''

async function jtiOf(table: 'invitations' | 'password_resets', id: string) {
  const row = await one<{ jti: string }>(`SELECT jti FROM ${table} WHERE id = ?`, id)
  return row?.jti ?? ''
}

/** The page of the open invitation of an address, and what its forms carry. */
export async function pageOf(address: string) {
  const row = await one<{ jti: string }>(
    "SELECT i.jti FROM invitations i JOIN members m ON m.id = i.member_id WHERE m.email_key = ? AND i.state = 'open'",
    address,
  )
  return invitationPaths(await linkOf(row?.jti ?? ''))
}

export const tokenOf = async (address: string) => tokenIn(await linkIn(address))

export const invitationOf = (who: 'pia' | 'bob', path: keyof ReturnType<typeof invitationPaths>) => async () => {
  await linkFor(who)
  return invitationPaths(await linkOf(await jtiOf('invitations', `invitation-${who}`)))[path]
}

export async function resetPage() {
  await resetLink()
  return resetPath(await linkOf(await jtiOf('password_resets', 'reset-bob')))
}

export const withToken = (who: 'pia' | 'bob', fields: Fields) => async () => ({ ...fields, token: tokenIn(await linkFor(who)) })
export const withResetToken = (fields: Fields) => async () => ({ ...fields, token: tokenIn(await resetLink()) })
