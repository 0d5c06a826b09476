import { afterEach, beforeEach, expect, it } from 'vitest'
import { codeAt, codeFor, hasAuthenticatorApp } from './authenticator-apps'
import { Client } from './client'
import { run } from './database'
import { factorLinkFor, provedLink } from './factor-link'
import { halfSignedIn, hasRecoveryCode, RECOVERY_CODE } from './half-sign-in'
import { listen } from './logged'
import { assertionOf, hasSoftPasskey, type Misbehaviour, type SoftPasskey } from './passkey'
import { PASS_PHRASE } from './routes'

let passkey: SoftPasskey
let ear: ReturnType<typeof listen> | undefined
beforeEach(async () => {
  await hasAuthenticatorApp('bob')
  await hasRecoveryCode('bob')
  passkey = await hasSoftPasskey('bob')
})
afterEach(() => ear?.stop())

/** The last of these requests. */
async function lineOf(request: () => Promise<unknown>) {
  ear = listen()
  await request()
  const line = ear.stop().findLast((text) => text.includes('"status"'))
  return JSON.parse(line ?? '{}')
}

async function byCode(code: string) {
  const bob = await halfSignedIn('bob', 'one')
  return bob.post('/login/second-step', { sign_in: 'one', code })
}

async function byPasskey(how?: Misbehaviour) {
  const bob = new Client()
  const { challenge } = await (await bob.post('/login/passkey/options')).json<{ challenge: string }>()
  return bob.post('/login/passkey', { response: await assertionOf(passkey, challenge, how) })
}

async function byLink(password: string) {
  const { paths, token } = await factorLinkFor('bob')
  return new Client().post(paths.page, { token, password })
}

async function useLink() {
  const link = await factorLinkFor('bob')
  const { browser, fields, secret } = await provedLink(link, PASS_PHRASE)
  return browser.post(link.paths.authenticatorApp, { ...fields, code: codeFor(secret) })
}

const hasToWait = (request: () => Promise<unknown>) => async () => {
  const until = Date.now() + 60_000
  await run("INSERT INTO throttles VALUES ('sign-in:account:bob@acme.test', 9, ?1, ?1)", until)
  return request()
}

async function byClone() {
  await run("UPDATE credentials SET counter = 1000 WHERE kind = 'passkey'")
  return byPasskey()
}

const account = expect.stringMatching(/^[\da-f]{16}$/)
const user = 'user-bob'
const [FAIL, MOST] = ['authn_login_fail', 'authn_login_fail_max']
const LINES: Record<string, [() => Promise<unknown>, object]> = {
  'a code of the app': [() => byCode(codeAt()), { event: 'authn_login_success', user, factor: 'totp' }],
  'a recovery code': [() => byCode(RECOVERY_CODE), { event: 'authn_login_success', user, factor: 'recovery' }],
  'a wrong code of the app': [() => byCode('000 000'), { event: FAIL, reason: 'wrong', factor: 'totp', account }],
  'a wrong recovery code': [() => byCode('wrong'), { event: FAIL, reason: 'wrong', factor: 'recovery', account }],
  'a code that has to wait': [hasToWait(() => byCode('000000')), { event: MOST, reason: 'too_many_tries', account }],
  'a passkey': [byPasskey, { event: 'authn_login_success', user, factor: 'passkey' }],
  'a passkey that signed wrongly': [
    () => byPasskey({ verified: false }),
    { event: FAIL, reason: 'passkey_wrong', factor: 'passkey', account },
  ],
  'a passkey of which there is a copy': [byClone, { event: 'authn_token_reuse', reason: 'passkey_cloned', account }],
  'a passkey that has to wait': [hasToWait(byPasskey), { event: MOST, reason: 'too_many_tries', factor: 'passkey' }],
  'the password behind a link': [() => byLink(PASS_PHRASE), { event: 'authn_login_second_factor', user, account }],
  'a wrong password behind a link': [() => byLink('wrong'), { event: FAIL, reason: 'wrong', factor: 'password', account }],
  'a password behind a link that has to wait': [hasToWait(() => byLink('wrong')), { event: MOST, factor: 'password', account }],
  'a factor that a link set up': [useLink, { event: 'authn_login_success', user, factor: 'totp' }],
}

it.each(Object.entries(LINES))('what came of %s is in the log, and no address', async (_, [act, line]) => {
  const written = await lineOf(act)
  expect(written).toMatchObject(line)
  expect(JSON.stringify(written)).not.toContain('bob@acme.test')
})
