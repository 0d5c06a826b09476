import { afterEach, expect, it, vi } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { dump, run } from '../../../test/database'
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
