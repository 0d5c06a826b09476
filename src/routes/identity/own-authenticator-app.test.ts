import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  codeFor,
  hasAuthenticatorApp,
  hasProvenAuthenticatorApp,
  hasRecoveryCodes,
  totpForm,
} from '../../../test/authenticator-apps'
import { type Client, signedIn } from '../../../test/client'
import { all, facts, one, run } from '../../../test/database'
import { asksForFactor, hasPasskey, willAskForFactor } from '../../../test/factors'
import { unproven, wordsOf } from '../../../test/late'
import { PASS_PHRASE } from '../../../test/routes'
import { QrCode } from '../../../views/components/qr-code'
import { HOUR_MS } from '../../limits'
import { totpUri } from '../../models/identity/totp-secret'
import * as totpSetup from '../../models/identity/totp-setup'

let bob: Client

beforeEach(async () => {
  bob = await signedIn('bob')
})

const pageOf = async (answer: Response) => {
  const text = await answer.text()
  return { status: answer.status, text, words: wordsOf(text), setup: fieldIn(text, 'setup'), key: keyIn(text) }
}
const fieldIn = (page: string, name: string) => page.match(new RegExp(`name="${name}" value="([^"]+)"`))?.[1] ?? ''
const keyIn = (page: string) => (page.match(/id="key">([^<]+)</)?.[1] ?? '').replaceAll(' ', '')
const codesIn = (page: string) => page.match(/([0-9A-Z]{4}-){5}[0-9A-Z]{4}/g) ?? []

const open = async (client = bob) => pageOf(await client.get('/account/authenticator-app'))
const send = async (fields: Record<string, string>, client = bob) => client.post('/account/authenticator-app', fields)
const apps = () => all<{ id: string }>(`SELECT id, user_id FROM credentials WHERE kind = 'totp'`)

