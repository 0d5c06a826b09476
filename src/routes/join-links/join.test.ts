import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, facts, one, run } from '../../../test/database'
import { emailedLink, joinLink, proofFor, publicLink } from '../../../test/join-links'
import { startOver } from '../../../test/world'

beforeEach(startOver)

const NEW_PASSWORD = 'plum teapot orbit canyon'

async function opened(url: string, client = new Client()) {
  const answer = await client.get(url)
  return { client, page: answer.headers.get('Location') ?? '' }
}

const publicPage = async (link: { jti: string }, client?: Client) => {
  const { url, token, to } = await publicLink(link)
  return { ...(await opened(url, client)), token, to }
}

const emailedPage = async (jti: string, client?: Client) => {
  const { url, token, to } = await emailedLink(jti)
  return { ...(await opened(url, client)), token, to }
}

const textOf = async (answer: Response) => (await answer.text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

describe('the page of a join link', () => {
  it('is never cached, carries the token only in its form, and a GET changes nothing', async () => {
    const link = await joinLink()
    const before = await dump()
    const { client, page, token } = await publicPage(link)
    const answer = await client.get(page)
    const html = await answer.text()
    expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([200, 'private, no-store'])
    expect(page).toMatch(/^\/join\/[\w-]{16}$/)
    expect(html).toContain(`name="token" value="${token}"`)
    expect(await dump()).toEqual(before)
  })

  it('answers every address alike: same status, headers and words', async () => {
    const { client, page, token } = await publicPage(await joinLink())
    const answers = []
    for (const email of ['new@acme.test', 'ada@acme.test', 'pia@acme.test', 'dov@acme.test', 'cat@globex.test']) {
      const answer = await client.post(page, { token, email })
      const cookies = answer.headers
        .getSetCookie()
        .map((cookie) => cookie.replaceAll(encodeURIComponent(email), 'them').replaceAll(/\d{13}/g, 'now'))
      const sent = await client.get(answer.headers.get('Location') ?? '')
      answers.push([
        answer.status,
        answer.headers.get('Location'),
        cookies,
        sent.status,
        (await textOf(sent)).replaceAll(email, 'them'),
      ])
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await all("SELECT to_key FROM mails WHERE kind = 'join'")).toHaveLength(5)
  })

  it.each([
    ['/join/4TiZhm47Du1Z8e3A', 'scan the QR code again'],
    ['/JOIN?token=eyJx.y.z', 'scan the QR code again'],
    ['/join/confirm/4TiZhm47Du1Z8e3A', 'Open the link in your email again'],
    ['/join/confirm?token=eyJx.y.z', 'open the join link again'],
  ])(
    'where there is none, %s, says how to get it back, and offers no fresh link that nobody would be sent',
    async (path, words) => {
      const answer = await new Client().get(path, { headers: { Cookie: 'a=b' } })
      const text = await textOf(answer)
      expect([answer.status, text]).toEqual([410, expect.stringContaining(words)])
      expect(text).not.toContain('Email me a fresh link')
    },
  )

  it('keeps what is no address and says why, and understands a pasted one', async () => {
    const { client, page, token } = await publicPage(await joinLink())
    const refused = await client.post(page, { token, email: 'nobody' })
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('value="nobody"')])
    expect((await client.post(page, { token, email: 'Nora New <nora@acme.test>' })).status).toBe(303)
    expect(await all("SELECT to_key FROM mails WHERE kind = 'join'")).toEqual([{ to_key: 'nora@acme.test' }])
  })

  it('refuses a network that asks too often with 429 and when to try again', async () => {
    const { client, page, token } = await publicPage(await joinLink())
    for (let i = 0; i < 20; i++) await client.post(page, { token, email: `new-${i}@acme.test` })
    const answer = await client.post(page, { token, email: 'last@acme.test' })
    expect([answer.status, Number(answer.headers.get('Retry-After')) > 3000]).toEqual([429, true])
    expect(await textOf(answer)).toContain('Too many requests for this link or from your network.')
  })

  it.each([
    ['turned off', 'UPDATE join_links SET turned_off_at = 2', 'This link was turned off'],
    ['expired', 'UPDATE join_links SET created_at = 1, expires_at = 2', 'This link has expired'],
    ['used up', 'UPDATE join_links SET uses = most_uses', 'This link has no uses left'],
  ])('of one that is %s explains itself (410), to read and to post to', async (_, change, words) => {
    const { client, page, token } = await publicPage(await joinLink())
    await run(change)
    for (const answer of [await client.get(page), await client.post(page, { token, email: 'new@acme.test' })])
      expect([answer.status, await textOf(answer)]).toEqual([410, expect.stringContaining(words)])
    expect(await all("SELECT 1 FROM mails WHERE kind = 'join'")).toEqual([])
  })

  it('acts by the token of the form alone, which must be of its path', async () => {
    const [one, other] = [await publicPage(await joinLink()), await publicPage(await joinLink())]
    const before = await facts()
    for (const token of [other.token, '', 'nonsense', (await emailedLink('x'.repeat(43))).token]) {
      const answer = await one.client.post(one.page, { token, email: 'new@acme.test' })
      expect([answer.status, await textOf(answer)]).toEqual([410, expect.stringContaining('This link cannot be used')])
    }
    expect(await facts()).toEqual(before)
  })
})

