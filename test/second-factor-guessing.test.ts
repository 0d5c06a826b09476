import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { codeAt, hasAuthenticatorApp } from './authenticator-apps'
import { Client, signedIn } from './client'
import { all, one, run } from './database'
import { factorLinkFor } from './factor-link'
import { halfSignedIn, hasRecoveryCode, RECOVERY_CODE } from './half-sign-in'
import { assertionOf, hasSoftPasskey, newKeys, type SoftPasskey } from './passkey'
import { together } from './race'
import { PASS_PHRASE } from './routes'

const BOB = 'bob@acme.test'
const ACCOUNT = `sign-in:account:${BOB}`
const hitsOf = async (key: string) => (await one<{ hits: number }>('SELECT hits FROM throttles WHERE key = ?', key))?.hits
const sessions = () => all("SELECT user_id FROM sessions WHERE user_id = 'user-bob'")
const age = (ms: number) => run('UPDATE throttles SET blocked_until = blocked_until - ?', ms)

/** The first wait is a second, which a busy machine needs for less. */
beforeEach(() => {
  vi.setSystemTime(Date.now())
})
afterEach(() => vi.useRealTimers())

let passkey: SoftPasskey
beforeEach(async () => {
  await hasAuthenticatorApp('bob')
  await hasRecoveryCode('bob')
  passkey = await hasSoftPasskey('bob')
})

async function byPasskey(right: boolean, client = new Client()) {
  const { challenge } = await (await client.post('/login/passkey/options')).json<{ challenge: string }>()
  return client.post('/login/passkey', {
    response: await assertionOf(passkey, challenge, right ? {} : { keys: await newKeys() }),
  })
}

async function byCode(code: string) {
  const id = crypto.randomUUID()
  const client = await halfSignedIn('bob', id)
  return client.post('/login/second-step', { sign_in: id, code })
}

async function byLink(right: boolean, client = new Client()) {
  const { paths, token } = await factorLinkFor('bob')
  return client.post(paths.page, { token, password: right ? PASS_PHRASE : 'wrong' })
}

/** Each from a network and a browser of its own. */
const WAYS: Record<string, (right: boolean) => Promise<Response>> = {
  'a password': (right) => new Client().post('/login', { email: BOB, password: right ? PASS_PHRASE : 'wrong' }),
  'a code of the app': (right) => byCode(right ? codeAt() : '000-000'),
  'a recovery code': (right) => byCode(right ? RECOVERY_CODE : 'ZZZZ'.repeat(6)),
  'a passkey': (right) => byPasskey(right),
  'the password on the page of a link': (right) => byLink(right),
}

describe('wrong proofs of one account', () => {
  it.each(Object.entries(WAYS))('of all kinds are five together, and then %s has to wait, right or not', async (_, way) => {
    for (const wrong of Object.values(WAYS)) expect((await wrong(false)).status).toBe(422)
    expect(await hitsOf(ACCOUNT)).toBe(5)

    expect([(await way(false)).status, (await way(true)).status]).toEqual([429, 429])
    expect([await hitsOf(ACCOUNT), await sessions()]).toEqual([5, []])
    await age(60_000)
    expect((await way(true)).status).toBe(303)
  })

  it('leave a reset open, to whoever has to wait, and from the network that has to', async () => {
    for (let i = 0; i < 5; i++) await WAYS['a password']?.(false)
    const client = new Client()
    await client.post('/login', { email: BOB, password: 'wrong' })
    await run('UPDATE throttles SET blocked_until = ?', Date.now() + 900_000)
    expect((await client.post('/login', { email: BOB, password: PASS_PHRASE })).status).toBe(429)
    const before = await all('SELECT key, hits FROM throttles')

    expect((await client.post('/forgot-password', { email: BOB })).status).toBeLessThan(400)
    expect(await all('SELECT kind FROM mails WHERE to_key = ?', BOB)).toEqual([{ kind: 'password_reset' }])
    expect(await all("SELECT key, hits FROM throttles WHERE key GLOB 'sign-in:*'")).toEqual(before)
  })

  it('are as many when twenty codes come at once', async () => {
    const client = await halfSignedIn('bob', 'at-once')
    const answers = await together((i) => client.post('/login/second-step', { sign_in: 'at-once', code: `wrong-${i}` }))

    expect(answers.filter(({ status }) => status !== 429)).toHaveLength(5)
    expect([await hitsOf(ACCOUNT), await sessions()]).toEqual([5, []])
  })

  it('stay counted when somebody signs in to an account of their own meanwhile, in the same browser', async () => {
    const cat = new Client()
    for (let i = 0; i < 4; i++) await cat.post('/login', { email: BOB, password: 'wrong' })
    expect((await cat.post('/login', { email: 'cat@globex.test', password: PASS_PHRASE })).status).toBe(303)
    expect((await cat.post('/login', { email: BOB, password: 'wrong' })).status).toBe(422)

    expect((await cat.post('/login', { email: BOB, password: 'wrong' })).status).toBe(429)
  })

  it('stay counted when the password is right and its code is not', async () => {
    for (let i = 0; i < 5; i++) {
      const client = new Client()
      const step = await client.post('/login', { email: BOB, password: PASS_PHRASE })
      const signIn = new URL(step.headers.get('Location') ?? '', 'https://latchkey.test').searchParams.get('in') ?? ''
      expect((await client.post('/login/second-step', { sign_in: signIn, code: 'wrong' })).status).toBe(422)
    }

    expect(await hitsOf(ACCOUNT)).toBe(5)
    expect((await new Client().post('/login', { email: BOB, password: PASS_PHRASE })).status).toBe(429)
  })
})

