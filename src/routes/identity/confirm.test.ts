import { env } from 'cloudflare:workers'
import { Secret, TOTP } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, facts, one, run } from '../../../test/database'
import { unproven } from '../../../test/late'
import { assertionOf, attestationOf, softPasskey } from '../../../test/passkey'
import { together } from '../../../test/race'
import { PASS_PHRASE } from '../../dev/seed'
import { readEnv } from '../../env'
import { randomSecret, sha256 } from '../../models/core/random'
import { verifyRegistration } from '../../models/identity/passkey'
import { readAttestation } from '../../models/identity/passkey-response'
import * as password from '../../models/identity/password'
import { newTotpSecret, sealTotpSecret } from '../../models/identity/totp-secret'

const SECRET = newTotpSecret()
const PAGE = '/w/acme/access/users?q=bob'
const CONFIRM = `/confirm?next=${encodeURIComponent(PAGE)}`
const verify = vi.spyOn(password, 'verifyPassword')
const answering = (ok: boolean) => verify.mockResolvedValue({ ok, stale: false })

beforeEach(() => {
  verify.mockReset()
})
afterEach(() => vi.useRealTimers())

const confirm = (client: Client, fields: Record<string, string> = {}) =>
  client.post('/confirm', { password: PASS_PHRASE, next: PAGE, ...fields })

describe('confirming who one is', () => {
  it('asks for the password, in one round trip', async () => {
    const ada = await signedIn('ada')
    await unproven()
    const page = await (await ada.get(CONFIRM)).text()

    expect(ada.roundTrips).toBe(1)
    expect(page).toContain('Confirm it’s you')
    expect(page).toContain('Enter your password to continue.')
    expect(page).toContain(`name="next" value="${PAGE}"`)
  })

  it('goes straight on for somebody who signed in a moment ago', async () => {
    expect((await (await signedIn('ada')).get(CONFIRM)).headers.get('Location')).toBe(PAGE)
  })

  it('goes on to the page that asked for it, and counts for ten minutes in this session only', async () => {
    answering(true)
    const [here, there] = [await signedIn('ada'), await signedIn('ada')]
    await unproven()
    const answer = await confirm(here)
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, PAGE])

    expect([(await here.get('/confirm')).status, (await there.get('/confirm')).status]).toEqual([303, 200])
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * 60_000 + 1 })
    expect((await here.get('/confirm')).status).toBe(200)
  })

  it('goes on to a file by the page that it was asked for on, which downloads it', async () => {
    answering(true)
    const ada = await signedIn('ada')
    await unproven()
    const next = '/w/acme/access/jobs/job-1/report.csv'
    const page = await (await confirm(ada, { next })).text()

    expect(page).toContain('Your download is starting.')
    expect(page).toMatch(new RegExp(`<form[^>]* method="get" action="${next}"[^>]* data-continue=""`))
    expect(page).toContain('href="/w/acme/access/jobs/job-1"')
  })

  it('moves the session to a new secret, so that no older cookie works', async () => {
    answering(true)
    const [ada, thief] = [await signedIn('ada'), new Client()]
    thief.cookies.set('__Host-session', ada.cookies.get('__Host-session') ?? '')
    await confirm(ada)

    expect([(await ada.get('/account')).status, (await thief.get('/account')).status]).toEqual([200, 303])
  })

  it.each(['https://evil.test/', '//evil.test', '/\\evil.test'])('never leads to %s', async (next) => {
    answering(true)
    const ada = await signedIn('ada')

    expect((await ada.get(`/confirm?next=${encodeURIComponent(next)}`)).headers.get('Location')).toBe('/')
    expect((await confirm(ada, { next })).headers.get('Location')).toBe('/')
  })

  it('with a wrong password is refused beside the field, and too often until when', async () => {
    // The first wait is a second, which a busy machine needs for less.
    vi.setSystemTime(Date.now())
    answering(false)
    const ada = await signedIn('ada')
    await unproven()
    const before = await facts()
    for (let i = 0; i < 5; i++) {
      const answer = await confirm(ada)
      expect(answer.status).toBe(422)
      expect(await answer.text()).toContain('Incorrect password.')
    }
    const answer = await confirm(ada)

    expect([answer.status, answer.headers.get('Retry-After'), verify.mock.calls.length]).toEqual([429, '1', 5])
    expect(await answer.text()).toContain('Too many attempts. You can try again in 1 minute.')
    expect(await facts()).toEqual(before)
  })

  it('counts with the guesses at the current password in the same session', async () => {
    // The first wait is a second, which a busy machine needs for less.
    vi.setSystemTime(Date.now())
    answering(false)
    const ada = await signedIn('ada')
    for (let i = 0; i < 5; i++) await ada.post('/account/password', { current: 'x', password: 'plum teapot orbit canyon' })

    expect((await confirm(ada)).status).toBe(429)
  })

  it('forgets the wrong guesses once the right one came', async () => {
    answering(false)
    const ada = await signedIn('ada')
    await confirm(ada)
    answering(true)
    await confirm(ada)

    expect(await one('SELECT count(*) AS n FROM throttles')).toEqual({ n: 0 })
  })

  it('proves nothing where the password was changed while it was verified', async () => {
    const ada = await signedIn('ada')
    await unproven()
    verify.mockImplementation(async () => {
      await one("UPDATE credentials SET secret = 'another' WHERE user_id = 'user-ada' RETURNING id")
      return { ok: true, stale: false }
    })

    expect((await confirm(ada)).status).toBe(422)
    expect(await one("SELECT proved_at AS at FROM sessions WHERE user_id = 'user-ada'")).toEqual({ at: 0 })
  })
})

