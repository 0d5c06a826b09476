import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, one, run } from '../../../test/database'
import { wordsOf } from '../../../test/late'
import { open } from '../../../test/opened-link'

const PAGE = '/w/acme/access/users/pia/copy-link'
const PASSWORD = 'plum teapot orbit canyon'
let ada: Client

beforeEach(async () => {
  ada = await signedIn('ada')
})

const linkOn = (page: string) => page.match(/<input id="link" value="([^"]+)"/)?.[1] ?? ''

async function copied() {
  const page = await (await ada.post(PAGE, { state: 'pending' })).text()
  return linkOn(page).replace('https://latchkey.test', '')
}

describe('copying a link', () => {
  it('is led to from the row and from the page of somebody pending', async () => {
    for (const page of ['/w/acme/access/users', '/w/acme/access/users/pia'])
      expect(await (await ada.get(page)).text()).toContain('Copy link')
    expect(await (await ada.get('/w/acme/access/users/bob')).text()).not.toContain('Copy link')
  })

  it('says first what it does, and makes nothing', async () => {
    const before = await dump()
    const page = await (await ada.get(PAGE)).text()

    expect(wordsOf(page)).toContain('The emailed link keeps working.')
    expect(page).toContain(`action="${PAGE}"`)
    expect(await dump()).toEqual(before)
  })

  it('shows the link once, on a page that no browser keeps', async () => {
    const answer = await ada.post(PAGE, { state: 'pending' })
    const page = await answer.text()

    expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([200, 'private, no-store'])
    expect(linkOn(page)).toMatch(/^https:\/\/latchkey\.test\/invitation\?token=eyJ/)
    expect(await (await ada.get(PAGE)).text()).not.toContain('eyJ')
    expect(JSON.stringify(await dump())).not.toContain('eyJ')
  })

  it('of somebody whose link has expired says to resend it, and offers nothing else', async () => {
    await run("UPDATE invitations SET expires_at = ? WHERE member_id = 'pia'", Date.now())
    const page = await (await ada.get(PAGE)).text()
    expect(page).toContain('This invitation has expired.')
    expect(page).not.toContain(`action="${PAGE}"`)

    const answer = await ada.post(PAGE)
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('Resend it first')])
  })

  it('is not offered where only some domains are allowed, which the page says', async () => {
    await run("INSERT INTO allowed_domains VALUES ('acme', 'acme.test')")
    const page = await (await ada.get(PAGE)).text()
    expect(page).toContain('This workspace allows only some domains')
    expect(page).not.toContain(`action="${PAGE}"`)
  })

  it('for an address with an account does not say that there is one', async () => {
    await run("INSERT INTO users (id, email, email_key, created_at) VALUES ('p', 'pia@acme.test', 'pia@acme.test', 1)")
    const answer = await ada.post(PAGE)
    const words = wordsOf(await answer.text())

    expect([answer.status, words]).toEqual([409, expect.stringContaining('No link can be copied for this address')])
    expect(words).not.toMatch(/account (exists|already)|has an account/i)
  })

  it('of somebody who is here leads to their page', async () => {
    expect((await ada.get('/w/acme/access/users/bob/copy-link')).headers.get('Location')).toBe('/w/acme/access/users/bob')
    expect((await ada.get('/w/acme/access/users/nobody/copy-link')).status).toBe(404)
  })
})

describe('a copied link', () => {
  it('sets a password and joins as the emailed one does, and leaves the address unconfirmed', async () => {
    const client = new Client()
    const link = await open(client, await copied())
    expect(wordsOf(await (await link.show()).text())).toContain('Set My Password')
    const answer = await link.post('/accept', { password: PASSWORD, name: 'Pia Novak' })

    expect(answer.status).toBe(303)
    expect(await one("SELECT proved_at FROM users WHERE email_key = 'pia@acme.test'")).toEqual({ proved_at: null })
    expect(await all("SELECT state FROM invitations WHERE member_id = 'pia'")).toEqual([{ state: 'accepted' }])
  })

  it('says that it no longer works once another one was copied', async () => {
    const [earlier, later] = [await open(new Client(), await copied()), await open(new Client(), await copied())]
    expect([(await later.show()).status, (await earlier.show()).status]).toEqual([200, 410])
    expect(wordsOf(await (await earlier.show()).text())).toContain('a newer one replaced it')
  })

  it('sets no password once only some domains are allowed: it says which link does, and is not used', async () => {
    const link = await open(new Client(), await copied())
    await run("INSERT INTO allowed_domains VALUES ('acme', 'acme.test')")
    const before = await dump()
    const words = wordsOf(await (await link.show()).text())
    expect(words).toContain('Acme allows only some domains')
    expect(words).toContain('Email me the link')

    const refused = await link.post('/accept', { password: PASSWORD, name: 'Pia' })
    expect([refused.status, await dump()]).toEqual([409, before])
  })

  it('opens nothing for an unproven account: it says which link does, emails that one, and is not used', async () => {
    const link = await open(new Client(), await copied())
    await run("INSERT INTO users (id, email, email_key, created_at) VALUES ('p', 'pia@acme.test', 'pia@acme.test', 1)")
    const before = await dump()
    const words = wordsOf(await (await link.show()).text())
    expect(words).toContain('no one has confirmed the address')
    expect(words).toContain('Email me the link')
    expect(words).not.toContain('Password')

    const refused = await link.post('/accept', { password: PASSWORD, name: 'Pia' })
    expect([refused.status, await dump()]).toEqual([409, before])
    await run("UPDATE mails SET created_at = created_at - 3600000 WHERE to_key = 'pia@acme.test'")
    await link.post('/renew')
    expect(await all("SELECT kind FROM mails WHERE to_key = 'pia@acme.test' AND kind = 'fresh_invitation'")).toHaveLength(1)
  })
})
