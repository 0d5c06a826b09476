import { beforeEach, describe, expect, it } from 'vitest'
import { newSession, startSession } from '../src/models/identity/session'
import { codeAt, hasAuthenticatorApp } from './authenticator-apps'
import { somebody } from './cast'
import { type Client, signedIn } from './client'
import { all, facts, one, run } from './database'
import { halfSignedIn } from './half-sign-in'
import { assertionOf, attestationOf, hasSoftPasskey, type SoftPasskey, softPasskey } from './passkey'
import { PASS_PHRASE } from './routes'

const BOB = 'bob@acme.test'
const FROM = { ip: '203.0.113.7', userAgent: 'Test' }
const sessions = () => all('SELECT user_id FROM sessions')

let passkey: SoftPasskey
beforeEach(async () => {
  passkey = await hasSoftPasskey('bob')
})

const challengeFrom = async (client: Client, path: string) => {
  const { challenge } = await (await client.post(path)).json<{ challenge: string }>()
  return challenge
}

/** A session that is old enough for a fresh proof to be asked for, by whoever has a second factor. */
const signedInLongAgo = async () => {
  const bob = await signedIn('bob')
  await run('UPDATE sessions SET created_at = created_at - 600000, proved_at = 0, factor_at = 0')
  return bob
}

describe('a session', () => {
  it('begins by no way with a password alone, where there is a second factor by the time it is written', async () => {
    const act = somebody()
    const row = await one<{ secret: string }>("SELECT secret FROM credentials WHERE user_id = 'user-bob' AND kind = 'password'")
    const proven = { kind: 'password', userId: 'user-bob', secret: row?.secret ?? '' } as const
    const [begun] = await act.db.batch([...startSession(act, await newSession(), [proven], FROM, undefined)])

    expect([begun, await sessions()]).toEqual([[], []])
  })

  it('that was planted is no more than it was, after a password and before its second step', async () => {
    const browser = await signedIn('ada')
    const planted = browser.cookies.get('__Host-session')
    await browser.post('/login', { email: BOB, password: PASS_PHRASE })

    expect(browser.cookies.get('__Host-session')).toBe(planted)
    expect(await sessions()).toEqual([{ user_id: 'user-ada' }])
  })
})

describe('what a passkey signed', () => {
  it('to sign in confirms nothing, and what it signed to confirm signs nobody in', async () => {
    const bob = await signedInLongAgo()
    const toSignIn = await assertionOf(passkey, await challengeFrom(bob, '/login/passkey/options'))
    const toConfirm = await assertionOf(passkey, await challengeFrom(bob, '/confirm/options'))
    const before = await facts()

    expect((await bob.post('/confirm', { response: toSignIn })).status).toBe(422)
    expect((await bob.post('/login/passkey', { response: toConfirm })).status).toBe(422)
    expect({ ...(await facts()), challenges: [], activity: [] }).toEqual({ ...before, challenges: [], activity: [] })
  })

  it('for one session confirms no other of the same person', async () => {
    const [one, other] = [await signedInLongAgo(), await signedInLongAgo()]
    const response = await assertionOf(passkey, await challengeFrom(one, '/confirm/options'))

    expect([(await other.post('/confirm', { response })).status, (await one.post('/confirm', { response })).status]).toEqual([
      422, 303,
    ])
    expect((await one.post('/confirm', { response })).status).toBe(422)
  })

  it('of somebody else confirms nobody', async () => {
    const adas = await hasSoftPasskey('ada')
    const bob = await signedInLongAgo()
    const response = await assertionOf(adas, await challengeFrom(bob, '/confirm/options'))

    expect((await bob.post('/confirm', { response })).status).toBe(422)
    expect(await all('SELECT proved_at, factor_at FROM sessions')).toEqual([{ proved_at: 0, factor_at: 0 }])
  })

  it('is no answer to what was asked to add one, nor is a new one of another session', async () => {
    const [bob, ada] = [await signedIn('bob'), await signedIn('ada')]
    await run("UPDATE sessions SET factor = 'passkey', factor_at = created_at")
    const [asked, signedFor] = [await challengeFrom(bob, '/account/passkeys/options'), await softPasskey()]
    await ada.post('/account/passkeys', { response: await attestationOf(signedFor, asked) })
    await bob.post('/account/passkeys', { response: await assertionOf(passkey, asked) })

    expect(await all("SELECT user_id FROM credentials WHERE kind = 'passkey'")).toEqual([{ user_id: 'user-bob' }])
  })
})

describe('a code', () => {
  it('that signed in confirms nothing after it, and one that confirmed signs nobody in', async () => {
    await hasAuthenticatorApp('bob')
    const now = Date.now()
    const client = await halfSignedIn('bob', 'first')
    expect((await client.post('/login/second-step', { sign_in: 'first', code: codeAt(now) })).status).toBe(303)
    expect((await client.post('/confirm', { code: codeAt(now) })).status).toBe(422)

    await run("UPDATE credentials SET counter = 0 WHERE kind = 'totp'")
    expect((await client.post('/confirm', { code: codeAt(now) })).status).toBe(303)
    const other = await halfSignedIn('bob', 'second')
    expect((await other.post('/login/second-step', { sign_in: 'second', code: codeAt(now) })).status).toBe(422)
    expect(await sessions()).toHaveLength(1)
  })

  it('reaches no URL, no cookie and no email', async () => {
    await hasAuthenticatorApp('bob')
    const client = await halfSignedIn('bob', 'waiting')
    const code = codeAt()
    const answer = await client.post('/login/second-step', { sign_in: 'waiting', code, next: '/account' })

    expect(answer.status).toBe(303)
    for (const text of [
      answer.headers.get('Location') ?? '',
      ...client.cookies.values(),
      JSON.stringify(await all('SELECT * FROM mails')),
    ])
      expect(text).not.toContain(code)
  })
})
