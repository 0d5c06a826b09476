import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { dump, linkIn, one, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { pageOf } from '../../../test/links'
import { undo } from '../../../test/undo'
import { MINUTE_MS } from '../../limits'

const endsIn = (ms: number) => run("UPDATE members SET ends_at = ? WHERE id = 'bob'", Date.now() + ms)
const WORDS = 'Your membership in Acme has ended'

afterEach(() => void vi.useRealTimers())

async function bobWhoEnds() {
  await endsIn(5 * MINUTE_MS)
  return signedIn('bob')
}

const minutesLater = () => vi.useFakeTimers({ now: Date.now() + 5 * MINUTE_MS, toFake: ['Date'] })

it.each<[string, (bob: Client) => Promise<Response>]>([
  ['page', (bob) => bob.get('/w/acme/agents')],
  ['fragment', (bob) => bob.get('/w/acme/agents', { htmx: true })],
  ['form', (bob) => bob.post('/w/acme/leave')],
])('the very next %s of somebody whose membership ends meanwhile is refused, in words', async (_, ask) => {
  const bob = await bobWhoEnds()
  expect((await bob.get('/w/acme/agents')).status).toBe(200)
  minutesLater()
  const before = await dump()
  const answer = await ask(bob)
  expect([answer.status, (await answer.text()).includes(WORDS)]).toEqual([403, true])
  expect(await dump()).toEqual(before)
})

it('they stay signed in, and are told where they belong', async () => {
  const bob = await bobWhoEnds()
  minutesLater()
  expect((await bob.get('/')).headers.get('Location')).toBe('/workspaces')
  const page = await (await bob.get('/workspaces')).text()
  expect(page).toContain('<span class="badge ended">Ended</span>')
  expect(page).toContain('Your membership has ended.')
  expect(page).not.toContain('href="/w/acme"')
})

it('an outsider learns nothing of it', async () => {
  await endsIn(-1)
  expect((await (await signedIn('cat')).get('/w/acme/agents')).status).toBe(404)
})

it('an admin reads that it ended, in words, and finds them by it', async () => {
  await endsIn(-1)
  const ada = await signedIn('ada')
  const html = await (await ada.get('/w/acme/access/users?status=ended')).text()
  expect(html).toContain('id="member-bob"')
  expect(html).not.toContain('id="member-ada"')
  expect(html).toContain('<span class="badge ended">Ended</span>')
})

const BOB = '/w/acme/access/users/bob'
const from = { headers: { Referer: `${env.APP_ORIGIN}${BOB}` } }
const endOfBob = async () => (await one<{ ends_at: number | null }>("SELECT ends_at FROM members WHERE id = 'bob'"))?.ends_at

describe('the form on the page of a member', () => {
  it('sets an end, says the day in UTC, and offers to undo it', async () => {
    const ada = await signedIn('ada')
    const shown = formIn(await (await ada.get(BOB)).text(), `${BOB}/end-date`)
    expect(shown).toMatchObject({ state: 'active', until: '' })
    const answer = await ada.post(`${BOB}/end-date`, { ...shown, until: '2099-12-31' }, from)
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, BOB])
    expect(await endOfBob()).toBe(Date.UTC(2100, 0, 1))
    const html = await (await ada.get(BOB)).text()
    expect(html).toContain('The membership of Bob Okafor ends at the end of 31 Dec 2099 (UTC).')
    expect(html).toContain('value="2099-12-31"')
    expect(await undo(ada, html)).toBe(303)
    expect(await endOfBob()).toBeNull()
  })

  it('clears it', async () => {
    const ada = await signedIn('ada')
    await endsIn(MINUTE_MS)
    await ada.post(`${BOB}/end-date`, { state: 'active', until: '' }, from)
    expect(await endOfBob()).toBeNull()
    expect(await (await ada.get(BOB)).text()).toContain('Bob Okafor has no end date now.')
  })

  it('extends somebody whose membership has ended', async () => {
    const ada = await signedIn('ada')
    await endsIn(-1)
    const html = await (await ada.get(BOB)).text()
    expect(html).toContain('href="#end-date"')
    await ada.post(`${BOB}/end-date`, { ...formIn(html, `${BOB}/end-date`), until: '2099-12-31' }, from)
    expect(await (await ada.get(BOB)).text()).toContain('Bob Okafor can sign in again until the end of 31 Dec 2099 (UTC).')
  })

  it.each([
    ['2020-01-01', 'Choose today or a later day.'],
    ['tomorrow', 'Enter a day, such as 2027-03-31.'],
  ])('keeps %s, and says beside it: %s', async (until, words) => {
    const ada = await signedIn('ada')
    const before = await dump()
    const answer = await ada.post(`${BOB}/end-date`, { state: 'active', until }, from)
    const html = await answer.text()
    expect([answer.status, html.includes(words), html.includes(`value="${until}"`)]).toEqual([422, true, true])
    expect(await dump()).toEqual(before)
  })

  it('that showed them as active says what they are now', async () => {
    const ada = await signedIn('ada')
    await endsIn(-1)
    const answer = await ada.post(`${BOB}/end-date`, { state: 'active', until: '2099-12-31' }, from)
    expect([answer.status, (await answer.text()).includes('The membership of Bob Okafor ended at')]).toEqual([409, true])
  })

  it('is not there for an admin, who is made a user first', async () => {
    const ada = await signedIn('ada')
    expect(await (await ada.get('/w/acme/access/users/ada')).text()).not.toContain('/end-date"')
    const answer = await ada.post('/w/acme/access/users/ada/end-date', { until: '2099-12-31' })
    expect([answer.status, (await answer.text()).includes('A Tenant Admin cannot have an end date')]).toEqual([409, true])
  })
})

it('whoever has an end is not made an admin, and it says what to do first', async () => {
  await endsIn(MINUTE_MS)
  const answer = await (await signedIn('ada')).post(`${BOB}/role`, { role: 'admin' }, from)
  expect([answer.status, (await answer.text()).includes('Clear the end date on their page first.')]).toEqual([409, true])
})

it('an invitation with a last day is shown with it, and sent with it', async () => {
  const ada = await signedIn('ada')
  const fields = { email: 'nell@acme.test', role: 'user', until: '2099-12-31' }
  expect((await ada.post('/w/acme/access/invitations', { ...fields, until: '2020-01-01' })).status).toBe(422)
  expect((await ada.post('/w/acme/access/invitations', { ...fields, until: 'soon' })).status).toBe(422)
  expect((await ada.post('/w/acme/access/invitations', fields)).status).toBe(303)
  expect(await one("SELECT ends_at FROM members WHERE email = 'nell@acme.test'")).toEqual({ ends_at: Date.UTC(2100, 0, 1) })

  const { page } = await pageOf('nell@acme.test')
  const client = new Client()
  await client.get(await linkIn('nell@acme.test'))
  expect(await (await client.get(page)).text()).toContain('Until the end of 31 Dec 2099 (UTC).')
  await run("UPDATE members SET ends_at = 2 WHERE email = 'nell@acme.test'")
  const spent = await client.get(page)
  expect([spent.status, (await spent.text()).includes('limited to a date that has passed')]).toEqual([410, true])
})