describe('a browser that the account knows', () => {
  it('is not kept out by the guesses of strangers, and nobody else is kept out by its own', async () => {
    const own = new Client()
    await byPasskey(true, own)
    for (let i = 0; i < 6; i++) await WAYS['a password']?.(false)

    expect((await new Client().post('/login', { email: BOB, password: PASS_PHRASE })).status).toBe(429)
    expect((await byPasskey(true, own)).status).toBe(303)
    await run('DELETE FROM throttles')
    for (let i = 0; i < 6; i++) await own.post('/login', { email: BOB, password: 'wrong' })
    expect((await own.post('/login', { email: BOB, password: PASS_PHRASE })).status).toBe(429)
    expect((await byPasskey(true)).status).toBe(303)
  })

  it.each([
    ['passkeys', byPasskey],
    ['passwords on the page of a link', byLink],
  ])('has wrong %s counted by itself', async (_, wrong) => {
    const own = new Client()
    await byPasskey(true, own)
    await wrong(false, own)

    expect(await hitsOf(ACCOUNT)).toBeUndefined()
    expect(await all("SELECT hits FROM throttles WHERE key GLOB 'sign-in:browser:*'")).toEqual([{ hits: 1 }])
  })

  it('is none whose cookie is not signed by us', async () => {
    const [own, forger] = [new Client(), new Client()]
    await byPasskey(true, own)
    const [secret = ''] = (own.cookies.get('__Host-browser') ?? '').split('.')
    forger.cookies.set('__Host-browser', `${secret}.${encodeURIComponent(`${'A'.repeat(43)}=`)}`)
    await forger.post('/login', { email: BOB, password: 'wrong' })

    expect(await hitsOf(ACCOUNT)).toBe(1)
    await own.post('/login', { email: BOB, password: 'wrong' })
    expect(await hitsOf(ACCOUNT)).toBe(1)
  })

  it('is none for any other account', async () => {
    const own = new Client()
    await byPasskey(true, own)
    for (let i = 0; i < 5; i++) await own.post('/login', { email: 'ada@acme.test', password: 'wrong' })

    expect(await hitsOf('sign-in:account:ada@acme.test')).toBe(5)
  })
})

describe('wrong proofs of somebody who is signed in', () => {
  it('end their session at the tenth, of whatever kind, and count for nothing else', async () => {
    const bob = await signedIn('bob')
    const wrong = [
      () => bob.post('/confirm', { code: '000000' }),
      () => bob.post('/confirm', { code: 'ZZZZ'.repeat(6) }),
      () => bob.post('/confirm', { password: 'wrong' }),
      () => bob.post('/confirm', { response: 'nothing' }),
    ]
    for (let i = 0; i < 10; i++) {
      expect(await sessions()).toHaveLength(1)
      await age(3_600_000)
      await wrong[i % wrong.length]?.()
    }

    expect([await sessions(), (await bob.get('/account')).status]).toEqual([[], 303])
    expect([await hitsOf(ACCOUNT), (await byPasskey(true)).status]).toEqual([undefined, 303])
  })
})
