import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { IP, somebody } from '../../../test/cast'
import { Client } from '../../../test/client'
import { all, run } from '../../../test/database'
import { alsoInGlobex } from '../../../test/factors'
import { halfSignedIn, hasRecoveryCode, RECOVERY_CODE } from '../../../test/half-sign-in'
import { assertionOf, challengeFor, hasSoftPasskey, type Misbehaviour, type SoftPasskey, softPasskey } from '../../../test/passkey'
import { together, tryOften } from '../../../test/race'
import { readAssertion } from '../../models/identity/passkey-response'
import { signInByPasskey } from '../../models/identity/passkey-sign-in'

const OPTIONS = '/login/passkey/options'
const PATH = '/login/passkey'
const COULD_NOT = 'That passkey could not be used.'

let bobs: SoftPasskey
beforeEach(async () => {
  bobs = await hasSoftPasskey('bob')
})
afterEach(() => vi.useRealTimers())

type Options = { challenge: string; allowCredentials: { id: string }[] }
const optionsFor = async (client: Client, fields = {}) => (await (await client.post(OPTIONS, fields)).json()) as Options
const textOf = async (answer: Response) => (await answer.text()).replaceAll(/<[^>]+>/g, '')
const sessions = () => all('SELECT user_id, factor FROM sessions')

async function signIn(client: Client, passkey: SoftPasskey, fields = {}, how?: Misbehaviour) {
  const { challenge } = await optionsFor(client)
  return client.post(PATH, { response: await assertionOf(passkey, challenge, how), ...fields })
}

describe('a passkey', () => {
  it('signs in alone, without an address, in three trips with its challenge', async () => {
    const bob = new Client()
    const { challenge, allowCredentials } = await optionsFor(bob)
    expect(allowCredentials).toEqual([])
    const trips = bob.roundTrips
    const done = await bob.post(PATH, { response: await assertionOf(bobs, challenge), next: '/account' })

    expect([done.status, done.headers.get('Location'), trips + bob.roundTrips]).toEqual([303, '/account', 3])
    expect(await sessions()).toEqual([{ user_id: 'user-bob', factor: 'passkey' }])
    expect(await all('SELECT challenge FROM challenges')).toEqual([])
    expect(await all("SELECT counter, last_used_at > 0 AS used FROM credentials WHERE kind = 'passkey'")).toEqual([
      { counter: 1, used: 1 },
    ])
    expect(await all("SELECT after FROM activity WHERE kind = 'signed_in'")).toEqual([{ after: '{"factor":"passkey"}' }])
    expect((await bob.get('/account')).status).toBe(200)
  })

  it('in a browser that is new has its email posted at once', async () => {
    await run("UPDATE users SET browsers_since = 1 WHERE id = 'user-bob'")
    const bob = new Client()
    await signIn(bob, bobs)

    expect(await all("SELECT id FROM mails WHERE kind = 'new_browser'")).toEqual(bob.posted.map((id) => ({ id })))
    expect(bob.posted).toHaveLength(1)
  })

  it('that synced tells so', async () => {
    await signIn(new Client(), bobs, {}, { backedUp: true })
    expect(await all("SELECT json_extract(details, '$.backedUp') AS synced FROM credentials WHERE kind = 'passkey'")).toEqual([
      { synced: 1 },
    ])
  })

  const FAULTS: [string, () => Promise<Response>][] = [
    ['nobody has', async () => signIn(new Client(), await softPasskey())],
    ['was removed', () => removed()],
    ['was asked in another browser', () => otherBrowser()],
    ['is of another site', () => signIn(new Client(), bobs, {}, { origin: 'https://latchkey.example' })],
    ['did not verify its person', () => signIn(new Client(), bobs, {}, { verified: false })],
    ['was not asked', () => new Client().post(PATH, { response: '' })],
    ['answers nonsense', () => new Client().post(PATH, { response: '{"id":1}' })],
  ]
  async function removed() {
    await run("DELETE FROM credentials WHERE kind = 'passkey'")
    return signIn(new Client(), bobs)
  }
  async function otherBrowser() {
    const { challenge } = await optionsFor(new Client())
    return new Client().post(PATH, { response: await assertionOf(bobs, challenge) })
  }

  it.each(FAULTS)('that %s is refused in the same words, and leaves the page', async (_, attempt) => {
    const answer = await attempt()
    expect([answer.status, await textOf(answer)]).toEqual([422, expect.stringContaining(COULD_NOT)])
    expect(await sessions()).toEqual([])
  })

  it('that somebody knows costs what an unknown one costs', async () => {
    const refused = async (passkey: SoftPasskey) => {
      const client = new Client()
      const answer = await signIn(client, passkey, {}, { verified: false })
      return [answer.status, await answer.text(), client.queries.length, client.bill.trips.map((rows) => rows > 0)]
    }
    expect(await refused(await softPasskey())).toEqual(await refused(bobs))
  })

  it('that is there twice is refused, and its person is told why', async () => {
    await run("UPDATE credentials SET counter = 9 WHERE kind = 'passkey'")
    const answer = await signIn(new Client(), bobs)
    expect([answer.status, await textOf(answer)]).toEqual([422, expect.stringContaining('there seems to be a copy of it')])
    expect(await sessions()).toEqual([])
    expect(await all("SELECT kind FROM activity WHERE kind = 'sign_in_failed'")).toHaveLength(1)
  })

  it('keeps the way on and the form that waited when it is refused', async () => {
    const html = await (await signIn(new Client(), await softPasskey(), { next: '/account', draft: 'a draft' })).text()
    for (const field of ['name="next" value="/account"', 'name="draft" value="a draft"']) expect(html.split(field)).toHaveLength(3)
  })

  it('is counted with everything else that is tried for the account', async () => {
    // The first wait is a second, which a busy machine needs for less.
    vi.setSystemTime(Date.now())
    for (let i = 0; i < 5; i++) await signIn(new Client(), bobs, {}, { verified: false })
    const answer = await signIn(new Client(), bobs)
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([429, '1'])
    expect(await textOf(answer)).toContain('Too many attempts.')
  })

  it('is counted, and told, for the account that has it', async () => {
    const adas = await hasSoftPasskey('ada')
    for (const passkey of [adas, bobs]) await signIn(new Client(), passkey, {}, { verified: false })
    expect(await all("SELECT key FROM throttles WHERE key GLOB 'sign-in:account:*' ORDER BY key")).toEqual([
      { key: 'sign-in:account:ada@acme.test' },
      { key: 'sign-in:account:bob@acme.test' },
    ])
    expect(await all("SELECT member_id FROM activity WHERE kind = 'sign_in_failed' ORDER BY member_id")).toEqual([
      { member_id: 'ada' },
      { member_id: 'bob' },
    ])
  })

  it('that is refused is told where its person is active, and nowhere else', async () => {
    await alsoInGlobex()
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob-globex'")
    await signIn(new Client(), bobs, {}, { verified: false })
    expect(await all("SELECT tenant_id FROM activity WHERE kind = 'sign_in_failed'")).toEqual([{ tenant_id: 'acme' }])
  })

  it('used twenty times at once with one answer signs in once', async () => {
    const arrival = { from: { ip: IP, userAgent: 'Test' }, former: undefined, browser: 'b'.repeat(64) }
    await tryOften(async () => {
      // A synced passkey counts nothing, so that only the challenge tells.
      const answer = readAssertion(await assertionOf(bobs, await challengeFor(arrival.browser), { counter: 0 }))
      // What one account may try at once is not what is tried here.
      await run('DELETE FROM throttles')
      await run(
        'CREATE TRIGGER IF NOT EXISTS uncounted AFTER INSERT ON throttles BEGIN DELETE FROM throttles WHERE key = NEW.key; END',
      )
      const results = await together(() => signInByPasskey(somebody(), env, answer, undefined, arrival))

      expect(results.filter((result) => 'session' in result)).toHaveLength(1)
      expect(await sessions()).toHaveLength(1)
      await run('DELETE FROM sessions')
    })
  })
})

