import { beforeEach, describe, expect, it } from 'vitest'
import { lacksTraces } from '../../../test/access-requests'
import { Client, signedIn } from '../../../test/client'
import { all, facts, run } from '../../../test/database'
import { begin, connected, tool } from '../../../test/tool'
import { HOUR_MS } from '../../limits'

let bob: Client
let path: string

beforeEach(async () => {
  await connected()
  await lacksTraces('bob')
  bob = await signedIn('bob')
  path = (await begin(await tool())).path
})

const textOf = async (answer: Response) => (await answer.text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
const form = async () => {
  const html = await (await bob.get(path)).text()
  const value = (name: string) => html.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1]?.replaceAll('&amp;', '&') ?? ''
  return { app: value('app'), next: value('next') }
}
const requests = () => all('SELECT member_id, app_id, state FROM access_requests')

describe('somebody whom an app refuses', () => {
  it('asks with a button of the page, which says so from then on', async () => {
    const sent = await form()
    const answer = await bob.post('/oauth/ask', sent)
    expect([answer.status, bob.roundTrips]).toEqual([303, 2])
    expect(await requests()).toEqual([{ member_id: 'bob', app_id: 'traces', state: 'waiting' }])

    const next = answer.headers.get('Location') ?? ''
    expect(next).toMatch(/^\/oauth\/continue\?/)
    const led = (await bob.get(next)).headers.get('Refresh')?.replace('0; url=', '') ?? ''
    const page = await bob.get(led)
    expect(page.status).toBe(403)
    const html = await page.text()
    expect(html.replace(/<[^>]*>/g, ' ')).toMatch(/You asked\s+just now\s*\. You will get an email when an admin answers\./)
    expect(html).not.toContain('action="/oauth/ask"')
    expect(html).toContain('/oauth/cancel?')
  })

  it('is told when an admin declined, and can ask again after a day', async () => {
    await bob.post('/oauth/ask', await form())
    await run("UPDATE access_requests SET state = 'declined', asked_at = asked_at - ?", 2 * HOUR_MS)
    expect(await textOf(await bob.get(path))).toMatch(
      /You asked 2 hours ago , and an admin declined\. You can ask again in 22 hours/,
    )
    await run('UPDATE access_requests SET asked_at = asked_at - ?', 24 * HOUR_MS)
    expect(await textOf(await bob.get(path))).toMatch(/You asked 1 day ago \. Ask Ada Admin\. Ask again/)
  })

  it('goes on to the app where they have access by now, and nothing is asked', async () => {
    const sent = await form()
    await run("DELETE FROM member_sections WHERE member_id = 'bob'")
    expect((await bob.post('/oauth/ask', sent)).status).toBe(303)
    expect(await requests()).toEqual([])
    expect((await bob.get(path)).headers.get('Location')).toMatch(/^https:\/\/traces\.example\/callback\?code=/)
  })
})

describe('nobody else asks', () => {
  it('by the form of another site, for an app of elsewhere, or without a session', async () => {
    const sent = await form()
    const before = await facts()
    const foreign = { headers: { Origin: 'https://evil.test', 'Sec-Fetch-Site': 'cross-site' } }
    expect((await bob.post('/oauth/ask', sent, foreign)).status).toBe(403)
    expect((await (await signedIn('cat')).post('/oauth/ask', sent)).status).toBe(404)
    expect((await bob.post('/oauth/ask', { ...sent, app: 'nothing' })).status).toBe(404)
    expect((await new Client().post('/oauth/ask', sent)).status).toBe(401)
    const { sessions: _, visits: __, ...left } = await facts()
    const { sessions: ___, visits: ____, ...had } = before
    expect(left).toEqual(had)
  })

  it('is led away by it', async () => {
    for (const next of ['https://evil.test/', '//evil.test', '/\\evil.test'])
      expect((await bob.post('/oauth/ask', { app: 'traces', next })).headers.get('Location')).toBe('/')
  })
})
