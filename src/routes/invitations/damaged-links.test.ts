import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { BEYOND_REPAIR, DAMAGES } from '../../../test/damage'
import { dump, linkIn, resetLinkIn } from '../../../test/database'
import { openInvitation, openReset } from '../../../test/opened-link'

const HOST = 'https://latchkey.test'
const NELL = 'nell@globex.test'

/** The browser has a good link of each kind open already, none of them the one in question. */
async function browserWithOthers() {
  const client = new Client()
  await openInvitation(client, 'pia@acme.test')
  await openReset(client, 'cat@globex.test')
  return client
}

const LINKS = { invitation: () => linkIn(NELL), reset: () => resetLinkIn('bob@acme.test') }

beforeEach(async () => {
  for (const email of ['bob@acme.test', 'cat@globex.test']) await new Client().post('/forgot-password', { email })
  await (await signedIn('cat')).post('/w/globex/access/invitations', { email: NELL, role: 'admin' })
})

/** Without the host again, whatever was done to the rest. */
const pathIn = (url: string) => url.slice(HOST.length)

describe.each(Object.entries(LINKS))('a damaged link of an %s', (_, linkOf) => {
  it('opens its own page, whatever was done to it, and changes nothing', async () => {
    const link = await linkOf()
    const page = (await new Client().get(link)).headers.get('Location')
    const client = await browserWithOthers()
    const before = await dump()

    for (const [what, damage] of DAMAGES) {
      const answer = await client.get(pathIn(damage(HOST + link)))
      expect([what, answer.status, answer.headers.get('Location')]).toEqual([what, 303, page])
    }
    expect(await dump()).toEqual(before)
  })

  it('that is beyond repair gets the neutral page with a way to a fresh one, and nobody else’s', async () => {
    const link = await linkOf()
    const client = await browserWithOthers()

    for (const [what, damage] of BEYOND_REPAIR) {
      const answer = await client.get(pathIn(damage(HOST + link)))
      const html = await answer.text()
      expect([what, answer.status, answer.headers.get('Set-Cookie')]).toEqual([what, 410, null])
      expect(html).toContain('This link cannot be used')
      expect(html).toMatch(/<a class="button primary wide" href="\/forgot-password">\s*Email me a fresh link/)
      expect(html).not.toMatch(/pia@|cat@|nell@|bob@|Acme|Globex/)
    }
  })
})

describe('whatever else is on the paths of links', () => {
  it.each([
    '/INVITATION',
    '//invitation',
    '/invitation/',
    '/invitation/%20',
    '/invitation/x/y/z',
    '/Reset-Password/x',
    '/reset-password/',
    '/invitation.',
    '/invitation%3F',
  ])('%s gets the neutral page, to read and to post to', async (path) => {
    const client = await browserWithOthers()
    const before = await dump()

    for (const answer of [await client.get(path), await client.post(path, { password: 'plum teapot orbit canyon' })]) {
      expect([answer.status, (await answer.text()).includes('This link cannot be used')]).toEqual([410, true])
    }
    expect(await dump()).toEqual(before)
  })

  it('and what only begins like them does not exist', async () => {
    for (const path of ['/invitations', '/reset-passwords', '/invitation-x'])
      expect((await new Client().get(path)).status).toBe(404)
  })
})
