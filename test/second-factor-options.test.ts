import { expect, it } from 'vitest'
import { hasAuthenticatorApp } from './authenticator-apps'
import { signedIn } from './client'
import { provedFactor } from './factors'
import { unproven } from './late'
import { hasSoftPasskey } from './passkey'

type Options = { allowCredentials?: { id: string }[]; excludeCredentials?: { id: string }[] }
const idsIn = (credentials: { id: string }[] = []) => credentials.map(({ id }) => id)

it('a fresh proof is asked of the passkeys that its person has, and of nobody else’s', async () => {
  const [bobs] = [await hasSoftPasskey('bob'), await hasSoftPasskey('ada')]
  const bob = await signedIn('bob')
  await unproven()
  const options = await (await bob.post('/confirm/options')).json<Options>()

  expect(idsIn(options.allowCredentials)).toEqual([bobs.id])
})

it('its page offers what its person has, and nothing that others have', async () => {
  await hasAuthenticatorApp('bob')
  await hasSoftPasskey('ada')
  const bob = await signedIn('bob')
  await unproven()
  const page = await (await bob.get('/confirm')).text()

  expect([page.includes('name="code"'), page.includes('name="response"')]).toEqual([true, false])
})

it('a new passkey is asked of a device that has none of its person’s, whatever others have', async () => {
  const [bobs] = [await hasSoftPasskey('bob'), await hasSoftPasskey('ada')]
  const bob = await signedIn('bob')
  await provedFactor('bob')
  const options = await (await bob.post('/account/passkeys/options')).json<Options>()

  expect(idsIn(options.excludeCredentials)).toEqual([bobs.id])
})