describe('setting up an app', () => {
  it('keeps nothing before a right code, then shows ten codes once', async () => {
    const before = await facts()
    const { setup, key, text } = await open()
    expect(text).toContain(`href="otpauth://totp/Latchkey:bob%40acme.test?issuer=Latchkey&amp;secret=${key}&amp;`)
    const uri = totpUri(key, { issuer: 'Latchkey', account: 'bob@acme.test' })
    expect(text).toContain(`${QrCode({ text: uri, label: 'QR code for an authenticator app' })}`)
    expect(await facts()).toEqual(before)

    const answer = await send({ setup, code: codeFor(key) })
    const page = await pageOf(answer)
    expect([page.status, codesIn(page.text).length]).toEqual([200, 10])
    expect(answer.headers.get('Cache-Control')).toBe('private, no-store')
    expect(await apps()).toEqual([{ id: expect.any(String), user_id: 'user-bob' }])
    expect((await bob.get('/account')).status).toBe(200)
    expect(codesIn(await (await bob.get('/account')).text())).toEqual([])
  })

  it('goes on with the same key after a wrong code, one that is missing, or one that somebody mistyped', async () => {
    const { setup, key } = await open()
    const before = await facts()
    for (const [code, words] of [
      ['000000', 'Incorrect code.'],
      ['12345', 'Incorrect code.'],
      [' ', 'Enter the code that the app shows now.'],
    ]) {
      const page = await pageOf(await send({ setup, code: code ?? '' }))
      expect([page.status, page.key]).toEqual([422, key])
      expect(page.words).toContain(words)
      expect((await pageOf(await send({ setup: page.setup, code: '1' }))).key).toBe(key)
    }
    expect(await facts()).toEqual(before)
  })

  it('begins anew with a page that is an hour old, of another session, or of somebody else', async () => {
    const old = await totpForm('bob', null, Date.now() - HOUR_MS)
    const another = await totpForm('bob')
    const ada = await signedIn('ada')
    const again = await signedIn('bob')
    const shown = await open(bob)
    const before = await facts()
    for (const [client, fields] of [
      [bob, old],
      [again, another],
      [again, { setup: shown.setup, code: codeFor(shown.key) }],
      [ada, another],
      [bob, { setup: 'x', code: '123456' }],
    ] as const) {
      const page = await pageOf(await send(fields, client))
      expect(page.status).toBe(409)
      expect(page.words).toContain('That page was too old.')
      expect(page.setup).not.toBe(fields.setup)
    }
    expect(await facts()).toEqual(before)
  })

  it('in a second tab says what was done in the first, and goes on with the same key', async () => {
    const [first, second] = [await open(), await open()]
    await send({ setup: first.setup, code: codeFor(first.key) })
    const [app] = await apps()

    const page = await pageOf(await send({ setup: second.setup, code: codeFor(second.key) }))
    expect([page.status, page.key]).toEqual([409, second.key])
    expect(page.words).toMatch(/You set up an app at \d\d:\d\d UTC\. Enter a new code to replace it with this one\./)
    expect(await apps()).toEqual([app])

    const replaced = await send({ setup: page.setup, code: codeFor(page.key) })
    expect([replaced.status, replaced.headers.get('Location')]).toEqual([303, '/account'])
    expect(await apps()).not.toEqual([app])
  })

  it.each([
    ['is told that it was changed', 409, () => hasProvenAuthenticatorApp('bob')],
    ['is asked for a proof of it', 401, () => hasAuthenticatorApp('bob')],
  ])('while another one is set up %s, and leaves that', async (_, status, another) => {
    const { setup, key } = await open()
    const { provenTotp } = totpSetup
    const proven = vi.spyOn(totpSetup, 'provenTotp').mockImplementationOnce(async (...given) => {
      await another()
      return provenTotp(...given)
    })
    const answer = await send({ setup, code: codeFor(key) })
    proven.mockRestore()

    expect([answer.status, await apps()]).toEqual([status, [{ id: 'app-bob', user_id: 'user-bob' }]])
  })

  it('uses up the code that it was set up with', async () => {
    const { setup, key } = await open()
    await send({ setup, code: codeFor(key) })
    expect(await one(`SELECT counter FROM credentials WHERE kind = 'totp'`)).toEqual({
      counter: expect.toSatisfy((step: number) => Math.abs(step - Math.floor(Date.now() / 30_000)) <= 1),
    })
  })

  it.each([
    ['asked for now', () => asksForFactor()],
    ['asked for later', () => willAskForFactor()],
  ])('leads to a link where the first one is %s', async (_, ask) => {
    const form = await totpForm('bob')
    await ask()
    const [page, answer] = [await bob.get('/account/authenticator-app'), await send(form)]
    expect(page.headers.get('Location')).toMatch(/^\/account\/second-factor/)
    expect(answer.headers.get('Location') ?? (await answer.text())).toContain('/account/second-factor')
    expect(await apps()).toEqual([])
  })

  it('asks for a fresh proof by the factor that they have', async () => {
    await hasPasskey('bob')
    const before = await facts()
    expect((await bob.get('/account/authenticator-app')).headers.get('Location')).toBe(
      '/confirm?next=%2Faccount%2Fauthenticator-app',
    )
    expect((await send(await totpForm('bob'))).status).toBe(401)
    expect(await facts()).toEqual(before)
  })
})

it('its page takes the place of the app that they have, and says what ends with it', async () => {
  const ends = 'we will email you a confirmation.'
  expect((await open()).words).toContain(ends)
  await hasProvenAuthenticatorApp('bob')
  const { setup, key, words } = await open()
  expect(words).toContain(ends)
  const replaced = await send({ setup, code: codeFor(key) })

  expect([replaced.status, replaced.headers.get('Location')]).toEqual([303, '/account'])
  expect(await apps()).toEqual([{ id: expect.not.stringMatching('app-bob'), user_id: 'user-bob' }])
})

describe('a page that waits longer than a proof counts', () => {
  it('asks for another proof, and goes on with the same key', async () => {
    const { setup, key } = await open()
    await unproven()
    const asked = await send({ setup, code: codeFor(key) }).then(pageOf)
    expect(asked.status).toBe(401)
    const draft = fieldIn(asked.text, 'draft')
    expect(asked.words).not.toContain(setup.slice(0, 20))

    const resumed = await pageOf(await bob.post('/confirm', { password: PASS_PHRASE, draft }))
    expect(fieldIn(resumed.text, 'setup')).toBe(setup)
    expect(resumed.words).not.toContain(setup.slice(0, 20))
    const again = await pageOf(await send({ setup }))
    expect([again.status, again.key]).toEqual([422, key])
    expect(again.words).toContain('Enter the code that the app shows now.')
  })
})

