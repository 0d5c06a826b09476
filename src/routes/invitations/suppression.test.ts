import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, linkIn, run } from '../../../test/database'

const PIA = 'pia@acme.test'
/** What would tell on the person. */
const TELLING = /complain|asked|never|spam|declined/i

async function opened() {
  const pia = new Client()
  await pia.get(await linkIn(PIA))
  return pia
}
const textOf = async (answer: Response) => (await answer.text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
const mainOf = async (answer: Response) => /<main.*<\/main>/s.exec(await answer.text())?.[0].replaceAll(/<[^>]+>/g, ' ') ?? ''

describe('the page of an open invitation', () => {
  it('offers to decline, and to decline for good, each after saying what happens', async () => {
    const html = await (await (await opened()).get('/invitation')).text()

    expect(html.match(/action="\/invitation\/decline"/g)).toHaveLength(2)
    expect(html.match(/<input type="hidden" name="never" value="on"/g)).toHaveLength(1)
    expect(html).toContain('Decline and never invite this address again')
  })

  it('declines for good with one button, and the admin of no workspace can invite the address again', async () => {
    const pia = await opened()
    const page = await pia.submit('/invitation/decline', { never: 'on' })

    expect(await textOf(page)).toContain('You declined this invitation')
    expect(await all('SELECT email_key, reason FROM suppressions')).toEqual([{ email_key: PIA, reason: 'asked' }])
    for (const name of ['ada', 'cat'] as const) {
      const admin = await signedIn(name)
      expect((await admin.post('/access/invitations', { email: PIA, role: 'user' })).status).toBe(422)
      expect(admin.posted).toEqual([])
    }
  })

  it('declines without it only this once', async () => {
    await (await opened()).post('/invitation/decline')

    expect(await all('SELECT email_key FROM suppressions')).toEqual([])
  })
})

describe('an admin learns that an address cannot be mailed and what helps, not who asked or why:', () => {
  beforeEach(async () => {
    await run("INSERT INTO suppressions VALUES ('nell@acme.test', 'complained', 1), (?, 'asked', 1)", PIA)
    await run("UPDATE mails SET created_at = 1 WHERE member_id = 'pia'")
  })

  it.each([
    ['/access/invitations', { email: 'nell@acme.test', role: 'user' }, 422],
    ['/access/users/pia/address', { email: 'nell@acme.test' }, 422],
    ['/access/users/pia/resend', {}, 409],
  ])('%s', async (path, fields, status) => {
    const ada = await signedIn('ada')
    const before = await dump()
    const answer = await ada.post(path, fields)

    expect([answer.status, ada.posted]).toEqual([status, []])
    const main = await mainOf(answer)
    expect(main).toContain('This address cannot be mailed')
    expect(main).toMatch(/Ask the person for another one/)
    expect(main).not.toMatch(TELLING)
    expect(await dump()).toEqual(before)
  })
})

it('whoever asks for a fresh link to such an address is told that none is mailed', async () => {
  const pia = await opened()
  await run('UPDATE invitations SET expires_at = created_at + 1')
  await run("UPDATE mails SET created_at = 1 WHERE member_id = 'pia'")
  await run("INSERT INTO suppressions VALUES (?, 'complained', 1)", PIA)
  const answer = await pia.post('/invitation/renew')

  expect([answer.status, answer.headers.get('Retry-After'), pia.posted]).toEqual([410, null, []])
  expect(await textOf(answer)).toContain('We do not write to this address any more.')
})
