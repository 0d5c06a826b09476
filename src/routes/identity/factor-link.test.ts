import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { codeFor } from '../../../test/authenticator-apps'
import { Client, signedIn } from '../../../test/client'
import { all, dump, one, resetLinkIn, run } from '../../../test/database'
import { type Emailed, factorLinkFor, insertFactorLink, provedLink } from '../../../test/factor-link'
import { hasPasskey } from '../../../test/factors'
import { hasRecoveryCode, RECOVERY_CODE } from '../../../test/half-sign-in'
import { wordsOf } from '../../../test/late'
import { attestationOf, challengeFor, softPasskey } from '../../../test/passkey'
import { PASS_PHRASE } from '../../dev/seed'
import { sha256 } from '../../models/core/random'

let link: Emailed
beforeEach(async () => {
  await hasPasskey('bob')
  link = await factorLinkFor('bob')
})
afterEach(() => vi.useRealTimers())

const page = async (browser: Client, path: string) => {
  const answer = await browser.get(path)
  return { status: answer.status, text: await answer.text() }
}
const factorsOf = () => all("SELECT kind FROM credentials WHERE user_id = 'user-bob' AND kind IN ('passkey', 'totp')")
const NEW_PASSWORD = 'plum teapot orbit canyon'

/** Bob resets his password. @returns the page that he did it on */
async function resetTo(password: string, browser: Client) {
  const now = Date.now()
  await run(
    "INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at) VALUES ('r', 'user-bob', ?, 'open', ?, ?)",
    'r'.repeat(43),
    now,
    now + 60_000,
  )
  const reset = await resetLinkIn('bob@acme.test')
  const path = (await browser.get(reset)).headers.get('Location') ?? ''
  const { text } = await page(browser, path)
  await browser.post(path, { token: reset.split('token=')[1] ?? '', password })
  return text
}
const tries = () => one<{ hits: number }>("SELECT hits FROM throttles WHERE key = 'sign-in:account:bob@acme.test'")