describe('removing it', () => {
  it('takes the codes along', async () => {
    await hasProvenAuthenticatorApp('bob')
    await hasRecoveryCodes('bob')
    const answer = await bob.post('/account/authenticator-app/remove', { app: 'app-bob' })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/account'])
    expect(await all(`SELECT kind FROM credentials WHERE user_id = 'user-bob'`)).toEqual([{ kind: 'password' }])
  })

  it('is refused in words where a workspace asks for one, and where it is gone', async () => {
    await hasProvenAuthenticatorApp('bob')
    await asksForFactor()
    const asked = await pageOf(await bob.post('/account/authenticator-app/remove', { app: 'app-bob' }))
    expect([asked.status, await apps()]).toEqual([409, [{ id: 'app-bob', user_id: 'user-bob' }]])
    expect(asked.words).toContain('Acme requires a second factor. Add another one before you remove this one.')

    const gone = await pageOf(await bob.post('/account/authenticator-app/remove', { app: 'older' }))
    expect(gone.status).toBe(409)
    expect(gone.words).toContain('That was already removed or replaced.')
  })
})

describe('recovery codes', () => {
  const remake = async (made: number | string) => pageOf(await bob.post('/account/recovery-codes', { made: `${made}` }))
  const left = () => all<{ secret: string }>(`SELECT secret FROM credentials WHERE kind = 'recovery' ORDER BY id`)

  it('are made anew in the place of the old ones, and told', async () => {
    await hasProvenAuthenticatorApp('bob')
    await hasRecoveryCodes('bob', 5)
    const old = await left()
    const page = await remake(5)

    expect([page.status, codesIn(page.text).length]).toEqual([200, 10])
    const now = await left()
    expect(now).toHaveLength(10)
    expect(now.filter(({ secret }) => old.some((each) => each.secret === secret))).toEqual([])
    expect(await all('SELECT kind FROM mails WHERE about IS NOT NULL')).toEqual([{ kind: 'recovery_codes_made' }])
  })

  it('that another tab just made are not made anew', async () => {
    await hasProvenAuthenticatorApp('bob')
    await hasRecoveryCodes('bob', 5)
    await remake(5)
    const [made, before] = [await left(), await facts()]

    const page = await remake(5)
    expect([page.status, codesIn(page.text)]).toEqual([409, []])
    expect(page.words).toContain('You made new recovery codes in the meantime.')
    expect([await left(), await facts()]).toEqual([made, before])
  })

  it('are made when all were used, and not without a second factor', async () => {
    expect((await remake(0)).status).toBe(409)
    await hasProvenAuthenticatorApp('bob')
    expect((await remake(0)).status).toBe(200)
    expect((await remake('x')).status).toBe(400)
  })

  it('are a file for whoever has the page, and nothing else is', async () => {
    const code = '0123-4567-89AB-CDEF-GHJK-1110'
    const file = await bob.post('/account/recovery-codes/download', { codes: `${code}\r\n${code}` })
    expect([file.headers.get('Content-Disposition'), file.headers.get('Content-Type'), file.headers.get('Cache-Control')]).toEqual([
      'attachment; filename="recovery-codes.txt"',
      expect.stringContaining('text/plain'),
      'private, no-store',
    ])
    expect(await file.text()).toBe(`Recovery codes for https://latchkey.test\r\nEach works once.\r\n\r\n${code}\r\n${code}\r\n`)
    for (const codes of ['', '<script>', `${code} and more`])
      expect((await bob.post('/account/recovery-codes/download', { codes })).status).toBe(400)
  })

  it('are told how many are left, and warned of when there are few', async () => {
    await hasProvenAuthenticatorApp('bob')
    await hasRecoveryCodes('bob')
    expect(wordsOf(await (await bob.get('/account')).text())).toContain('10 codes are left.')
    await run(
      `DELETE FROM credentials WHERE kind = 'recovery' AND id NOT IN (SELECT id FROM credentials WHERE kind = 'recovery' LIMIT 3)`,
    )
    expect(await (await bob.get('/account')).text()).toContain('<span class="badge expired">3 codes are left</span>')
  })
})

it('a fresh proof is asked for of whatever changes factors', async () => {
  await hasProvenAuthenticatorApp('bob')
  await unproven()
  const before = await facts()
  for (const [path, fields] of [
    ['/account/authenticator-app', { setup: 'x', code: '1' }],
    ['/account/authenticator-app/remove', { app: 'app-bob' }],
    ['/account/recovery-codes', { made: '0' }],
  ] as const)
    expect((await bob.post(path, fields)).status).toBe(401)
  expect(await facts()).toEqual(before)
})
