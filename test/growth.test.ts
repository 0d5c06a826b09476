import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { signedIn } from './client'
import { dump, run } from './database'

/** What a later release may bring: words that no table has heard of yet, a column, and a table that refers by an id to one that is full. */
const LATER = [
  'ALTER TABLE members ADD COLUMN level INTEGER',
  'CREATE UNIQUE INDEX credentials_by_id ON credentials (id)',
  'CREATE TABLE passkeys (credential_id TEXT PRIMARY KEY REFERENCES credentials (id) ON DELETE CASCADE, counter INTEGER NOT NULL) STRICT',
]

const GROWN: Record<string, string> = {
  'a kind of email': `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, created_at)
    VALUES ('new', 'acme', 'bob', 'poem', 'bob@acme.test', 'bob@acme.test', 1)`,
  'a state of an email': "UPDATE mails SET state = 'held' WHERE id = 'mail-pia'",
  'a role': "UPDATE members SET role = 'auditor' WHERE id = 'bob'",
  'a state of a member': "UPDATE members SET status = 'waiting' WHERE id = 'bob'",
  'an agent mode': "UPDATE members SET agent_mode = 'preset' WHERE id = 'bob'",
  'a kind of credential': `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
    VALUES ('key', 'user-bob', 'passkey', 'public key', 1, 1)`,
  'a user without a password': "DELETE FROM credentials WHERE user_id = 'user-bob'",
  'a kind of invitation': "UPDATE invitations SET kind = 'join' WHERE id = 'invitation-pia'",
  'a reason for suppression':
    "INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES ('x@acme.test', 'acme', 'bounced', 1)",
}

it.each(Object.entries(GROWN))('%s is added to a filled database, and nothing is lost', async (_, change) => {
  const before = await dump()
  await env.DB.batch([...LATER, change].map((statement) => env.DB.prepare(statement)))
  const after = await dump()

  for (const [table, rows] of Object.entries(before)) {
    const lost = change.startsWith('DELETE') && table === 'credentials' ? 1 : 0
    expect(after[table]?.length, table).toBeGreaterThanOrEqual(rows.length - lost)
  }
  expect((await (await signedIn('ada')).get('/w/acme/access/users')).status).toBe(200)
})

it('what must always be so is refused whatever the words', async () => {
  await expect(run("UPDATE members SET user_id = NULL WHERE id = 'bob'")).rejects.toThrow(/CHECK/)
  await expect(run("UPDATE members SET status = 'ended' WHERE id = 'pia'")).rejects.toThrow(/CHECK/)
  await expect(run("UPDATE invitations SET state = 'revoked' WHERE id = 'invitation-pia'")).rejects.toThrow(/CHECK/)
  await expect(run("UPDATE tenants SET id = 'acme-2' WHERE id = 'acme'")).rejects.toThrow(/never changes/)
})

it('a slug is never given again, also when its workspace is gone', async () => {
  await run("INSERT INTO tenants (id, name, created_at) VALUES ('initech', 'Initech', 1)")
  await run("DELETE FROM tenants WHERE id = 'initech'")
  await expect(run("INSERT INTO tenants (id, name, created_at) VALUES ('initech', 'Initech', 1)")).rejects.toThrow(/UNIQUE/)
})
