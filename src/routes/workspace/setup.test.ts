import { beforeEach, describe, expect, it } from 'vitest'
import { Client } from '../../../test/client'
import { all, dump, run } from '../../../test/database'
import { call, callerOf, fieldsOf, NEW_PASSWORD } from '../../../test/routes'
import { allowSetup, SETUP_TOKEN } from '../../../test/setup-token'
import { startEmpty } from '../../../test/world'

const LINK = `/setup?token=${SETUP_TOKEN}`

beforeEach(startEmpty)

const opened = async (token = SETUP_TOKEN) => {
  const client = new Client()
  await client.get(`/setup?token=${token}`)
  return client
}

describe('a set-up link', () => {
  it('moves its token into a cookie and leads to a clean URL, without a look at the database', async () => {
    await allowSetup()
    const client = new Client()
    const answer = await client.get(LINK)

    expect([answer.status, answer.headers.get('Location'), client.roundTrips]).toEqual([303, '/setup', 0])
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie.split('; ').toSorted()).toEqual(
      [`__Host-setup=${SETUP_TOKEN}`, 'HttpOnly', 'Max-Age=3600', 'Path=/', 'SameSite=Lax', 'Secure'].toSorted(),
    )
    expect(await (await client.get('/setup')).text()).toContain('Create workspace')
  })

  it('leads into the workspace: the password was chosen a moment ago, and is not asked for again', async () => {
    const client = await callerOf('POST /setup')
    const answer = await call(client, 'POST /setup')

    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/w/initech/agents'])
    const page = await (await client.get('/w/initech/agents')).text()
    expect(page).toContain('Your workspace is ready.')
    expect((await client.get('/w/initech/access/users')).status).toBe(200)
    expect(await (await client.get('/w/initech/access/activity?kind=all')).text()).toMatch(/Signed in.*Workspace created/s)

    const again = await new Client().post('/login', { email: 'fay@initech.test', password: NEW_PASSWORD })
    expect(again.headers.get('Location')).toBe('/w/initech/agents')
  })

  it('leads to what is to be done first, which is gone once somebody is invited', async () => {
    const client = await callerOf('POST /setup')
    await call(client, 'POST /setup')
    const done = async () =>
      (await (await client.get('/w/initech/agents')).text()).match(/<li class="done">.*?<a [^>]*>([^<]+)/gs) ?? []
    expect(await (await client.get('/w/initech/agents')).text()).toContain('Get started')
    expect(await done()).toEqual([])
    await client.post('/w/initech/access/mail/test')
    await client.post('/w/initech/access/permissions/defaults', { section: 'logs', access: 'off' })
    await client.post('/w/initech/agents', { name: 'Scout', live: 'on' })
    expect(await done()).toHaveLength(3)

    await client.post('/w/initech/access/invitations', { email: 'sam@initech.test', role: 'user' })
    expect(await (await client.get('/w/initech/agents')).text()).not.toContain('Get started')
  })

  it('has set its section defaults once its admin keeps them as they are, in whichever browser', async () => {
    const client = await callerOf('POST /setup')
    await call(client, 'POST /setup')
    const matrix = async () => (await client.get('/w/initech/access/permissions')).text()
    const agents = async () => (await client.get('/w/initech/agents')).text()
    expect(await matrix()).toContain('Keep these defaults')
    expect(await agents()).not.toContain('<li class="done">')

    const kept = await client.post('/w/initech/access/permissions/defaults/keep')
    expect([kept.status, kept.headers.get('Location')]).toEqual([303, '/w/initech/access/permissions'])
    const after = await matrix()
    expect(after).toContain('Section defaults kept.')
    expect(after).not.toContain('Keep these defaults')
    expect(await agents()).toMatch(/<li class="done">(?:(?!<li).)*Set section defaults/s)
    expect(await all('SELECT DISTINCT access FROM section_defaults')).toEqual([{ access: 'on' }])
  })

  it('keeps a default that was set meanwhile', async () => {
    const client = await callerOf('POST /setup')
    await call(client, 'POST /setup')
    await client.post('/w/initech/access/permissions/defaults', { section: 'logs', access: 'off' })
    await client.post('/w/initech/access/permissions/defaults/keep')
    expect(await all("SELECT section FROM section_defaults WHERE access = 'off'")).toEqual([{ section: 'logs' }])
  })

  it('refuses a draft with the reasons and keeps it, but for the password', async () => {
    const client = await callerOf('POST /setup')
    const before = await dump()
    const answer = await client.post('/setup', {
      ...(await fieldsOf('POST /setup')),
      email: 'fay@',
      password: 'fay founder initech',
    })

    expect(answer.status).toBe(422)
    const page = await answer.text()
    for (const words of [
      'value="Initech"',
      'value="Fay Founder"',
      'value="fay@"',
      'does not look like',
      'Do not base it on your name',
    ])
      expect(page).toContain(words)
    expect(page).not.toContain('fay founder initech')
    expect(await dump()).toEqual(before)
  })
})

describe('nobody sets anything up', () => {
  const REFUSED: Record<string, () => Promise<Client>> = {
    'without a link': async () => new Client(),
    'with a link of nobody': () => opened('x'.repeat(43)),
    'with a link that has expired': async () => {
      await run('UPDATE setup_tokens SET expires_at = ?', Date.now())
      return opened()
    },
    'once somebody was first': async () => {
      const first = await opened()
      expect((await first.post('/setup', await fieldsOf('POST /setup'))).status).toBe(303)
      await allowSetup()
      return opened()
    },
  }

  it('and every one of them is answered alike, with nothing changed', async () => {
    const answers = new Set<string>()
    for (const [who, come] of Object.entries(REFUSED)) {
      await startEmpty()
      await allowSetup()
      const client = await come()
      const before = await dump()
      for (const answer of [await client.get('/setup'), await client.post('/setup', await fieldsOf('POST /setup'))]) {
        expect(answer.status, who).toBe(410)
        answers.add(await answer.text())
      }
      expect(await dump(), who).toEqual(before)
    }
    expect(answers.size).toBe(1)
  })

  it.each(['', 'nonsense', `${SETUP_TOKEN}%0d%0aX: y`, 'a.b.c'])('with %j for a token, and no cookie is kept', async (token) => {
    const client = new Client()
    const answer = await client.get(`/setup?token=${token}`)

    expect([answer.status, client.cookies.size, client.roundTrips]).toEqual([410, 0, 0])
    expect(await all('SELECT * FROM setup_tokens')).toEqual([])
  })
})

describe('the sign-in page', () => {
  const page = async () => (await new Client().get('/login')).text()

  it('says what to do where there is no workspace yet, and holds nothing that helps to do it', async () => {
    await startEmpty()
    await allowSetup()
    const html = await page()
    expect(html).toContain('No one can sign in yet: there is no workspace.')
    expect(html).not.toContain('/setup')
    expect(html).not.toContain(SETUP_TOKEN)
  })

  it('says nothing of it once there is one, though nobody may enter it', async () => {
    await run("INSERT INTO tenants (id, name, created_at, suspended_at) VALUES ('old', 'Old', 1, 1)")
    expect(await page()).not.toContain('No one can sign in yet')
  })
})
