import { expect, it } from 'vitest'
import { codeAt, hasAuthenticatorApp } from './authenticator-apps'
import { Client } from './client'
import { halfSignedIn } from './half-sign-in'
import { assertionOf, hasSoftPasskey } from './passkey'

const HOME = '/w/acme/agents'
const ELSEWHERE = ['https://evil.test/', '//evil.test', '/\\evil.test', '/.//evil.test']

it.each(ELSEWHERE)('no way of signing in with a second factor leads to %s', async (next) => {
  await hasAuthenticatorApp('bob')
  const passkey = await hasSoftPasskey('bob')
  const bob = await halfSignedIn('bob', 'one')
  expect(await (await bob.get(`/login/second-step?in=one&next=${encodeURIComponent(next)}`)).text()).not.toContain('evil.test')
  const byCode = await bob.post('/login/second-step', { sign_in: 'one', code: codeAt(), next })

  const client = new Client()
  const { challenge } = await (await client.post('/login/passkey/options')).json<{ challenge: string }>()
  const byPasskey = await client.post('/login/passkey', { response: await assertionOf(passkey, challenge), next })

  for (const answer of [byCode, byPasskey]) expect([answer.status, answer.headers.get('Location')]).toEqual([303, HOME])
})

it.each(ELSEWHERE)('what asks for a passkey again does not keep %s', async (next) => {
  const answer = await new Client().post('/login/passkey', { response: '', next })
  expect([answer.status, (await answer.text()).includes('evil.test')]).toEqual([422, false])
})
