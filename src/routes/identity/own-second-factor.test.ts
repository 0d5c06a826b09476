import { describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all } from '../../../test/database'
import { alsoInGlobex, asksForFactor, hasPasskey, WEEK_MS, willAskForFactor } from '../../../test/factors'
import { wordsOf } from '../../../test/late'
import { dayOf } from '../../../views/components/when'

const PAGE = '/account/second-factor'
const read = async (client: Client, path = PAGE) => wordsOf(await (await client.get(path)).text())

describe('where a workspace asks for a second factor, its page', () => {
  it('says which one asks, and what is open meanwhile', async () => {
    await alsoInGlobex()
    await asksForFactor('globex')
    const bob = await signedIn('bob')
    const page = await (await bob.get(PAGE)).text()

    expect(wordsOf(page)).toContain('You need a second factor to open Globex')
    expect(page).toContain('href="/w/acme"')
    expect(page).not.toContain('href="/w/globex"')
    expect(page).not.toContain('href="/account"')
  })

  it('says from when on, and leads back, while there are days left', async () => {
    await willAskForFactor()
    const bob = await signedIn('bob')
    const now = Date.now()

    expect(await read(bob)).toContain(`From ${dayOf(now + WEEK_MS, now)}, you need a second factor to open Acme`)
    expect(await (await bob.get(`${PAGE}?next=%2Fw%2Facme%2Fagents`)).text()).toContain('href="/w/acme/agents"')
    expect(await (await bob.get(`${PAGE}?next=https%3A%2F%2Fevil.test`)).text()).not.toContain('evil.test')
  })

  it('leads whoever has one to where they prove it, and whoever is asked for none to their account', async () => {
    const bob = await signedIn('bob')
    const leads = async () => (await bob.get(`${PAGE}?next=%2Fworkspaces`)).headers.get('Location')
    expect(await leads()).toBe('/account')
    await asksForFactor('acme', { policy: 'admins' })
    expect(await leads()).toBe('/account')
    await asksForFactor()
    await hasPasskey('bob')
    expect(await leads()).toBe('/confirm?next=%2Fworkspaces')
  })
})

describe('the link to set one up', () => {
  const links = () => all<{ user_id: string; state: string }>('SELECT user_id, state FROM factor_links ORDER BY created_at')
  const ask = (client: Client) => client.submit(`${PAGE}/link`)

  it('is emailed to the person, the newest only', async () => {
    await asksForFactor()
    const bob = await signedIn('bob')

    expect(wordsOf(await (await ask(bob)).text())).toContain('We emailed a link to bob@acme.test')
    await ask(bob)
    expect(bob.posted).toHaveLength(2)
    expect((await links()).map(({ state }) => state).toSorted()).toEqual(['open', 'superseded'])
    expect(await all("SELECT DISTINCT to_key FROM mails WHERE kind = 'factor_link'")).toEqual([{ to_key: 'bob@acme.test' }])
  })

  it('is emailed three times an hour, together with what Forgot Password emails', async () => {
    await asksForFactor()
    const bob = await signedIn('bob')
    for (let i = 0; i < 3; i++) expect((await ask(bob)).status).toBe(200)
    const refused = await bob.post(`${PAGE}/link`)

    expect([refused.status, refused.headers.has('Retry-After')]).toEqual([429, true])
    expect(wordsOf(await refused.text())).toContain('We emailed you three links within an hour.')
    expect(await links()).toHaveLength(3)
  })

  it('is emailed to nobody who has one, or is asked for none', async () => {
    const bob = await signedIn('bob')
    expect((await bob.post(`${PAGE}/link`)).headers.get('Location')).toBe('/account')
    await asksForFactor()
    await hasPasskey('bob')
    expect((await bob.post(`${PAGE}/link`)).headers.get('Location')).toBe('/confirm')
    expect(await links()).toEqual([])
  })
})