describe('the page of the emailed link', () => {
  it('sets a password, leads to sign-in with the address filled in, and signs nobody in', async () => {
    const { client, page, token } = await emailedPage(await proofFor(await joinLink(), 'nora@acme.test'))
    const answer = await client.post(`${page}/join`, { token, name: 'Nora New', password: NEW_PASSWORD })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, expect.stringMatching(/^\/login/)])
    expect(await (await client.get(answer.headers.get('Location') ?? '')).text()).toContain('value="nora@acme.test"')
    expect(await all("SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email_key = 'nora@acme.test'")).toEqual([])
    const again = await client.get((await emailedLink('')).to.page)
    expect(again.status).toBe(410)
  })

  it('refuses a short password and no name, beside their fields, with the draft kept', async () => {
    const { client, page, token } = await emailedPage(await proofFor(await joinLink(), 'nora@acme.test'))
    const before = await facts()
    const answer = await client.post(`${page}/join`, { token, name: ' ', password: 'short' })
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(html).toContain('Enter your name.')
    expect(html).toContain('Use at least 15 characters.')
    expect(await facts()).toEqual(before)
  })

  it('asks somebody with an account to sign in first, and then joins with one button', async () => {
    const jti = await proofFor(await joinLink(), 'cat@globex.test')
    const anonymous = await emailedPage(jti)
    expect(await textOf(await anonymous.client.get(anonymous.page))).toContain('Sign in to join')
    expect((await anonymous.client.post(`${anonymous.page}/join`, { token: anonymous.token, password: NEW_PASSWORD })).status).toBe(
      409,
    )

    const { client, page, token } = await emailedPage(jti, await signedIn('cat'))
    const answer = await client.post(`${page}/join`, { token })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/w/acme/agents'])
  })

  it('shows both addresses to somebody else who is signed in, and does nothing for them', async () => {
    const { client, page, token } = await emailedPage(await proofFor(await joinLink(), 'nora@acme.test'), await signedIn('bob'))
    expect(await textOf(await client.get(page))).toMatch(/This link is for nora@acme.test . You are signed in as bob@acme.test/)
    const before = await facts()
    expect((await client.post(`${page}/join`, { token, password: NEW_PASSWORD, name: 'Nora' })).status).toBe(409)
    expect(await facts()).toEqual(before)
  })

  it.each([
    ['bob@acme.test', 'You are in Acme already'],
    ['dov@acme.test', 'Ask one of its admins to turn it on again.'],
  ])('tells %s what to do (410)', async (email, words) => {
    const { client, page } = await emailedPage(await proofFor(await joinLink(), email))
    const answer = await client.get(page)
    expect([answer.status, await textOf(answer)]).toEqual([410, expect.stringContaining(words)])
  })

  it('leads somebody who is invited to their invitation, whose role and access count', async () => {
    const link = await joinLink()
    const { client, page, token } = await emailedPage(await proofFor(link, 'pia@acme.test'))
    expect(await textOf(await client.get(page))).toContain('You are invited to Acme already')
    const answer = await client.post(`${page}/invitation`, { token })
    expect(answer.headers.get('Location')).toMatch(/^\/invitation\/[\w-]{16}$/)
    expect(await textOf(await client.get(answer.headers.get('Location') ?? ''))).toContain('Set My Password')
    expect(await one('SELECT uses FROM join_links WHERE id = ?', link.id)).toEqual({ uses: 0 })
  })

  it.each([
    ['an hour later', 'UPDATE join_proofs SET expires_at = created_at + 1'],
    ['once it was used', "UPDATE join_proofs SET state = 'used'"],
    ['once the join link was turned off', 'UPDATE join_links SET turned_off_at = 1'],
  ])('opens no invitation %s', async (_, change) => {
    const { client, page, token } = await emailedPage(await proofFor(await joinLink(), 'pia@acme.test'))
    await run(change)
    const answer = await client.post(`${page}/invitation`, { token })
    const words = await textOf(answer)
    expect([answer.status, answer.headers.get('Location'), words.includes('Open my invitation')]).toEqual([410, null, false])
    expect(words).toContain('This one no longer works.')
  })

  it('asks for approval where that is needed, says that it waits, and cannot join', async () => {
    const { client, page, token } = await emailedPage(await proofFor(await joinLink({ approval: true }), 'nora@acme.test'))
    expect(await textOf(await client.get(page))).toContain('Ask to join Acme')
    expect((await client.post(`${page}/join`, { token, name: 'Nora', password: NEW_PASSWORD })).status).toBe(409)
    expect((await client.post(`${page}/ask`, { token, name: ' ' })).status).toBe(422)
    const waiting = await client.submit(`${page}/ask`, { token, name: 'Nora' })
    expect([waiting.status, await textOf(waiting)]).toEqual([200, expect.stringContaining('Waiting for approval')])
    expect(await all("SELECT 1 FROM members WHERE email_key = 'nora@acme.test'")).toEqual([])
  })
})

it.each([
  '/JOIN',
  '/join/',
  '/join/x',
  '/join/x/y',
  '/join/confirm',
  '/join/confirm/',
  '/join/confirm/x',
  '/Join/Confirm/x',
  '/join%3F',
])('%s gets the neutral page, to read and to post to', async (path) => {
  const { client } = await publicPage(await joinLink())
  const before = await dump()
  for (const answer of [await client.get(path), await client.post(path, { email: 'new@acme.test' })])
    expect([answer.status, (await textOf(answer)).includes('This link cannot be used')]).toEqual([410, true])
  expect(await dump()).toEqual(before)
})