describe('a link for a lost second factor', () => {
  it('leads by the password to a new one, shows recovery codes and signs in', async () => {
    const elsewhere = await signedIn('bob')
    const { browser, fields, secret } = await provedLink(link, PASS_PHRASE)
    const before = browser.cookies.get('__Host-browser')
    expect([...browser.cookies.keys()]).toContain(`__Host-link-${link.name}`)
    const done = await browser.post(link.paths.authenticatorApp, { ...fields, code: codeFor(secret) })

    expect(done.status).toBe(200)
    expect([...browser.cookies.keys()]).not.toContain(`__Host-link-${link.name}`)
    const [after] = (browser.cookies.get('__Host-browser') ?? '').split('.')
    expect(before?.split('.')[0]).not.toBe(after)
    expect(await all("SELECT browser_hash FROM known_browsers WHERE user_id = 'user-bob'")).toEqual([
      { browser_hash: await sha256(after ?? '') },
    ])
    expect((await done.text()).match(/([0-9A-Z]{4}-){5}[0-9A-Z]{4}/g)).toHaveLength(10)
    expect(await factorsOf()).toEqual([{ kind: 'totp' }])
    expect((await browser.get('/w/acme/agents')).status).toBe(200)
    expect((await elsewhere.get('/w/acme/agents')).status).toBe(303)
    expect(browser.posted).toHaveLength(1)
    expect(await page(browser, link.url.replace('?', '/?')).then(({ status }) => status)).toBe(303)
    expect(await page(new Client(), link.paths.page)).toMatchObject({ status: 410 })
  })

  it('opened changes nothing, nor does the password alone: the old factor works on', async () => {
    const before = await dump()
    const browser = new Client()
    await browser.get(link.url)
    expect((await page(browser, link.paths.page)).text).toContain('Continue')
    expect(await dump()).toEqual(before)
    await provedLink(link, PASS_PHRASE, browser)

    expect(await factorsOf()).toEqual([{ kind: 'passkey' }])
    expect(await one("SELECT state FROM factor_links WHERE user_id = 'user-bob'")).toEqual({ state: 'open' })
  })

  it('asks for the password through the counters of sign-in, which a right one does not clear', async () => {
    // The first wait is a second, which a busy machine needs for less.
    vi.setSystemTime(Date.now())
    const browser = new Client()
    for (let i = 0; i < 4; i++) {
      const answer = await browser.post(link.paths.page, { token: link.token, password: 'wrong' })
      expect([answer.status, (await answer.text()).includes('Incorrect password')]).toEqual([422, true])
    }
    expect(await tries()).toEqual({ hits: 4 })
    await provedLink(link, PASS_PHRASE, browser)
    expect(await tries()).toEqual({ hits: 4 })
    await browser.post(link.paths.page, { token: link.token, password: 'wrong' })
    const stopped = await browser.post(link.paths.page, { token: link.token, password: PASS_PHRASE })
    expect([stopped.status, stopped.headers.get('Location'), stopped.headers.get('Retry-After')]).toEqual([429, null, '1'])
    expect((await browser.post('/login', { email: 'bob@acme.test', password: PASS_PHRASE })).status).toBe(429)
  })

  it('keeps the key that was scanned when its code is mistyped', async () => {
    const { browser, fields, secret } = await provedLink(link, PASS_PHRASE)
    const wrong = await browser.post(link.paths.authenticatorApp, { ...fields, code: codeFor(secret, Date.now() + 300_000) })
    const html = await wrong.text()
    expect(wrong.status).toBe(422)
    expect(html).toContain(`secret=${secret}`)
    expect(html).toContain(`value="${link.token}"`)
    expect(await factorsOf()).toEqual([{ kind: 'passkey' }])
    expect((await browser.post(link.paths.authenticatorApp, { ...fields, code: codeFor(secret) })).status).toBe(200)
  })

  it('begins anew, with another key, where its page is not the one that was shown in it', async () => {
    const { browser, fields, secret } = await provedLink(link, PASS_PHRASE)
    const answer = await browser.post(link.paths.authenticatorApp, { ...fields, setup: 'x', code: codeFor(secret) })
    const html = await answer.text()

    expect([answer.status, wordsOf(html).includes('That page was too old.')]).toEqual([409, true])
    expect(html).not.toContain(`secret=${secret}`)
  })

  it('shows no page to set one up once a newer one was emailed', async () => {
    const { browser, page: setUp } = await provedLink(link, PASS_PHRASE)
    await run("UPDATE factor_links SET state = 'superseded', closed_at = 1, write_nonce = 'n'")
    expect(await page(browser, setUp)).toMatchObject({ status: 410, text: expect.stringContaining('A newer link was emailed') })
  })

  it('of which two pages are open sets up what was sent first', async () => {
    const { browser, fields, secret } = await provedLink(link, PASS_PHRASE)
    const other = await provedLink(link, PASS_PHRASE, browser)
    expect((await browser.post(link.paths.authenticatorApp, { ...fields, code: codeFor(secret) })).status).toBe(200)
    const late = await browser.post(link.paths.authenticatorApp, { ...other.fields, code: codeFor(other.secret) })
    expect([late.status, await late.text()]).toEqual([410, expect.stringContaining('This link has already been used')])
    expect(await factorsOf()).toEqual([{ kind: 'totp' }])
  })

  it('is no use to another browser, nor to somebody else’s link, token or key', async () => {
    const { fields, secret, page: setUp, browser } = await provedLink(link, PASS_PHRASE)
    const ada = await factorLinkFor('ada')
    const before = await dump()
    const thief = new Client()
    const statuses: number[] = []
    await thief.get(link.url)
    const shown = await page(thief, setUp)
    expect(shown.text).toContain('Enter your password again.')
    for (const [client, path, sent] of [
      [thief, link.paths.authenticatorApp, fields],
      [browser, ada.paths.authenticatorApp, { ...fields, token: ada.token }],
      [browser, link.paths.authenticatorApp, { ...fields, token: ada.token }],
      [browser, link.paths.authenticatorApp, { ...fields, setup: fields.token }],
    ] as const)
      statuses.push((await client.post(path, { ...sent, code: codeFor(secret) })).status)
    expect(statuses).toEqual([409, 409, 410, 409])
    expect(await dump()).toEqual(before)
  })

  it('whose password was given begins no sign-in, which would wait longer than any other', async () => {
    await hasRecoveryCode('bob')
    const { browser, fields } = await provedLink(link, PASS_PHRASE)
    const given = await browser.post('/login/second-step', { sign_in: fields.sign_in, code: RECOVERY_CODE })
    expect([given.status, await all('SELECT id FROM sessions')]).toEqual([410, []])
  })

  it('ends the session of somebody else in the same browser, and nobody’s elsewhere', async () => {
    const ada = await signedIn('ada')
    const { browser, fields, secret } = await provedLink(link, PASS_PHRASE, ada)
    await browser.post(link.paths.authenticatorApp, { ...fields, code: codeFor(secret) })
    expect(await all('SELECT user_id FROM sessions')).toEqual([{ user_id: 'user-bob' }])
  })

  it('works after the password was reset, with the new password', async () => {
    await resetTo(NEW_PASSWORD, new Client())
    expect((await provedLink(link, PASS_PHRASE)).page).toBe('')

    const { browser, fields, secret } = await provedLink(link, NEW_PASSWORD)
    expect((await browser.post(link.paths.authenticatorApp, { ...fields, code: codeFor(secret) })).status).toBe(200)
    expect(await factorsOf()).toEqual([{ kind: 'totp' }])
  })

  it('says to whoever has no password that it comes first', async () => {
    await run("DELETE FROM credentials WHERE user_id = 'user-bob' AND kind = 'password'")
    const browser = new Client()
    await browser.get(link.url)
    expect((await page(browser, link.paths.page)).text).toContain('Your account has no password yet.')
  })

  const SPENT: Record<string, [change: string, words: string]> = {
    used: ["state = 'used', closed_at = 1, write_nonce = 'n'", 'This link has already been used'],
    superseded: ["state = 'superseded', closed_at = 1, write_nonce = 'n'", 'A newer link was emailed'],
    expired: ['expires_at = created_at - 1, created_at = created_at - 9', 'This link has expired'],
    'for a first one, which is there': ["purpose = 'first'", 'You have a second factor already'],
  }

  it.each(Object.entries(SPENT))('that is %s says so, and asks for no password', async (_, [change, words]) => {
    const browser = new Client()
    await browser.get(link.url)
    await run(`UPDATE factor_links SET ${change} WHERE jti = ?`, link.jti)
    const before = await dump()
    const { status, text } = await page(browser, link.paths.page)
    expect([status, text.includes(words)]).toEqual([410, true])
    expect((await browser.post(link.paths.page, { token: link.token, password: PASS_PHRASE })).status).toBe(410)
    const { throttles: _t, ...rows } = await dump()
    expect({ ...rows, throttles: before.throttles }).toEqual(before)
  })

  it('of an unproven account says that the address has to be confirmed first', async () => {
    await run("UPDATE users SET proved_at = NULL WHERE id = 'user-bob'")
    const browser = new Client()
    await browser.get(link.url)
    expect((await page(browser, link.paths.page)).text).toContain('Confirm your address first')
  })
})

