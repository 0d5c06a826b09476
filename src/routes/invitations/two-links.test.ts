import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, linkIn, one } from '../../../test/database'
import { type OpenedLink, open, openInvitation, openReset, tokenIn } from '../../../test/opened-link'
import { readEnv } from '../../env'
import { LINK_COOKIES } from '../../limits'
import { signerOf } from '../../models/identity/keyring'
import { signToken } from '../../models/identity/token'

const PASSWORD = 'plum teapot orbit canyon'
const PIA = 'pia@acme.test'
const NELL = 'nell@globex.test'

/** Nell is invited as an admin, and somebody else's tab is to be no way to her invitation. */
async function inviteNell() {
  const cat = await signedIn('cat')
  await cat.post('/w/globex/access/invitations', { email: NELL, role: 'admin' })
}

async function bothOpen(client = new Client()) {
  await inviteNell()
  return { pia: await openInvitation(client, PIA), nell: await openInvitation(client, NELL) }
}

const membersNamed = (...emails: string[]) =>
  all(
    `SELECT m.email, m.role, m.status, u.name FROM members m LEFT JOIN users u ON u.id = m.user_id
     WHERE m.email IN (${emails.map(() => '?').join(', ')}) ORDER BY m.email`,
    ...emails,
  )
const textOf = async (answer: Response) => (await answer.text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
const signTokenFor = (jti: string) =>
  signToken(signerOf(readEnv(env).INVITATION_KEYS, Date.now()), 'invitation', {
    jti,
    iat: 1000,
    exp: 2000,
  })
const linkCookies = (client: Client) => [...client.cookies.keys()].filter((name) => name.startsWith('__Host-link-'))

describe('two invitations open in one browser', () => {
  it('are two pages, each of its own link', async () => {
    const { pia, nell } = await bothOpen()

    expect(pia.page).not.toBe(nell.page)
    expect(await textOf(await pia.show())).toContain(`Ada Admin invited ${PIA}`)
    expect(await textOf(await nell.show())).toContain(`invited ${NELL}`)
    const html = await (await pia.show()).text()
    for (const [, action] of html.matchAll(/action="([^"]+)"/g)) expect(action).toMatch(new RegExp(`^${pia.page}/`))
    for (const [, token] of html.matchAll(/name="token" value="([^"]+)"/g)) expect(token).toBe(pia.token)
  })

  it('are accepted each by its own form, whichever was opened last', async () => {
    const { pia, nell } = await bothOpen()
    await pia.post('/accept', { password: PASSWORD, name: 'Pia Berg' })
    expect(await membersNamed(PIA, NELL)).toEqual([
      { email: NELL, role: 'admin', status: 'pending', name: null },
      { email: PIA, role: 'user', status: 'active', name: 'Pia Berg' },
    ])

    expect((await nell.post('/accept', { password: `${PASSWORD} too`, name: 'Nell' })).status).toBe(303)
    expect((await membersNamed(NELL))[0]).toMatchObject({ status: 'active', name: 'Nell' })
  })

  it('sign in each as the address that its own form was sent for', async () => {
    const { pia, nell } = await bothOpen()
    const toPia = (await pia.post('/accept', { password: PASSWORD })).headers.get('Location') ?? ''
    await nell.post('/accept', { password: PASSWORD })

    expect(await (await pia.client.get(toPia)).text(), 'a later tab has the notice now').not.toContain(NELL)
  })

  it('join each the workspace that its own page names', async () => {
    const [ada, cat] = [await signedIn('ada'), await signedIn('cat')]
    await ada.post('/w/acme/access/invitations', { email: 'cat@globex.test', role: 'user' })
    const acme = await openInvitation(cat, 'cat@globex.test')
    await cat.post('/w/globex/access/invitations', { email: 'bob@acme.test', role: 'admin' })
    const other = await openInvitation(cat, 'bob@acme.test')

    expect((await acme.post('/accept')).headers.get('Location')).toBe('/w/acme/agents')
    expect((await other.post('/accept')).status, 'is for Bob').toBe(409)
    expect(await one("SELECT status FROM members WHERE tenant_id = 'acme' AND user_id = 'user-cat'")).toEqual({ status: 'active' })
  })

  it.each([
    ['/decline', {}, 'declined'],
    ['/decline', { never: 'on' }, 'declined'],
    ['/accept', { password: PASSWORD }, 'accepted'],
  ] as const)('%s %o acts on its own alone', async (action, fields, state) => {
    const { pia } = await bothOpen()
    await pia.post(action, fields)

    expect(await all('SELECT tenant_id, state FROM invitations ORDER BY tenant_id')).toEqual([
      { tenant_id: 'acme', state },
      { tenant_id: 'globex', state: 'open' },
    ])
  })

  it('tell each of its own use, and are renewed each by its own', async () => {
    const { pia } = await bothOpen()
    await pia.post('/opened')
    expect(await all('SELECT tenant_id FROM invitations WHERE opened_at IS NOT NULL')).toEqual([{ tenant_id: 'acme' }])

    await pia.post('/renew')
    expect(await all("SELECT to_email FROM mails WHERE kind = 'fresh_invitation'")).toEqual([{ to_email: PIA }])
  })
})

describe('two reset links open in one browser', () => {
  it('set each the password of its own person', async () => {
    const client = new Client()
    for (const email of ['bob@acme.test', 'cat@globex.test']) await new Client().post('/forgot-password', { email })
    const bob = await openReset(client, 'bob@acme.test')
    const cat = await openReset(client, 'cat@globex.test')
    const before = await one("SELECT secret FROM credentials WHERE user_id = 'user-cat'")

    expect(await (await bob.show()).text()).toContain('value="bob@acme.test"')
    expect(await (await cat.show()).text()).toContain('value="cat@globex.test"')
    expect((await bob.post('', { password: PASSWORD })).status).toBe(303)
    expect(await one("SELECT secret FROM credentials WHERE user_id = 'user-cat'")).toEqual(before)
    expect(await all("SELECT user_id FROM password_resets WHERE state = 'used'")).toEqual([{ user_id: 'user-bob' }])
    expect((await cat.post('', { password: PASSWORD })).status).toBe(303)
  })
})

describe('a form with the token of another link', () => {
  const swapped = ({ client, page }: OpenedLink, { token }: OpenedLink, action: string) =>
    client.post(page + action, { token, password: PASSWORD })

  it.each(['/accept'])('does nothing: %s', async (action) => {
    const { pia, nell } = await bothOpen()
    const before = await dump()
    const answers = [await swapped(pia, nell, action), await swapped(nell, pia, action)]

    for (const answer of answers) {
      expect(answer.status).toBe(410)
      expect(await textOf(answer)).toContain('This link cannot be used')
    }
    expect(await dump()).toEqual(before)
  })

  it.each(['/decline', '/renew', '/opened'])('does nothing: %s', async (action) => {
    const { pia, nell } = await bothOpen()
    const before = await dump()

    for (const token of [nell.token, '', 'nonsense', `${pia.token}x`])
      expect((await pia.client.post(pia.page + action, { token })).status).toBe(410)
    expect((await pia.client.post(pia.page + action)).status, 'without a token the cookie does not count').toBe(410)
    expect(await dump()).toEqual(before)
  })

  it('does nothing to a password', async () => {
    const client = new Client()
    for (const email of ['bob@acme.test', 'cat@globex.test']) await new Client().post('/forgot-password', { email })
    const [bob, cat] = [await openReset(client, 'bob@acme.test'), await openReset(client, 'cat@globex.test')]
    const before = await dump()

    expect((await swapped(bob, cat, '')).status).toBe(410)
    expect(await dump()).toEqual(before)
  })
})

it('another site that opens a link of its own in somebody’s browser changes nothing of their page', async () => {
  await inviteNell()
  const victim = await openInvitation(new Client(), PIA)
  const shown = await (await victim.show()).text()
  const hostile = await linkIn(NELL)
  for (const path of [hostile, `${victim.page}?token=${tokenIn(hostile)}`]) {
    const answer = await victim.client.get(path, { headers: { 'Sec-Fetch-Site': 'cross-site', Referer: 'https://evil.test/' } })
    expect(answer.headers.get('Location')).not.toBe(victim.page)
  }

  expect(await (await victim.show()).text()).toBe(shown)
  await victim.post('/accept', { password: PASSWORD, name: 'Pia' })
  expect(await membersNamed(PIA, NELL)).toEqual([
    { email: NELL, role: 'admin', status: 'pending', name: null },
    { email: PIA, role: 'user', status: 'active', name: 'Pia' },
  ])
})

describe('whatever is not a link on the paths of links', () => {
  it('gets the neutral page, never that of a link that the browser has open', async () => {
    await inviteNell()
    const pia = await openInvitation(new Client(), PIA)
    const token = tokenIn(await linkIn(NELL))
    const strange = [
      '/invitation',
      '/invitation?',
      `/invitation?token=${token.slice(0, -3)}`,
      `${pia.page}?x=1`,
      `${pia.page}?token=nonsense`,
      '/reset-password',
      `/reset-password?token=${token}`,
    ]

    for (const path of strange) {
      const answer = await pia.client.get(path)
      expect([path, answer.status]).toEqual([path, 410])
      const text = await textOf(answer)
      expect(text).toContain('This link cannot be used')
      expect(text).not.toContain('Acme')
    }
  })

  it('gets it on the page of a reset, too', async () => {
    for (const email of ['bob@acme.test', 'cat@globex.test']) await new Client().post('/forgot-password', { email })
    const bob = await openReset(new Client(), 'bob@acme.test')
    const cat = await openReset(new Client(), 'cat@globex.test')

    for (const query of ['x=1', 'token=nonsense'])
      expect(await textOf(await bob.client.get(`${bob.page}?${query}`))).toContain('This link cannot be used')
    for (const query of [`token=${cat.token}`, `token%3D${cat.token}`])
      expect((await bob.client.get(`${bob.page}?${query}`)).headers.get('Location')).toBe(cat.page)
  })

  it('is asked to open the email again where the page is not open in this browser', async () => {
    const { page } = await openInvitation(new Client(), PIA)
    const reset = page.replace('invitation', 'reset-password')
    for (const path of [page, reset]) {
      const client = new Client()
      const answer = await client.get(path)
      expect([answer.status, client.roundTrips]).toEqual([410, 0])
      const text = await textOf(answer)
      expect(text).toContain('Open the link in your email again')
      expect(text, 'no cookie came at all').toContain('your browser blocks cookies for this site: allow them')
    }
  })

  it('is told nothing of cookies where the browser keeps them', async () => {
    const { page } = await openInvitation(new Client(), PIA)
    const text = await textOf(await (await signedIn('bob')).get(page))

    expect(text).toContain('It is no longer open in this browser. Nothing was changed.')
    expect(text).not.toContain('cookies')
  })
})

describe('a browser keeps', () => {
  it('eight links open, and of more those opened last', async () => {
    const client = new Client()
    const links = []
    for (let i = 0; i < LINK_COOKIES.most + 1; i++) {
      links.push(await open(client, `/invitation?token=${await signTokenFor(`${i}`.repeat(43))}`))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(linkCookies(client)).toHaveLength(LINK_COOKIES.most)
    expect(linkCookies(client)).not.toContain(`__Host-link-${links[0]?.page.split('/')[2]}`)

    await open(client, `/invitation?token=${links[1]?.token}`)
    expect(linkCookies(client), 'opened again, it is no more than it was').toHaveLength(LINK_COOKIES.most)
    await openInvitation(client, PIA)
    expect(linkCookies(client)).toContain(`__Host-link-${links[1]?.page.split('/')[2]}`)
    expect(linkCookies(client)).not.toContain(`__Host-link-${links[2]?.page.split('/')[2]}`)
  })

  it.each([
    ['an invitation', () => openInvitation(new Client(), PIA), '/accept'],
    [
      'a reset',
      async () => {
        await new Client().post('/forgot-password', { email: 'bob@acme.test' })
        return openReset(new Client(), 'bob@acme.test')
      },
      '',
    ],
  ] as const)('nothing that the open form of %s needs: without its cookie nothing typed is lost', async (_, opening, action) => {
    const link = await opening()
    link.client.cookies.clear()
    const refused = await link.post(action, { password: 'short', ...(action ? { name: 'Pia Berg' } : {}) })
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain(`name="token" value="${link.token}"`)

    const answer = await link.post(action, { password: PASSWORD })
    expect(answer.headers.get('Location')).toBe(`/login?from=${link.page.split('/')[2]}`)
  })

  it('a link whose cookie was lost open again after its form', async () => {
    const pia = await openInvitation(new Client(), PIA)
    pia.client.cookies.clear()

    expect(await textOf(await pia.submit('/decline'))).toContain('You declined this invitation')
  })
})

it('a link that is opened again in the same browser is the same page', async () => {
  const client = new Client()
  const pages = [await openInvitation(client, PIA), await openInvitation(client, PIA)].map(({ page }) => page)

  expect(pages[0]).toBe(pages[1])
  expect(linkCookies(client)).toHaveLength(1)
})

describe('below the path of a link', () => {
  it.each(['/accept', '/decline', '/anything/else'])('%s is the neutral page, whoever has the link open', async (rest) => {
    const pia = new Client()
    const page = (await pia.get(await linkIn('pia@acme.test'))).headers.get('Location') ?? ''
    const answer = await pia.get(page + rest)
    expect([answer.status, await answer.text()]).toEqual([410, expect.not.stringContaining('pia@acme.test')])
  })
})
