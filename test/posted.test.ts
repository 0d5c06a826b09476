import { expect, it } from 'vitest'
import { hasAuthenticatorApp } from './authenticator-apps'
import { type Client, signedIn } from './client'
import { all, run } from './database'
import { hasRecoveryCode, RECOVERY_CODE } from './half-sign-in'
import { unproven } from './late'
import { call, callerOf, fieldsOf, pathOf, posters } from './routes'

/** What each route emails. */
const EMAILS: Record<string, string[]> = {
  'POST /login': ['new_browser'],
  'POST /login/passkey': ['new_browser'],
  'POST /login/second-step': ['new_browser', 'recovery_code_used'],
  'POST /forgot-password': ['password_reset'],
  'POST /forgot-password (pending)': ['fresh_invitation'],
  'POST /reset-password/:link': ['password_changed'],
  'POST /second-factor/:link/authenticator-app': ['factor_was_reset'],
  'POST /second-factor/:link/passkey': ['factor_was_reset'],
  'POST /invitation/:link/renew': ['fresh_invitation'],
  'POST /join/:link': ['join'],
  'POST /w/:workspace/access/requests/:id/approve': ['invitation'],
  'POST /w/:workspace/access/requests/:id/decline': ['join_declined'],
  'POST /w/:workspace/access/requests/apps/:member/:app/approve': ['access_given'],
  'POST /w/:workspace/access/requests/apps/:member/:app/decline': ['access_declined'],
  'POST /w/:workspace/access/invitations': ['invitation'],
  'POST /w/:workspace/access/invitations (preset)': ['invitation'],
  'POST /w/:workspace/access/invitations/unsent': ['invitation'],
  'POST /w/:workspace/access/users/:id/resend': ['invitation'],
  'POST /w/:workspace/access/users/:id/address': ['invitation'],
  'POST /w/:workspace/access/changes/:change (resend)': ['invitation'],
  'POST /w/:workspace/access/users/:id/reset-factor': ['factor_reset'],
  'POST /w/:workspace/access/mail/test': ['test'],
  'POST /account/password': ['password_changed'],
  'POST /account/password/first': ['password_changed'],
  'POST /account/second-factor/link': ['factor_link'],
  'POST /account/passkeys': ['factor_added'],
  'POST /account/passkeys/:id/remove': ['factor_removed'],
  'POST /account/authenticator-app': ['factor_added'],
  'POST /account/authenticator-app (another)': ['factor_added'],
  'POST /account/authenticator-app/remove': ['factor_removed'],
  'POST /account/recovery-codes': ['recovery_codes_made'],
}

const queued = () => all<{ id: string; kind: string }>('SELECT id, kind FROM mails ORDER BY kind')

/** What this queues is on its way, and does not wait for the sweep. */
async function expectPosted(client: Client, kinds: string[], act: () => Promise<unknown>) {
  const before = (await queued()).map(({ id }) => id)
  await act()
  const made = (await queued()).filter(({ id }) => !before.includes(id))

  expect(made.map(({ kind }) => kind)).toEqual(kinds)
  expect(client.posted).toEqual(expect.arrayContaining(made.map(({ id }) => id)))
}

it.each(posters)('%s sends its emails at once', async (name) => {
  const client = await callerOf(name)
  const [path, fields] = [await pathOf(name), await fieldsOf(name)]
  await run('UPDATE users SET browsers_since = 1')
  await expectPosted(client, EMAILS[name] ?? [], () => call(client, name, { path, fields }))
})

it('a recovery code that confirms who somebody is sends its email at once', async () => {
  const bob = await signedIn('bob')
  await hasAuthenticatorApp('bob')
  await hasRecoveryCode('bob')
  await unproven()
  await expectPosted(bob, ['recovery_code_used'], () => bob.post('/confirm', { code: RECOVERY_CODE }))
})
