import { expect, it } from 'vitest'
import { type Client, signedIn } from './client'
import { all, run } from './database'
import { hasApp, hasRecoveryCode, RECOVERY_CODE } from './half-sign-in'
import { unproven } from './late'
import { call, callerOf, fieldsOf, pathOf } from './routes'

/** What is emailed about an account, by what was done. */
const EMAILS: Record<string, string> = {
  'POST /login': 'new_browser',
  'POST /login/passkey': 'new_browser',
  'POST /login/second-step': 'recovery_code_used',
  'POST /account/passkeys': 'factor_added',
  'POST /account/authenticator-app': 'factor_added',
  'POST /account/passkeys/:id/remove': 'factor_removed',
  'POST /account/authenticator-app/remove': 'factor_removed',
  'POST /account/recovery-codes': 'recovery_codes_made',
  'POST /account/password': 'password_changed',
  'POST /account/password/first': 'password_changed',
  'POST /account/second-factor/link': 'factor_link',
  'POST /reset-password/:link': 'password_changed',
  'POST /second-factor/:link/authenticator-app': 'factor_was_reset',
  'POST /second-factor/:link/passkey': 'factor_was_reset',
  'POST /w/:workspace/access/users/:id/reset-factor': 'factor_reset',
}

const queued = () => all<{ id: string; kind: string }>('SELECT id, kind FROM mails ORDER BY id')

/** Every email that is queued by this is on its way, and does not wait for the sweep. */
async function expectPosted(client: Client, kind: string, act: () => Promise<unknown>) {
  const before = (await queued()).map(({ id }) => id)
  await act()
  const made = (await queued()).filter(({ id }) => !before.includes(id))

  expect(made.map((each) => each.kind)).toContain(kind)
  expect(client.posted.toSorted()).toEqual(made.map(({ id }) => id))
}

it.each(Object.entries(EMAILS))('%s sends its email of %s at once', async (name, kind) => {
  const client = await callerOf(name)
  const [path, fields] = [await pathOf(name), await fieldsOf(name)]
  await run('UPDATE users SET browsers_since = 1')
  await expectPosted(client, kind, () => call(client, name, { path, fields }))
})

it('a recovery code that confirms who somebody is sends its email at once', async () => {
  const bob = await signedIn('bob')
  await hasApp('bob')
  await hasRecoveryCode('bob')
  await unproven()
  await expectPosted(bob, 'recovery_code_used', () => bob.post('/confirm', { code: RECOVERY_CODE }))
})
