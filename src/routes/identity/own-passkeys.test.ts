import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, one, run } from '../../../test/database'
import { asksForFactor, provedFactor, willAskForFactor } from '../../../test/factors'
import { wordsOf } from '../../../test/late'
import { attestationOf, challengeFor, hasSoftPasskey, softPasskey } from '../../../test/passkey'
import { PASSKEYS } from '../../limits'

let bob: Client
beforeEach(async () => {
  bob = await signedIn('bob')
})

const OPTIONS = '/account/passkeys/options'
const passkeys = () => all("SELECT user_id, name FROM credentials WHERE kind = 'passkey'")
const sessionOfBob = async () => (await one<{ id: string }>("SELECT id FROM sessions WHERE user_id = 'user-bob'"))?.id ?? ''

describe('the passkeys of an account', () => {
  it('are shown with when each was used last, and whether it is on one device only', async () => {
    await hasSoftPasskey('bob')
    const page = async () => wordsOf(await (await bob.get('/account')).text())
    expect(await page()).toMatch(/Phone On one device only, added just now Rename/)
    await run("UPDATE credentials SET last_used_at = ? WHERE kind = 'passkey'", Date.now() - 300_000)

    expect(await page()).toMatch(/Phone On one device only, added .*, last used 5 minutes ago/)
  })

  it('have names, of which none is empty', async () => {
    const { id } = await hasSoftPasskey('bob')
    expect(wordsOf(await (await bob.submit(`/account/passkeys/${id}/name`, { name: ' Laptop ' })).text())).toContain('Laptop')
    const refused = await bob.post(`/account/passkeys/${id}/name`, { name: ' ' })

    expect([refused.status, wordsOf(await refused.text())]).toEqual([422, expect.stringContaining('A passkey needs a name.')])
    expect(await passkeys()).toEqual([{ user_id: 'user-bob', name: 'Laptop' }])
  })
})

describe('a first passkey', () => {
  it.each([
    ['asked for now', () => asksForFactor()],
    ['asked for later', () => willAskForFactor()],
  ])('is added by an emailed link where one is %s', async (_, ask) => {
    const challenge = await challengeFor(await sessionOfBob(), 'register')
    await ask()
    expect((await bob.post(OPTIONS)).status).toBeGreaterThanOrEqual(400)
    const answer = await bob.post('/account/passkeys', { response: await attestationOf(await softPasskey(), challenge) })

    expect(answer.headers.get('Location') ?? (await answer.text())).toContain('/account/second-factor')
    expect(await passkeys()).toEqual([])
  })
})

it(`there are at most ${PASSKEYS} of one person`, async () => {
  await run(
    `INSERT INTO credentials (id, user_id, kind, secret, name, details, created_at, changed_at)
     SELECT 'key-' || value, 'user-bob', 'passkey', value, 'Key ' || value, '{"transports":[],"backedUp":0}', 1, 1 FROM json_each(?)`,
    JSON.stringify(Array.from({ length: PASSKEYS }, (_, i) => i)),
  )
  await provedFactor('bob')
  expect((await bob.post(OPTIONS)).status).toBe(409)
})
