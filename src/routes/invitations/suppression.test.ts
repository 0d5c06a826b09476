import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, run } from '../../../test/database'
import { openInvitation } from '../../../test/opened-link'
import { LIFT_MS } from '../../limits'

const PIA = 'pia@acme.test'
/** What would tell on the person. */
const TELLING = /complain|asked|never|spam|declined/i

const opened = () => openInvitation(new Client(), PIA)
const textOf = async (answer: Response) => (await answer.text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
const mainOf = async (answer: Response) => /<main.*<\/main>/s.exec(await answer.text())?.[0].replaceAll(/<[^>]+>/g, ' ') ?? ''

describe('the page of an open invitation', () => {
  it('asks once before it declines, with a box for never being invited again', async () => {
    const pia = await opened()
    const html = await (await pia.show()).text()

    expect(html.split(`action="${pia.page}/decline"`)).toHaveLength(2)
    expect(html).toMatch(/<dialog .*action="[^"]*\/decline".*<input type="checkbox" name="never" value="on"/)
    expect(html).not.toContain('name="never" value="on" checked')
  })

  it('declines for good with the box ticked, and this workspace cannot invite the address again', async () => {
    const pia = await opened()
    const page = await pia.submit('/decline', { never: 'on' })

    expect(await textOf(page)).toContain('You declined this invitation')
    expect(await all('SELECT email_key, tenant_id, reason FROM suppressions')).toEqual([
      { email_key: PIA, tenant_id: 'acme', reason: 'asked' },
    ])
    const [ada, cat] = [await signedIn('ada'), await signedIn('cat')]
    expect((await ada.post('/w/acme/access/invitations', { email: PIA, role: 'user' })).status).toBe(422)
    expect((await cat.post('/w/globex/access/invitations', { email: PIA, role: 'user' })).status).toBe(303)
    expect([ada.posted.length, cat.posted.length]).toEqual([0, 1])
  })

  it('takes that back for a day, with one button of the same page', async () => {
    const pia = await opened()
    const page = await textOf(await pia.submit('/decline', { never: 'on' }))
    expect(page).toContain('You asked Acme never to invite you at this address again.')
    expect(page).toContain('Allow invitations again')

    const lifted = await textOf(await pia.submit('/allow'))
    expect(lifted).toContain('You can be invited at this address again.')
    expect(lifted).toContain('You declined this invitation')
    expect(lifted).not.toContain('Allow invitations again')
    expect(await all('SELECT email_key FROM suppressions')).toEqual([])
  })

  it('offers it no longer after a day, and does nothing then', async () => {
    const pia = await opened()
    await pia.submit('/decline', { never: 'on' })
    await run('UPDATE suppressions SET at = at - ?', LIFT_MS)
    const before = await dump()

    expect(await textOf(await pia.show())).toContain('To be invited again, give an admin another address.')
    expect((await pia.post('/allow')).status).toBe(303)
    expect(await dump()).toEqual(before)
  })

  it('takes back a complaint as well, while the invitation goes on working', async () => {
    const pia = await opened()
    await run("INSERT INTO suppressions VALUES (?, '', 'complained', ?)", PIA, Date.now())
    const page = await textOf(await pia.show())
    expect(page).toContain('An email to this address was reported as spam')
    expect(page).toContain('Set My Password')

    expect(await textOf(await pia.submit('/allow'))).toContain('You can be invited at this address again.')
    expect(await all('SELECT email_key FROM suppressions')).toEqual([])
  })

  it('declines without it only this once', async () => {
    await (await opened()).post('/decline')

    expect(await all('SELECT email_key FROM suppressions')).toEqual([])
  })
})

describe('an admin learns that an address cannot be emailed and what helps, not who asked or why:', () => {
  beforeEach(async () => {
    await run("INSERT INTO suppressions VALUES ('nell@acme.test', '', 'complained', 1), (?, 'acme', 'asked', 1)", PIA)
    await run("UPDATE mails SET created_at = 1 WHERE member_id = 'pia'")
  })

  it.each([
    ['/w/acme/access/invitations', { email: 'nell@acme.test', role: 'user' }, 422],
    ['/w/acme/access/users/pia/address', { email: 'nell@acme.test' }, 422],
    ['/w/acme/access/users/pia/resend', {}, 409],
  ])('%s', async (path, fields, status) => {
    const ada = await signedIn('ada')
    const before = await dump()
    const answer = await ada.post(path, fields)

    expect([answer.status, ada.posted]).toEqual([status, []])
    const main = await mainOf(answer)
    expect(main).toContain('This address cannot be emailed')
    expect(main).toMatch(/Ask the person for another one/)
    expect(main).not.toMatch(TELLING)
    expect(await dump()).toEqual(before)
  })
})

it('whoever asks for a fresh link to such an address is told that none is emailed', async () => {
  const pia = await opened()
  await run('UPDATE invitations SET expires_at = created_at + 1')
  await run("UPDATE mails SET created_at = 1 WHERE member_id = 'pia'")
  await run("INSERT INTO suppressions VALUES (?, '', 'complained', 1)", PIA)
  const answer = await pia.post('/renew')

  expect([answer.status, answer.headers.get('Retry-After'), pia.client.posted]).toEqual([410, null, []])
  expect(await textOf(answer)).toContain('This workspace cannot email this address.')
})