describe('after a right password, a passkey', () => {
  it('is asked of that person alone, and finishes the sign-in', async () => {
    await hasSoftPasskey('cat')
    const bob = await halfSignedIn('bob', 'one')
    const page = await bob.get('/login/second-step?in=one&next=/account')
    expect(await page.text()).toContain('action="/login/passkey"')
    const { challenge, allowCredentials } = await optionsFor(bob, { sign_in: 'one' })
    expect(allowCredentials.map(({ id }) => id)).toEqual([bobs.id])

    const done = await bob.post(PATH, { response: await assertionOf(bobs, challenge), sign_in: 'one', next: '/account' })
    expect([done.status, done.headers.get('Location')]).toEqual([303, '/account'])
    expect(await sessions()).toEqual([{ user_id: 'user-bob', factor: 'passkey' }])
    await hasRecoveryCode('bob')
    expect((await bob.post('/login/second-step', { sign_in: 'one', code: RECOVERY_CODE })).status).toBe(410)
  })

  it('of somebody else is refused on the page of the second step', async () => {
    const cats = await hasSoftPasskey('cat')
    const bob = await halfSignedIn('bob', 'one')
    const answer = await signIn(bob, cats, { sign_in: 'one', next: '/account' })
    const html = await answer.text()

    expect(answer.status).toBe(422)
    for (const part of [COULD_NOT, 'action="/login/second-step"', 'bob@acme.test']) expect(html).toContain(part)
    expect(await sessions()).toEqual([])
  })

  it('takes nothing from a sign-in that is over, and signs in alone', async () => {
    const bob = await halfSignedIn('bob', 'one')
    await run('UPDATE sign_ins SET created_at = 1, expires_at = 2')
    expect((await signIn(bob, bobs, { sign_in: 'one' })).status).toBe(303)
    expect(await sessions()).toEqual([{ user_id: 'user-bob', factor: 'passkey' }])
  })

  it.each([
    ['took too long', 'UPDATE sign_ins SET created_at = 1, expires_at = 2'],
    ['had five wrong codes', 'UPDATE sign_ins SET tries = 5'],
  ])('that is refused once the sign-in %s leads back to the first step', async (_, change) => {
    const bob = await halfSignedIn('bob', 'one')
    await run(change)
    const answer = await signIn(bob, bobs, { sign_in: 'one', next: '/account' }, { verified: false })
    const html = await answer.text()

    expect(answer.status).toBe(422)
    for (const part of [COULD_NOT, 'action="/login"', 'name="next" value="/account"']) expect(html).toContain(part)
    expect(html).not.toContain('action="/login/second-step"')
  })

  it.each(['one', 'never'])('is named to no other browser, by %s', async (signIn) => {
    await halfSignedIn('bob', 'one')
    expect((await optionsFor(new Client(), { sign_in: signIn })).allowCredentials).toEqual([])
  })
})

it('a network that asks for a thousand challenges has to wait, and they are not kept', async () => {
  const client = new Client()
  for (let i = 0; i < 2; i++) await client.post(OPTIONS)
  await run("UPDATE throttles SET blocked_until = ? WHERE key LIKE 'challenge:%'", Date.now() + 60_000)
  const answer = await client.post(OPTIONS)

  expect([answer.status, await answer.json()]).toEqual([
    429,
    { problem: expect.stringContaining('Too many attempts. You can try again in') },
  ])
  expect(await all('SELECT challenge FROM challenges')).toHaveLength(2)
})
