import { describe, expect, it } from 'vitest'
import { Client } from '../../../test/client'
import { all, one, run } from '../../../test/database'
import { openInvitation } from '../../../test/opened-link'
import { assertionOf, attestationOf, hasSoftPasskey, type Misbehaviour, softPasskey } from '../../../test/passkey'

const PIA = 'pia@acme.test'

type Options = { challenge: string; user: { id: string } }

async function asked(client = new Client()) {
  const link = await openInvitation(client, PIA)
  const options = (await (await client.post(`${link.page}/passkey`, { token: link.token })).json()) as Options
  return { client, link, ...options }
}

async function create(how?: Misbehaviour, passkey = softPasskey()) {
  const { client, link, challenge, user } = await asked()
  const made = await passkey
  const answer = await client.post(`${link.page}/accept`, {
    token: link.token,
    name: 'Pia Lindqvist',
    password: '',
    response: await attestationOf(made, challenge, how),
  })
  return { answer, client, user, made }
}

const account = () => one('SELECT id, name, factors FROM users WHERE email_key = ?', PIA)

describe('a passkey on the page of an invitation', () => {
  it('makes an account without a password, shows its recovery codes, and signs in by itself', async () => {
    const { answer, client, user, made } = await create()
    const html = await answer.text()

    expect([answer.status, client.roundTrips]).toEqual([200, 2])
    expect(html).toContain('Save your recovery codes')
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
})
