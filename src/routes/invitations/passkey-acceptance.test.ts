import { describe, expect, it } from 'vitest'
import { actNamed, invitee } from '../../../test/cast'
import { Client, signedIn } from '../../../test/client'
import { all, linkIn, one, run } from '../../../test/database'
import { openInvitation } from '../../../test/opened-link'
import { assertionOf, attestationOf, hasSoftPasskey, type Misbehaviour, softPasskey } from '../../../test/passkey'
import { randomSecret } from '../../models/core/random'

const PIA = 'pia@acme.test'
const PHONE = 'Mozilla/5.0 (iPhone) Safari/605.1'

type Options = { challenge: string; user: { id: string } }

async function asked(client = new Client()) {
  const link = await openInvitation(client, PIA)
  const options = (await (await client.post(`${link.page}/passkey`, { token: link.token })).json()) as Options
  return { client, link, ...options }
}

async function create(how?: Misbehaviour, passkey = softPasskey()) {
  const { client, link, challenge, user } = await asked()
  const made = await passkey
  const fields = { token: link.token, name: 'Pia Lindqvist', password: '', response: await attestationOf(made, challenge, how) }
  const answer = await client.post(`${link.page}/accept`, fields, { headers: { 'User-Agent': PHONE } })
  return { answer, client, link, user, made }
}

const account = () => one('SELECT id, name, factors FROM users WHERE email_key = ?', PIA)

describe('a passkey on the page of an invitation', () => {
  it('makes an account without a password, shows its recovery codes, and signs in by itself', async () => {
    const { answer, client, link, user, made } = await create()
    const html = await answer.text()

    expect([answer.status, client.roundTrips]).toEqual([200, 2])
    expect(html).toContain('Save your recovery codes')
    expect(html).toContain(`href="/login?from=${link.page.split('/').at(-1)}"`)
    expect(await account()).toMatchObject({ name: 'Pia Lindqvist', factors: 1 })
    expect(
      await all(
        'SELECT kind, count(*) AS count FROM credentials k JOIN users u ON u.id = k.user_id WHERE u.email_key = ? GROUP BY kind',
        PIA,
      ),
    ).toEqual([
      { kind: 'passkey', count: 1 },
      { kind: 'recovery', count: 10 },
    ])
    expect(await one("SELECT name FROM credentials WHERE kind = 'passkey'")).toEqual({ name: 'Safari on iOS' })
    expect(await one("SELECT status FROM members WHERE id = 'pia'")).toEqual({ status: 'active' })

    const { challenge } = (await (await client.post('/login/passkey/options')).json()) as Options
    const { id: userId } = (await account()) as { id: string }
    expect(user.id).toBe(new TextEncoder().encode(userId).toBase64({ alphabet: 'base64url', omitPadding: true }))
    const done = await client.post('/login/passkey', { response: await assertionOf(made, challenge, { userId }) })
    expect([done.status, done.headers.get('Location')]).toEqual([303, '/w/acme/agents'])
  })

  it('made elsewhere or without verifying the person makes nothing, and keeps the name', async () => {
    for (const how of [{ origin: 'https://latchkey.example' }, { verified: false }]) {
      const { answer } = await create(how)
      const html = await answer.text()
      expect([answer.status, html.includes('The passkey was not created.'), html.includes('value="Pia Lindqvist"')]).toEqual([
        422,
        true,
        true,
      ])
    }
    expect(await account()).toBeUndefined()
  })

  it('of somebody else makes nothing', async () => {
    const bobs = await hasSoftPasskey('bob')
    await create({}, Promise.resolve(bobs))
    expect(await account()).toBeUndefined()
    expect(await one("SELECT status FROM members WHERE id = 'pia'")).toEqual({ status: 'pending' })
  })

  it('is for nobody who has an account', async () => {
    await run("INSERT INTO users (id, email, email_key, created_at) VALUES ('user-pia', ?1, ?1, 1)", PIA)
    const link = await openInvitation(new Client(), PIA)
    expect((await new Client().post(`${link.page}/passkey`, { token: link.token })).status).toBe(409)
  })

  it('is for nobody who is signed in', async () => {
    const { link, challenge } = await asked()
    const bob = await signedIn('bob')
    await bob.get(await linkIn(PIA))
    expect((await bob.post(`${link.page}/passkey`, { token: link.token })).status).toBe(409)
    const response = await attestationOf(await softPasskey(), challenge)

    expect((await bob.post(`${link.page}/accept`, { token: link.token, response })).status).toBe(409)
    expect(await account()).toBeUndefined()
  })

  it('made for another invitation makes nothing', async () => {
    await invitee(await actNamed('ada'), 'nell@acme.test')
    const { client, challenge } = await asked()
    const nells = await openInvitation(client, 'nell@acme.test')
    const response = await attestationOf(await softPasskey(), challenge)

    expect((await nells.post('/accept', { response })).status).toBe(422)
    expect(await all('SELECT id FROM users WHERE factors > 0')).toEqual([])
  })

  it('is none by a link that an admin copied, where only some domains are allowed', async () => {
    const { link, challenge, client } = await asked()
    await run("INSERT INTO allowed_domains (tenant_id, domain) VALUES ('acme', 'acme.test')")
    await run("UPDATE invitations SET copied_jti = jti, jti = ? WHERE member_id = 'pia'", randomSecret())
    const response = await attestationOf(await softPasskey(), challenge)

    expect((await client.post(`${link.page}/passkey`, { token: link.token })).status).toBe(409)
    expect((await link.post('/accept', { response })).status).toBe(409)
    expect(await account()).toBeUndefined()
  })
})
