import { Browser } from '../browser'
import { signedIn, signedInAs } from '../client'
import { run } from '../database'

/** A browser in which one of the cast is signed in, on the page that signing in leads to. */
export async function browserOf(name: Parameters<typeof signedIn>[0], tenant?: string) {
  const browser = new Browser(await signedIn(name, tenant))
  await browser.open('/')
  return browser
}

/** An admin without anything: a new workspace with one person in it. */
export async function browserOfNewWorkspace(name: string) {
  await run("INSERT INTO tenants (id, name, created_at) VALUES ('new', ?, 1)", name)
  await run(`INSERT INTO users (id, email, email_key, name, proved_at, created_at)
    VALUES ('user-mira', 'mira@new.test', 'mira@new.test', 'Mira Solberg', 1, 1)`)
  await run(`INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
    SELECT 'password-mira', 'user-mira', kind, secret, 1, 1 FROM credentials WHERE user_id = 'user-ada'`)
  await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    VALUES ('mira', 'new', 'user-mira', 'mira@new.test', 'mira@new.test', 'admin', 'active', 'all', 1, 1)`)
  const browser = new Browser(await signedInAs('user-mira', 'new'))
  await browser.open('/')
  return browser
}

/** Invites an address through the form, as an admin does. */
export async function inviteBy(admin: Browser, address: string, role = 'Tenant User') {
  await admin.open('/')
  await admin.follow('Access Management')
  await admin.follow('Invite User')
  admin.fill('Email address', address)
  admin.check(role)
  await admin.press('Send Invite')
}

/** The cooldown between two emails to an address is over. */
export const coolDown = (address: string) => run('UPDATE mails SET created_at = created_at - 120000 WHERE to_key = ?', address)
