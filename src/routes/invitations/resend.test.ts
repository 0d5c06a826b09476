import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { actNamed, somebody } from '../../../test/cast'
import { signedIn } from '../../../test/client'
import { all, dump, run } from '../../../test/database'
import { accept } from '../../models/invitations/acceptance'
import { cancel } from '../../models/invitations/cancel'

const PIA = '/w/acme/access/users/pia'
const USERS = '/w/acme/access/users'
const aMinuteLater = () => run("UPDATE mails SET created_at = created_at - 3600000 WHERE member_id = 'pia'")
const piaAccepts = () =>
  accept(somebody(), 'seeded-invitation-of-pia'.padEnd(43, '0'), { passwordHash: '$scrypt$x', name: 'Pia Berg' })

describe('resending', () => {
  it('leads back to where it was asked, and says to whom it went', async () => {
    const ada = await signedIn('ada')
    const answer = await ada.post(
      `${PIA}/resend`,
      { state: 'pending' },
      { headers: { Referer: `${env.APP_ORIGIN}${USERS}?q=pia` } },
    )

    expect([answer.status, answer.headers.get('Location'), ada.posted.length]).toEqual([303, `${USERS}?q=pia`, 1])
    expect(await (await ada.get(`${USERS}?q=pia`)).text()).toContain('Invitation sent again to pia@acme.test.')
  })

  it('too soon is refused with Retry-After', async () => {
    await run("UPDATE mails SET created_at = ? WHERE member_id = 'pia'", Date.now() - 30_000)
    const ada = await signedIn('ada')
    const before = await dump()
    const answer = await ada.post(`${PIA}/resend`, { state: 'pending' })

    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(25)
    expect(Number(answer.headers.get('Retry-After'))).toBeLessThanOrEqual(30)
    expect(await dump()).toEqual(before)
  })

  it.each(['/resend', '/address'])('to somebody who has accepted meanwhile does nothing and says so: %s', async (path) => {
    const ada = await signedIn('ada')
    await aMinuteLater()
    await piaAccepts()
    const before = await dump()
    const answer = await ada.post(PIA + path, { state: 'pending', ...(path === '/address' ? { email: 'pia.new@acme.test' } : {}) })

    expect([answer.status, ada.posted]).toEqual([409, []])
    const html = await answer.text()
    expect(html).toMatch(/Pia Berg.*accepted/s)
    expect(html).not.toContain('Not found')
    expect(await dump()).toEqual(before)
  })

  it('to somebody who is gone meanwhile says who did it', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    const ada = await signedIn('ada')
    await cancel(await actNamed('bob'), 'pia')
    const answer = await ada.post(`${PIA}/resend`, { state: 'pending' })

    expect(answer.status).toBe(409)
    expect(await answer.text()).toMatch(/pia@acme\.test.*Bob Okafor/s)
  })

  it.each(['cat', 'nobody'])('to %s, who was never here, is not found', async (id) => {
    const ada = await signedIn('ada')
    const before = await dump()

    expect((await ada.post(`${USERS}/${id}/resend`, { state: 'pending' })).status).toBe(404)
    expect((await ada.post(`${USERS}/${id}/address`, { email: 'nell@acme.test' })).status).toBe(404)
    expect(await dump()).toEqual(before)
  })

  it('by a Tenant User is forbidden, and changes nothing', async () => {
    const bob = await signedIn('bob')
    const before = await dump()

    expect((await bob.post(`${PIA}/resend`)).status).toBe(403)
    expect((await bob.post(`${PIA}/address`, { email: 'nell@acme.test' })).status).toBe(403)
    expect(await dump()).toEqual(before)
  })
})

describe('fixing an address', () => {
  it('sends the invitation there, and says where it went', async () => {
    const ada = await signedIn('ada')
    const answer = await ada.post(`${PIA}/address`, { email: 'Pia.New@acme.test', state: 'pending' })

    expect([answer.status, answer.headers.get('Location'), ada.posted.length]).toEqual([303, USERS, 1])
    expect(await (await ada.get(USERS)).text()).toContain('Invitation sent to Pia.New@acme.test instead.')
    expect(await all("SELECT to_email FROM mails WHERE member_id = 'pia' ORDER BY created_at")).toEqual([
      { to_email: 'pia@acme.test' },
      { to_email: 'Pia.New@acme.test' },
    ])
  })

  it.each([
    ['pia at acme', 'That does not look like an email address.'],
    ['PIA@acme.test', 'The invitation already went to this address.'],
    ['bob@acme.test', 'Someone in this workspace already has this address.'],
  ])('to %s is refused beside the field, on the page of the member', async (email, words) => {
    const ada = await signedIn('ada')
    const before = await dump()
    const answer = await ada.post(`${PIA}/address`, { email, state: 'pending' })

    expect([answer.status, ada.posted]).toEqual([422, []])
    const html = await answer.text()
    expect(html).toContain(words)
    expect(html).toContain(`value="${email}"`)
    expect(await dump()).toEqual(before)
  })
})

describe('correcting the address of somebody with a name', () => {
  it.each([
    ['pia.new@acme.test', 'Pia Berg'],
    ['Pia Novak <pia.new@acme.test>', 'Pia Novak'],
  ])('to %s leaves them called %s', async (email, name) => {
    await run("UPDATE members SET invited_name = 'Pia Berg' WHERE id = 'pia'")
    const ada = await signedIn('ada')
    expect((await ada.post(`${PIA}/address`, { state: 'pending', email })).status).toBe(303)
    expect(await all("SELECT email, invited_name, search_form FROM members WHERE id = 'pia'")).toEqual([
      { email: 'pia.new@acme.test', invited_name: name, search_form: 1 },
    ])
  })
})