describe('confirming who one is with a second factor', () => {
  const CODE = 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'
  const sessionOfAda = () =>
    one("SELECT proved_at > 0 AS proved, factor, factor_at = proved_at AS at FROM sessions WHERE user_id = 'user-ada'")

  async function adaWithCodes() {
    const ada = await signedIn('ada')
    const insert = `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES (?, 'user-ada', ?, ?, 0, 0)`
    await run(
      insert,
      'app',
      'totp',
      await sealTotpSecret(readEnv(env).TOTP_KEYS, { userId: 'user-ada', secret: SECRET }, Date.now()),
    )
    await run(insert, 'code', 'recovery', await sha256(CODE.replaceAll('-', '')))
    await unproven()
    return ada
  }

  it('asks for a code, and never takes the password alone', async () => {
    answering(true)
    const ada = await adaWithCodes()
    const page = await (await ada.get(CONFIRM)).text()
    expect([ada.roundTrips, page.includes('name="code"'), page.includes('name="password"')]).toEqual([1, true, false])

    expect((await confirm(ada)).status).toBe(422)
    expect([verify.mock.calls.length, await sessionOfAda()]).toEqual([0, { proved: 0, factor: null, at: 1 }])
  })

  it.each([
    [['totp', 'recovery'], 'Enter a code to continue.'],
    [['passkey', 'recovery'], 'Use your passkey or a code to continue.'],
    [['passkey'], 'Use your passkey to continue.'],
  ])('of the kinds %j says: %s', async (kinds, words) => {
    const ada = await signedIn('ada')
    await run(
      `INSERT INTO credentials (id, user_id, kind, secret, details, created_at, changed_at)
       SELECT value, 'user-ada', value, 'sealed', '{}', 0, 0 FROM json_each(?)`,
      JSON.stringify(kinds),
    )
    await unproven()

    expect(await (await ada.get(CONFIRM)).text()).toContain(words)
  })

  it('takes a code of the app once, and notes by what it was proven', async () => {
    const ada = await adaWithCodes()
    const code = new TOTP({ secret: Secret.fromBase32(SECRET) }).generate()
    const give = () => ada.post('/confirm', { code, next: PAGE })
    const answer = await give()

    expect([answer.status, answer.headers.get('Location'), ada.roundTrips]).toEqual([303, PAGE, 2])
    expect(await sessionOfAda()).toEqual({ proved: 1, factor: 'totp', at: 1 })
    await unproven()
    const again = await give()
    expect([again.status, (await again.text()).includes('Incorrect code, or it was already used.')]).toEqual([422, true])
  })

  it('uses a recovery code up, however often it is given at once, and emails its person', async () => {
    const ada = await adaWithCodes()
    const answers = await together(() => ada.post('/confirm', { code: CODE, next: PAGE }))

    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(await sessionOfAda()).toEqual({ proved: 1, factor: 'recovery', at: 1 })
    expect(await one("SELECT count(*) AS n FROM credentials WHERE kind = 'recovery'")).toEqual({ n: 0 })
    expect(await all("SELECT to_key FROM mails WHERE kind = 'recovery_code_used'")).toEqual([{ to_key: 'ada@acme.test' }])
  })

  it('takes what a passkey of theirs signed in this session, once', async () => {
    const [ada, elsewhere] = [await signedIn('ada'), await signedIn('ada')]
    const passkey = await hasSoftPasskey('ada')
    await unproven()
    const challenge = await challengeFor(ada)
    const response = await assertionOf(passkey, challenge)
    expect((await elsewhere.post('/confirm', { response, next: PAGE })).status).toBe(422)
    const answer = await ada.post('/confirm', { response, next: PAGE })

    expect([answer.status, answer.headers.get('Location'), ada.roundTrips]).toEqual([303, PAGE, 2])
    await unproven()
    expect((await ada.post('/confirm', { response, next: PAGE })).status).toBe(422)
  })

  it('takes nobody else’s passkey, and nothing that no passkey signed', async () => {
    const ada = await signedIn('ada')
    await hasSoftPasskey('ada')
    const other = await hasSoftPasskey('bob')
    await unproven()

    for (const response of [await assertionOf(other, await challengeFor(ada)), '', '{}'])
      expect((await ada.post('/confirm', { response, next: PAGE })).status).toBe(422)
    expect(await sessionOfAda()).toEqual({ proved: 0, factor: null, at: 1 })
  })

  it('takes no password for somebody who sets up their first factor while it is verified', async () => {
    const ada = await signedIn('ada')
    await unproven()
    verify.mockImplementation(async () => {
      await hasSoftPasskey('ada')
      return { ok: true, stale: false }
    })

    expect((await confirm(ada)).status).toBe(422)
    expect(await sessionOfAda()).toEqual({ proved: 0, factor: null, at: 1 })
  })

  it('ends the session at the tenth wrong proof, of whatever kind, and keeps the form for the next sign-in', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const ada = await adaWithCodes()
    let answer: Response | undefined
    for (let i = 0; i < 10; i++) {
      answer = await ada.post('/confirm', { ...(i % 2 ? { code: '000000' } : { response: '' }), next: PAGE, draft: 'kept' })
      vi.setSystemTime(Date.now() + 60_000)
    }
    const page = await answer?.text()

    expect([answer?.status, page?.includes('You were signed out after ten wrong tries.')]).toEqual([401, true])
    expect(page).toContain('name="draft" value="kept"')
    expect((await ada.get('/account')).status).toBe(303)
  })
})

/** A passkey of one of the cast, in software. */
async function hasSoftPasskey(name: string) {
  const passkey = await softPasskey()
  const made = await verifyRegistration(env, read(readAttestation(await attestationOf(passkey, CHALLENGE))), {
    challenge: CHALLENGE,
  })
  if (!made) throw new Error('no passkey')
  await run(
    `INSERT INTO credentials (id, user_id, kind, secret, counter, name, details, created_at, changed_at) VALUES (?, ?, 'passkey', ?, 0, 'Phone', ?, 0, 0)`,
    passkey.id,
    `user-${name}`,
    made.secret,
    made.details,
  )
  return passkey
}

const CHALLENGE = randomSecret()
const read = <T>(value: T | undefined): T => {
  if (!value) throw new Error('unreadable')
  return value
}

async function challengeFor(client: Client): Promise<string> {
  const options: { challenge: string } = await (await client.post('/confirm/options')).json()
  return options.challenge
}
