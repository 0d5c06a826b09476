import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { codeAt, hasAuthenticatorApp } from '../../../test/authenticator-apps'
import { Client } from '../../../test/client'
import { all, run } from '../../../test/database'
import { halfSignedIn, hasRecoveryCode, RECOVERY_CODE } from '../../../test/half-sign-in'
import { PASS_PHRASE } from '../../dev/seed'
import { HALF_SIGN_IN } from '../../limits'
import { newBrowser } from '../../models/identity/known-browser'
import * as password from '../../models/identity/password'

const PATH = '/login/second-step'
const TYPED = { email: 'bob@acme.test', password: PASS_PHRASE }

const verify = vi.spyOn(password, 'verifyPassword')
afterAll(() => vi.restoreAllMocks())
beforeEach(async () => {
  verify.mockReset().mockResolvedValue({ ok: true, stale: false })
  await hasAuthenticatorApp('bob')
})

const textOf = async (answer: Response) => (await answer.text()).replaceAll(/<[^>]+>/g, '')
const sessions = () => all('SELECT user_id, factor FROM sessions')
const signInIn = async (answer: Response) => /name="sign_in" value="([^"]+)"/.exec(await answer.text())?.[1] ?? ''

describe('a right password of somebody who has a second factor', () => {
  it('leads to the second step, and its code to a session: four trips in all', async () => {
    const bob = new Client()
    const step = await bob.post('/login', { ...TYPED, next: '/account' })
    const trips = bob.roundTrips
    const to = step.headers.get('Location') ?? ''

    expect([step.status, to]).toEqual([303, expect.stringMatching(/^\/login\/second-step\?in=[\w-]{22}&next=%2Faccount$/)])
    expect([...bob.cookies.keys()]).toEqual(['__Host-browser'])
    expect(await sessions()).toEqual([])

    const signIn = await signInIn(await bob.get(to))
    const done = await bob.post(PATH, { sign_in: signIn, code: codeAt(), next: '/account' })
    expect([done.status, done.headers.get('Location'), trips + bob.roundTrips]).toEqual([303, '/account', 4])
    expect(await sessions()).toEqual([{ user_id: 'user-bob', factor: 'totp' }])
    expect(await all('SELECT id FROM sign_ins')).toEqual([])
    expect((await bob.get('/account')).status).toBe(200)
  })

  it('is in the log as a sign-in with its factor', async () => {
    const bob = await halfSignedIn('bob', 'one')
    await bob.post(PATH, { sign_in: 'one', code: codeAt() })
    expect(await all("SELECT after FROM activity WHERE kind = 'signed_in'")).toEqual([{ after: '{"factor":"totp"}' }])
  })

  it('opens the second step in place of a redirect where a form waits, and keeps it', async () => {
    const bob = new Client()
    const step = await bob.post('/login', { ...TYPED, next: '/account', draft: 'a draft' })
    expect(step.status).toBe(200)
    const html = await step.text()
    for (const field of ['name="next" value="/account"', 'name="draft" value="a draft"']) expect(html).toContain(field)
  })

  it('keeps the way on where its page is opened', async () => {
    const bob = await halfSignedIn('bob', 'one')
    expect(await (await bob.get(`${PATH}?in=one&next=/account`)).text()).toContain('name="next" value="/account"')
  })

  it('waits in two tabs of a browser, and goes on in either', async () => {
    const bob = new Client()
    const [first, second] = [await bob.post('/login', TYPED), await bob.post('/login', TYPED)]
    for (const { headers } of [first, second]) expect((await bob.get(headers.get('Location') ?? '')).status).toBe(200)
  })

  it('has a new secret of the browser afterwards, so that a planted one is worth nothing', async () => {
    const bob = await halfSignedIn('bob', 'one')
    const planted = bob.cookies.get('__Host-browser')
    const answer = await bob.post(PATH, { sign_in: 'one', code: codeAt() })

    expect(bob.cookies.get('__Host-browser')).not.toBe(planted)
    const cookie = answer.headers.getSetCookie().find((each) => each.startsWith('__Host-browser=')) ?? ''
    expect(cookie.split('; ').slice(1).toSorted()).toEqual(['HttpOnly', 'Max-Age=7776000', 'Path=/', 'SameSite=Lax', 'Secure'])
    const [known] = await all<{ browser_hash: string }>('SELECT browser_hash FROM known_browsers')
    expect(known?.browser_hash).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('a recovery code', () => {
  it('signs in once, says how many are left, is emailed about, and in the log', async () => {
    await hasRecoveryCode('bob')
    await hasRecoveryCode('bob', 'ZZZZ-BBBB-CCCC-DDDD-EEEE-FFFF')
    const bob = await halfSignedIn('bob', 'one')
    const page = await bob.submit(PATH, { sign_in: 'one', code: RECOVERY_CODE.toLowerCase().replaceAll('-', ' ') })

    expect(await textOf(page)).toContain('You used a recovery code. One is left: make new ones soon.')
    expect(await sessions()).toEqual([{ user_id: 'user-bob', factor: 'recovery' }])
    expect(await all("SELECT id, to_key, about ->> 'ip' AS ip FROM mails WHERE kind = 'recovery_code_used'")).toEqual([
      { id: bob.posted[0], to_key: 'bob@acme.test', ip: bob.ip },
    ])
    expect(await all("SELECT tenant_id, member_id FROM activity WHERE kind = 'recovery_code_used'")).toEqual([
      { tenant_id: 'acme', member_id: 'bob' },
    ])
    const again = await halfSignedIn('bob', 'two')
    expect((await again.post(PATH, { sign_in: 'two', code: RECOVERY_CODE })).status).toBe(422)
  })
})

describe('a second step', () => {
  const nowhere: [string, () => Promise<Client>][] = [
    ['that never began', async () => new Client()],
    [
      'of another browser',
      async () => {
        await halfSignedIn('bob', 'one')
        const other = new Client()
        await other.isBrowser((await newBrowser()).secret)
        return other
      },
    ],
    [
      'that waited for five minutes',
      async () => {
        const bob = await halfSignedIn('bob', 'one')
        await run('UPDATE sign_ins SET created_at = 1, expires_at = 2')
        return bob
      },
    ],
  ]

  it.each(nowhere)('%s is over, in the same words, and keeps the way on', async (_, somebody) => {
    const client = await somebody()
    const answer = await client.post(PATH, { sign_in: 'one', code: codeAt(), next: '/account', draft: 'a draft' })
    const html = await answer.text()

    expect([answer.status, client.roundTrips, client.bill.trips[0]]).toEqual([410, 2, 1])
    expect(client.bill.trips).not.toContain(0)
    expect(html).toContain('This sign-in is over. After your password, you have five minutes')
    for (const field of ['action="/login"', 'name="next" value="/account"', 'name="draft" value="a draft"'])
      expect(html).toContain(field)
    expect(await sessions()).toEqual([])
    const page = await client.get(`${PATH}?in=one&next=/account`)
    expect([page.status, await textOf(page)]).toEqual([410, expect.stringContaining('This sign-in is over.')])
  })

  it('takes five codes, says when two are left, and is then over for the right one, too', async () => {
    const bob = await halfSignedIn('bob', 'one')
    const said: string[] = []
    for (let i = 0; i < HALF_SIGN_IN.codes; i++) {
      const answer = await bob.post(PATH, { sign_in: 'one', code: '000000' })
      said.push(`${answer.status} ${(await textOf(answer)).match(/You can try [^,]+|none of the five codes was right/)?.[0] ?? ''}`)
      await run('UPDATE throttles SET blocked_until = 0')
    }

    expect(said).toEqual([
      '422 ',
      '422 ',
      '422 You can try 2 more times',
      '422 You can try once more',
      '410 none of the five codes was right',
    ])
    for (const over of [await bob.post(PATH, { sign_in: 'one', code: codeAt() }), await bob.get(`${PATH}?in=one`)]) {
      const html = await over.text()
      expect([over.status, html]).toEqual([410, expect.stringContaining('none of the five codes was right')])
      expect(html).toContain('value="bob@acme.test"')
    }
    expect(await sessions()).toEqual([])
    expect(await all("SELECT hits FROM throttles WHERE key = 'sign-in:account:bob@acme.test'")).toEqual([{ hits: 5 }])
  })

  it('tells of a wrong code in the log of the person’s workspaces', async () => {
    const bob = await halfSignedIn('bob', 'one')
    await bob.post(PATH, { sign_in: 'one', code: '000000' })
    expect(await all("SELECT tenant_id, member_id FROM activity WHERE kind = 'sign_in_failed'")).toEqual([
      { tenant_id: 'acme', member_id: 'bob' },
    ])
  })

  it('says so where no key opens the app, and still takes a recovery code', async () => {
    await run("UPDATE credentials SET secret = 'of a key that is gone' WHERE kind = 'totp'")
    await hasRecoveryCode('bob')
    const logged = vi.spyOn(console, 'error').mockReturnValue()
    const bob = await halfSignedIn('bob', 'one')
    const answer = await bob.post(PATH, { sign_in: 'one', code: codeAt() })

    expect([answer.status, await textOf(answer)]).toEqual([503, expect.stringContaining('cannot check')])
    expect(logged.mock.calls.flat().join()).toContain('UnreadableTotpSecret')
    logged.mockRestore()
    expect((await bob.post(PATH, { sign_in: 'one', code: RECOVERY_CODE })).status).toBe(303)
  })

  it('begins again with the way on kept, and asks nothing of the database for it', async () => {
    const bob = await halfSignedIn('bob', 'one')
    const answer = await bob.post(PATH, { sign_in: 'one', code: '', again: 'yes', next: '/account', draft: 'a draft' })

    expect([answer.status, bob.roundTrips]).toEqual([200, 0])
    expect(await answer.text()).toContain('name="draft" value="a draft"')
  })

  it('ends with a new password', async () => {
    const bob = await halfSignedIn('bob', 'one')
    await run("UPDATE credentials SET secret = 'new', changed_at = 3 WHERE user_id = 'user-bob' AND kind = 'password'")
    expect((await bob.post(PATH, { sign_in: 'one', code: codeAt() })).status).toBe(410)
  })

  it('is told to wait with its codes and its account, and no code of it is used up by that', async () => {
    const bob = await halfSignedIn('bob', 'one')
    await run("INSERT INTO throttles VALUES ('sign-in:account:bob@acme.test', 9, ?1 + 20000, ?1 + 90000)", Date.now())
    const answer = await bob.post(PATH, { sign_in: 'one', code: codeAt() })

    expect([answer.status, Number(answer.headers.get('Retry-After'))]).toEqual([429, expect.closeTo(20, -1)])
    expect(await textOf(answer)).toContain('Too many attempts.')
    expect(await all('SELECT tries FROM sign_ins')).toEqual([{ tries: 0 }])
  })
})