it('a link for the first second factor says what it does, and the account has one then', async () => {
  await run('DELETE FROM factor_links')
  await run("DELETE FROM credentials WHERE kind = 'passkey'")
  await insertFactorLink('bob', 'first')
  const first = await factorLinkFor('bob')
  const { browser, fields, secret } = await provedLink(first, PASS_PHRASE)
  expect((await page(browser, `${first.paths.page}`)).text).toContain('Set up a second factor')
  expect((await browser.post(first.paths.authenticatorApp, { ...fields, code: codeFor(secret) })).status).toBe(200)
  expect(await factorsOf()).toEqual([{ kind: 'totp' }])
})

it('a reset does not get around the second factor: its page says so, and sign-in still asks', async () => {
  const browser = new Client()
  expect(await resetTo(NEW_PASSWORD, browser)).toContain('You will be asked for your second factor')

  const answer = await browser.post('/login', { email: 'bob@acme.test', password: NEW_PASSWORD })
  expect(answer.headers.get('Location')).toMatch(/^\/login\/second-step\?in=/)
  expect(await all("SELECT id FROM sessions WHERE user_id = 'user-bob'")).toEqual([])
})

it('what to do about a lost second factor is said to everybody alike, and asks nothing', async () => {
  const { status, text } = await page(new Client(), '/lost-second-factor')
  expect([status, text.includes('Use a recovery code.')]).toEqual([200, true])
})

const PHONE = 'Mozilla/5.0 (iPhone) Safari/605.1'

describe('a passkey in the place of what was lost', () => {
  const asked = async (browser: Client, fields: Record<string, string>) => {
    const { setup: _, ...sent } = fields
    const answer = await browser.post(`${link.paths.passkey}/options`, sent)
    return { sent, challenge: (await answer.json<{ challenge: string }>()).challenge }
  }

  it('is made on the page, and signs in', async () => {
    const { browser, fields } = await provedLink(link, PASS_PHRASE)
    const { sent, challenge } = await asked(browser, fields)
    const response = await attestationOf(await softPasskey(), challenge)
    const done = await browser.post(link.paths.passkey, { ...sent, response }, { headers: { 'User-Agent': PHONE } })

    expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('Save your recovery codes')])
    expect(await all("SELECT id FROM credentials WHERE id = 'passkey-bob'")).toEqual([])
    expect(await factorsOf()).toEqual([{ kind: 'passkey' }])
    expect(await all("SELECT name FROM credentials WHERE kind = 'passkey'")).toEqual([{ name: 'Safari on iOS' }])
    expect((await browser.get('/w/acme/agents')).status).toBe(200)
  })

  it('made for another browser, or not at all, is refused, and the link still works', async () => {
    const { browser, fields } = await provedLink(link, PASS_PHRASE)
    const { sent } = await asked(browser, fields)
    const foreign = await attestationOf(await softPasskey(), await challengeFor('of another browser', 'register'))
    for (const response of [foreign, '']) {
      const answer = await browser.post(link.paths.passkey, { ...sent, response })
      expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('The passkey was not created.')])
    }
    expect((await new Client().post(`${link.paths.passkey}/options`, sent)).status).toBe(409)
    expect(await all("SELECT id FROM credentials WHERE id = 'passkey-bob'")).toHaveLength(1)
  })

  it('that could not be asked for, because the link is over or the password was too long ago, is told so', async () => {
    const { browser, fields } = await provedLink(link, PASS_PHRASE)
    const { setup: _, ...sent } = fields
    const sends = async () => {
      const asked = await browser.post(`${link.paths.passkey}/options`, sent)
      const answer = await browser.post(link.paths.passkey, sent)
      return [asked.status, answer.status, await answer.text()]
    }
    await run('UPDATE sign_ins SET created_at = 1, expires_at = 2')
    expect(await sends()).toEqual([409, 409, expect.stringContaining('Enter your password again.')])
    await run("UPDATE factor_links SET state = 'superseded', closed_at = 1, write_nonce = 'n' WHERE jti = ?", link.jti)
    expect(await sends()).toEqual([409, 410, expect.stringContaining('A newer link was emailed')])
  })
})
